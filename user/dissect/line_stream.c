// SPDX-License-Identifier: BSD-2-Clause
/*
 * FTP, SMTP, POP3 and IMAP, as far as clients say who they are: lines of text.
 * Which of them it is is told by the words that both sides use.  Lines that may
 * be FTP's are also said one by one, for what they announce (ftp_stream.h).
 */
#include <string.h>
#include "dissect/credential.h"
#include "dissect/ftp_stream.h"
#include "dissect/text_line.h"

#define LINE_MAX_BYTES FTP_LINE_MAX /* longer ones are no command */
#define POP3_PORT 110

enum expected {
	EXPECT_COMMAND,
	EXPECT_PLAIN,          /* the client goes on with what AUTH PLAIN has */
	EXPECT_USER,           /* AUTH LOGIN, in Base64 */
	EXPECT_SECRET,         /* likewise */
	EXPECT_LITERAL_USER,   /* of IMAP's LOGIN; so many octets begin the line */
	EXPECT_LITERAL_SECRET, /* likewise */
	EXPECT_MAIL,           /* until a line with a dot alone */
	EXPECT_ANSWERED,       /* a mail's end was not seen, but the server's answer to it */
	EXPECT_TLS,            /* if the server agrees */
};

struct line_stream {
	const char *protocol; /* NULL: not yet known */
	enum expected expected;
	bool skipping[2]; /* the rest of a line that is too long */
	size_t literal;   /* octets of the literal that is expected */
	bool has_user;
	struct credential_text user;
	struct item_place user_at;
};

static bool is_server_line(struct cursor said)
{
	/* 331: the name is known, and the capture begins between it and the secret (RFC 959, 5.4).
	 */
	return text_line_begins(said, "220 ") || text_line_begins(said, "220-") ||
	       text_line_begins(said, "331 ") || text_line_begins(said, "+OK") ||
	       text_line_begins(said, "* OK") || text_line_begins(said, "* PREAUTH");
}

static bool is_client_line(struct cursor said)
{
	return text_line_begins(said, "USER ") || text_line_begins(said, "EHLO ") ||
	       text_line_begins(said, "HELO ") || text_line_begins(said, "APOP ");
}

static enum dissector_claim claim(const struct dissector_begin *begin)
{
	for (unsigned side = 0; side < 2; side++)
		if (is_server_line(begin->said[side]) || is_client_line(begin->said[side]))
			return CLAIM_YES;
	return ftp_claim(begin);
}

static const char *protocol_of(const struct line_stream *stream, const struct dissector_call *call)
{
	const struct skua_flow_key *key = &call->place.key;

	if (stream->protocol)
		return stream->protocol;
	return key->low_port == POP3_PORT || key->high_port == POP3_PORT ? "POP3" : "FTP";
}

static void say_credential(struct line_stream *stream, struct dissector_call *call,
			   const char *method, struct cursor user, struct cursor secret)
{
	const struct credential credential = { protocol_of(stream, call), method, user, secret };

	dissector_say(call, ITEM_CREDENTIAL, &credential);
}

/* A name for which no secret came. */
static void say_user_alone(struct line_stream *stream, struct dissector_call *call)
{
	const struct credential credential = { .protocol = protocol_of(stream, call),
					       .method = "USER",
					       .user = credential_kept(&stream->user) };
	const struct item item = { ITEM_CREDENTIAL, &stream->user_at, &credential };

	if (stream->has_user)
		call->say(call->arg, &item);
	stream->has_user = false;
}

static void say_secret(struct line_stream *stream, struct dissector_call *call, const char *method,
		       struct cursor secret)
{
	struct cursor user = { 0 };

	if (stream->has_user)
		user = credential_kept(&stream->user);
	stream->has_user = false;
	say_credential(stream, call, method, user, secret);
}

static void keep_user(struct line_stream *stream, struct dissector_call *call, struct cursor user)
{
	say_user_alone(stream, call);
	credential_keep(&stream->user, user);
	stream->user_at = call->place;
	stream->has_user = true;
}

static void read_plain(struct line_stream *stream, struct dissector_call *call, struct cursor text)
{
	struct credential credential;
	struct credential_text room;

	stream->expected = EXPECT_COMMAND;
	if (credential_plain(text, &room, &credential))
		say_credential(stream, call, "AUTH PLAIN", credential.user, credential.secret);
}

static void read_login(struct line_stream *stream, struct dissector_call *call, struct cursor text)
{
	bool is_user = stream->expected == EXPECT_USER;
	struct credential_text room;

	stream->expected = EXPECT_COMMAND;
	if (!credential_decode(text, &room))
		return;
	if (is_user) {
		keep_user(stream, call, credential_kept(&room));
		stream->expected = EXPECT_SECRET;
	} else {
		say_secret(stream, call, "AUTH LOGIN", credential_kept(&room));
	}
}

/* Behind AUTH or AUTHENTICATE; what it needs may come in the next line. */
static void read_auth(struct line_stream *stream, struct dissector_call *call, struct cursor line)
{
	struct cursor how = text_line_word(&line), text = text_line_word(&line);

	if (text_line_is(how, "TLS") || text_line_is(how, "SSL")) {
		stream->expected = EXPECT_TLS;
	} else if (text_line_is(how, "PLAIN")) {
		stream->expected = EXPECT_PLAIN;
		if (text.left)
			read_plain(stream, call, text);
	} else if (text_line_is(how, "LOGIN")) {
		stream->expected = EXPECT_USER;
		if (text.left)
			read_login(stream, call, text);
	}
}

/* "{12}" or "{12+}": so many octets follow behind the end of the line (RFC 3501, 4.3; RFC 7888). */
static bool ends_with_literal(struct cursor word, struct cursor rest, size_t *octets)
{
	size_t at = 1, count = 0;

	/* One in quotes is a word like any other. */
	if (rest.left || word.at + word.left != rest.at)
		return false;
	if (word.left < 3 || word.at[0] != '{' || word.at[word.left - 1] != '}')
		return false;
	for (; at < word.left - 1 && word.at[at] >= '0' && word.at[at] <= '9'; at++)
		if (count <= LINE_MAX_BYTES)
			count = 10 * count + (word.at[at] - '0');
	at += word.at[at] == '+';
	*octets = count;
	return at == word.left - 1;
}

/* What stands behind the user's name. */
static void read_login_secret(struct line_stream *stream, struct dissector_call *call,
			      struct cursor line)
{
	struct cursor secret = text_line_word(&line);

	stream->expected = EXPECT_COMMAND;
	if (ends_with_literal(secret, line, &stream->literal))
		stream->expected = EXPECT_LITERAL_SECRET;
	else
		say_secret(stream, call, "LOGIN", secret);
}

static void read_literal(struct line_stream *stream, struct dissector_call *call,
			 struct cursor line)
{
	bool is_user = stream->expected == EXPECT_LITERAL_USER;
	struct cursor text;

	stream->expected = EXPECT_COMMAND;
	/* One that has line ends is no name that people use. */
	if (!cursor_take(&line, stream->literal, &text))
		return;
	if (is_user) {
		keep_user(stream, call, text);
		read_login_secret(stream, call, line);
	} else {
		say_secret(stream, call, "LOGIN", text);
	}
}

/* "tag LOGIN user secret" and "tag AUTHENTICATE PLAIN" (RFC 3501, 6.2). */
static void read_tagged(struct line_stream *stream, struct dissector_call *call, struct cursor line)
{
	struct cursor word = text_line_word(&line), user;

	if (text_line_is(word, "LOGIN")) {
		stream->protocol = "IMAP";
		user = text_line_word(&line);
		if (ends_with_literal(user, line, &stream->literal)) {
			stream->expected = EXPECT_LITERAL_USER;
			return;
		}
		keep_user(stream, call, user);
		read_login_secret(stream, call, line);
	} else if (text_line_is(word, "AUTHENTICATE")) {
		stream->protocol = "IMAP";
		read_auth(stream, call, line);
	} else if (text_line_is(word, "STARTTLS")) {
		stream->expected = EXPECT_TLS;
	}
}

/* All behind one blank: a secret may have blanks, too. */
static struct cursor rest_of(struct cursor line)
{
	struct cursor blank;

	if (line.left)
		cursor_take(&line, 1, &blank);
	return line;
}

static void read_command(struct line_stream *stream, struct dissector_call *call,
			 struct cursor line)
{
	struct cursor rest = line, word = text_line_word(&rest), user;

	if (text_line_is(word, "USER")) {
		keep_user(stream, call, rest_of(rest));
	} else if (text_line_is(word, "PASS")) {
		say_secret(stream, call, "PASS", rest_of(rest));
	} else if (text_line_is(word, "APOP")) {
		stream->protocol = "POP3";
		user = text_line_word(&rest);
		say_credential(stream, call, "APOP", user, text_line_word(&rest));
	} else if (text_line_is(word, "AUTH")) {
		read_auth(stream, call, rest);
	} else if (text_line_is(word, "EHLO") || text_line_is(word, "HELO")) {
		stream->protocol = "SMTP";
	} else if (text_line_is(word, "STARTTLS") || text_line_is(word, "STLS")) {
		stream->expected = EXPECT_TLS;
	} else {
		read_tagged(stream, call, rest);
	}
}

static void read_client(struct line_stream *stream, struct dissector_call *call, struct cursor line)
{
	switch (stream->expected) {
	case EXPECT_MAIL:
		if (text_line_is(line, "."))
			stream->expected = EXPECT_COMMAND;
		break;
	case EXPECT_PLAIN:
		read_plain(stream, call, line);
		break;
	case EXPECT_USER:
	case EXPECT_SECRET:
		read_login(stream, call, line);
		break;
	case EXPECT_LITERAL_USER:
	case EXPECT_LITERAL_SECRET:
		read_literal(stream, call, line);
		break;
	default:
		stream->expected = EXPECT_COMMAND;
		read_command(stream, call, line);
	}
}

/* By its first line; NULL: any. */
static const char *protocol_of_server(struct cursor line)
{
	struct ftp_line reply;

	if (ftp_line_parse(&reply, &line, false))
		return "FTP"; /* or SMTP, which the client's EHLO tells */
	if (text_line_begins(line, "+OK") || text_line_begins(line, "-ERR"))
		return "POP3";
	return text_line_begins(line, "* ") ? "IMAP" : NULL;
}

static void read_server(struct line_stream *stream, struct dissector_call *call, struct cursor line)
{
	struct cursor rest = line;

	if (!stream->protocol)
		stream->protocol = protocol_of_server(line);
	/* The mail is answered: its end may be among what the capture lacks. */
	if (stream->expected == EXPECT_MAIL && line.left && memchr("245", line.at[0], 3))
		stream->expected = EXPECT_ANSWERED;
	if (text_line_begins(line, "354"))
		stream->expected = EXPECT_MAIL;
	if (stream->expected != EXPECT_TLS)
		return;
	text_line_word(&rest);
	call->restart = text_line_begins(line, "2") || text_line_begins(line, "+OK") ||
			text_line_is(text_line_word(&rest), "OK");
	if (!text_line_begins(line, "* ")) /* which answers nothing */
		stream->expected = EXPECT_COMMAND;
}

static void read_line(struct line_stream *stream, struct dissector_call *call, struct cursor line)
{
	if (line.left && line.at[line.left - 1] == '\r')
		line.left--;
	if (call->place.sender == call->place.client)
		read_client(stream, call, line);
	else
		read_server(stream, call, line);
	if (!strcmp(protocol_of(stream, call), "FTP"))
		ftp_understand(call, &line);
}

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct line_stream *stream = state;
	bool *skipping = &stream->skipping[call->place.sender];
	const uint8_t *end = memchr(bytes, '\n', length);
	struct cursor line = { bytes, end ? (size_t)(end - bytes) : length };

	if (!end && !call->last) {
		*skipping |= length > LINE_MAX_BYTES;
		return *skipping ? length : 0;
	}
	if (!*skipping && line.left <= LINE_MAX_BYTES)
		read_line(stream, call, line);
	*skipping = false;
	return end ? (size_t)(end + 1 - bytes) : length;
}

/*
 * What follows is the rest of a line, or of several: nothing is known until the
 * next one begins, and a secret may belong to a name that is not there.
 */
static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	struct line_stream *stream = state;

	(void)bytes;
	stream->skipping[call->place.sender] = true;
	if (call->place.sender != call->place.client)
		return;
	say_user_alone(stream, call);
	/* A loss that shows behind the answer was before it, and so may be what comes now. */
	if (stream->expected == EXPECT_ANSWERED)
		stream->expected = EXPECT_MAIL;
	else if (stream->expected != EXPECT_MAIL)
		stream->expected = EXPECT_COMMAND;
}

static void end(void *state, struct dissector_call *call)
{
	say_user_alone(state, call);
}

const struct dissector line_dissector = {
	.name = "lines",
	.state_size = sizeof(struct line_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
	.end = end,
};
