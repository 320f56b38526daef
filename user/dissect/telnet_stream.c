// SPDX-License-Identifier: BSD-2-Clause
/*
 * Telnet (RFC 854), as far as somebody logs in: what the client types behind a
 * prompt of the server that asks for a name or a password.
 */
#include <string.h>
#include <strings.h>
#include "dissect/credential.h"
#include "dissect/dissector.h"

#define PROMPT 16 /* last bytes that the server said, without blanks */

enum { IAC = 255, WILL = 251, DONT = 254, SUBNEGOTIATION = 250, SUBNEGOTIATION_END = 240 };
enum phase { PHASE_TEXT, PHASE_COMMAND, PHASE_OPTION, PHASE_SUB, PHASE_SUB_COMMAND };
enum asked { ASKED_NOTHING, ASKED_NAME, ASKED_SECRET };

struct telnet_stream {
	enum phase phase[2];
	enum asked asked;
	char prompt[PROMPT + 1];
	bool has_user;
	struct credential_text user, typed;
};

/* Whether the byte is text; else it was part of a command. */
static bool is_text(enum phase *phase, uint8_t byte)
{
	switch (*phase) {
	case PHASE_TEXT:
		if (byte == IAC)
			*phase = PHASE_COMMAND;
		return byte != IAC;
	case PHASE_COMMAND:
		*phase = byte == SUBNEGOTIATION         ? PHASE_SUB
			 : byte >= WILL && byte <= DONT ? PHASE_OPTION
							: PHASE_TEXT;
		break;
	case PHASE_OPTION:
		*phase = PHASE_TEXT;
		break;
	case PHASE_SUB:
		if (byte == IAC)
			*phase = PHASE_SUB_COMMAND;
		break;
	case PHASE_SUB_COMMAND:
		*phase = byte == SUBNEGOTIATION_END ? PHASE_TEXT : PHASE_SUB;
		break;
	}
	return false;
}

static bool ends(const char *text, const char *word)
{
	size_t have = strlen(text), length = strlen(word);

	return have >= length && !strcasecmp(text + have - length, word);
}

static void read_server(struct telnet_stream *stream, uint8_t byte)
{
	size_t have = strlen(stream->prompt);

	if (byte <= ' ')
		return;
	if (have == PROMPT)
		memmove(stream->prompt, stream->prompt + 1, have--);
	stream->prompt[have] = (char)byte;
	stream->prompt[have + 1] = '\0';
	if (byte != ':')
		return;
	if (ends(stream->prompt, "lastlogin:")) /* greets who is in */
		return;
	if (ends(stream->prompt, "login:") || ends(stream->prompt, "username:") ||
	    ends(stream->prompt, "user:"))
		stream->asked = ASKED_NAME;
	else if (ends(stream->prompt, "password:") || ends(stream->prompt, "passcode:"))
		stream->asked = ASKED_SECRET;
	else
		return;
	stream->typed.length = 0;
}

/* Without negotiation: the server's first words end with a prompt (RFC 854 demands no options). */
static bool asks(struct cursor said)
{
	struct telnet_stream stream = { 0 };
	size_t skip = said.left > 4 * PROMPT ? said.left - 4 * PROMPT : 0, have;

	for (size_t i = skip; i < said.left; i++)
		read_server(&stream, said.at[i]);
	have = strlen(stream.prompt);
	return stream.asked && have && stream.prompt[have - 1] == ':';
}

static enum dissector_claim claim(const struct dissector_begin *begin)
{
	enum dissector_claim best = CLAIM_NO;

	if (!begin->said[begin->client].left && asks(begin->said[skua_other(begin->client)]))
		return CLAIM_YES;
	for (unsigned side = 0; side < 2; side++) {
		const struct cursor *said = &begin->said[side];

		if (!said->left || said->at[0] != IAC)
			continue;
		if (said->left < 3)
			best = CLAIM_UNSURE;
		else if (said->at[1] >= WILL && said->at[1] <= DONT && said->at[2] < 64)
			return CLAIM_YES;
	}
	return best;
}

static void end_line(struct telnet_stream *stream, struct dissector_call *call)
{
	struct credential credential = { .protocol = "Telnet", .method = "login" };

	if (stream->asked == ASKED_NAME) {
		credential_keep(&stream->user, credential_kept(&stream->typed));
		stream->has_user = true;
	} else if (stream->asked == ASKED_SECRET) {
		if (stream->has_user)
			credential.user = credential_kept(&stream->user);
		credential.secret = credential_kept(&stream->typed);
		stream->has_user = false;
		dissector_say(call, ITEM_CREDENTIAL, &credential);
	}
	stream->asked = ASKED_NOTHING;
	stream->typed.length = 0;
}

static void read_client(struct telnet_stream *stream, struct dissector_call *call, uint8_t byte)
{
	struct credential_text *typed = &stream->typed;

	if (!stream->asked)
		return;
	if (byte == '\r' || byte == '\n')
		end_line(stream, call);
	else if (byte == '\b' || byte == 127)
		typed->length -= !!typed->length;
	else if (byte && typed->length < CREDENTIAL_MAX)
		typed->bytes[typed->length++] = byte;
}

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct telnet_stream *stream = state;
	unsigned side = call->place.sender;

	for (size_t i = 0; i < length; i++) {
		if (!is_text(&stream->phase[side], bytes[i]))
			continue;
		if (side == call->place.client)
			read_client(stream, call, bytes[i]);
		else
			read_server(stream, bytes[i]);
	}
	return length;
}

static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	struct telnet_stream *stream = state;

	(void)bytes;
	stream->phase[call->place.sender] = PHASE_TEXT;
	stream->asked = ASKED_NOTHING;
}

const struct dissector telnet_dissector = {
	.name = "telnet",
	.state_size = sizeof(struct telnet_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
};
