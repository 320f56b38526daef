// SPDX-License-Identifier: BSD-2-Clause
/* FTP's control connection: how it looks, and what its lines announce. */
#include <string.h>
#include "dissect/ftp_stream.h"

#define FTP_PORT 21

/* Commands that no other protocol of lines has; USER and PASS are POP3's too. */
static const char *const own_words[] = {
	"SYST", "FEAT", "PASV", "EPSV", "PORT", "EPRT", "RETR", "STOR", "TYPE", "CWD",
	"PWD",  "XPWD", "ACCT", "ALLO", "APPE", "STOU", "NLST", "MDTM", "REIN", "CLNT",
};

static bool first_line(const struct cursor *said, struct cursor *line)
{
	const uint8_t *end = said->left ? memchr(said->at, '\n', said->left) : NULL;

	if (!end)
		return false;
	*line = (struct cursor){ said->at, end - said->at };
	if (line->left && line->at[line->left - 1] == '\r')
		line->left--;
	return true;
}

/* RETR with a number is POP3's, which says "+OK". */
static bool is_own(const struct ftp_line *line)
{
	for (unsigned i = 0; i < sizeof(own_words) / sizeof(own_words[0]); i++) {
		if (ftp_line_is(line, own_words[i]))
			return true;
	}
	return false;
}

static bool may_be_reply(const struct cursor *said)
{
	size_t length = said->left < 3 ? said->left : 3;

	for (size_t i = 0; i < length; i++) {
		if (said->at[i] < '0' || said->at[i] > '9')
			return false;
	}
	return true;
}

enum dissector_claim ftp_claim(const struct dissector_begin *begin)
{
	const struct cursor *client = &begin->said[begin->client];
	const struct cursor *server = &begin->said[skua_other(begin->client)];
	bool port = begin->key->low_port == FTP_PORT || begin->key->high_port == FTP_PORT;
	struct ftp_line reply = { 0 }, command;
	struct cursor line;

	if (!may_be_reply(server))
		return CLAIM_NO;
	if (first_line(server, &line) && !ftp_line_parse(&reply, &line, false))
		return CLAIM_NO;
	if (!client->left)
		return port && reply.code ? CLAIM_YES : reply.code == 220 ? CLAIM_UNSURE : CLAIM_NO;
	if (!first_line(client, &line))
		return client->left < 64 && (port || reply.code) ? CLAIM_UNSURE : CLAIM_NO;
	if (!ftp_line_parse(&command, &line, true))
		return CLAIM_NO;
	if (reply.code || port)
		return is_own(&command) || ftp_line_is(&command, "USER") ||
				       ftp_line_is(&command, "PASS") ||
				       ftp_line_is(&command, "AUTH") ||
				       ftp_line_is(&command, "OPTS") || port
			       ? CLAIM_YES
			       : CLAIM_NO;
	return ftp_line_is(&command, "USER") || is_own(&command) ? CLAIM_UNSURE : CLAIM_NO;
}

void ftp_understand(struct dissector_call *call, const struct cursor *line)
{
	struct ftp_line parsed;
	uint16_t port;

	if (!ftp_line_parse(&parsed, line, call->place.sender == call->place.client))
		return;
	if (ftp_line_port(&parsed, &port) && call->expect)
		call->expect(call, port);
	dissector_say(call, ITEM_FTP, &parsed);
	if (parsed.code == 234)
		call->restart = true;
}
