// SPDX-License-Identifier: BSD-2-Clause
/*
 * The messages of an HTTP/1 connection, one behind the other on each side, with
 * their bodies (RFC 9112, 6.3).  A response belongs to the oldest request that
 * has none.  After a loss each side goes on where a head begins again.
 */
#include <string.h>
#include "dissect/dissector.h"
#include "dissect/http_message.h"

#define BEGIN_MIN 5  /* bytes that look like a head's: worth waiting for the rest of its line */
#define PIPELINE 32  /* requests that wait for their response: nobody sends more */
#define SIZE_BITS 60 /* of a chunk: far beyond any that there is */

enum body_form {
	BODY_NONE,
	BODY_LENGTH, /* so many bytes */
	BODY_CHUNKED,
	BODY_TO_END,  /* of the connection */
	BODY_UNKNOWN, /* something was lost: until a head begins */
};

enum chunk_part { CHUNK_SIZE, CHUNK_BYTES, CHUNK_END, CHUNK_TRAILER };

struct http_side {
	enum body_form form;
	enum chunk_part chunk;
	uint64_t left;   /* bytes of the body, or of the chunk */
	uint64_t lost;   /* of this body */
	uint64_t number; /* of its message */
	bool open;       /* a body was begun and not yet ended */
};

struct http_stream {
	struct http_side sides[2];
	uint64_t requests;          /* so far */
	uint64_t waiting[PIPELINE]; /* numbers of those without a response */
	bool no_body[PIPELINE];     /* HEAD */
	bool connects[PIPELINE];
	unsigned waiting_count;
};

static enum dissector_claim claim(const struct dissector_begin *begin)
{
	enum dissector_claim best = CLAIM_NO;

	for (unsigned side = 0; side < 2; side++) {
		const struct cursor *said = &begin->said[side];

		if (!said->left)
			continue;
		switch (http_message_begins(said->at, said->left)) {
		case DISSECT_DONE:
			return CLAIM_YES;
		case DISSECT_NEED_MORE:
			best = CLAIM_UNSURE;
			break;
		case DISSECT_NOT:
			break;
		}
	}
	return best;
}

static void say_body(struct dissector_call *call, const struct http_side *side, enum item_kind kind,
		     const uint8_t *bytes, size_t length, bool whole)
{
	const struct http_body body = {
		.number = side->number,
		.response = call->place.sender != call->place.client,
		.bytes = bytes,
		.length = length,
		.lost = side->lost,
		.whole = whole && !side->lost,
	};

	dissector_say(call, kind, &body);
}

static void end_body(struct dissector_call *call, struct http_side *side, bool whole)
{
	if (side->open)
		say_body(call, side, ITEM_HTTP_END, NULL, 0, whole);
	side->open = false;
	side->form = BODY_NONE;
}

/* "chunked" is always the last coding. */
static bool is_chunked(const struct http_message *message)
{
	struct cursor value;

	if (!http_field(message, "transfer-encoding", &value) || value.left < 7)
		return false;
	value.at += value.left - 7;
	value.left = 7;
	return http_is_word(&value, "chunked");
}

static bool read_length(const struct http_message *message, uint64_t *length)
{
	struct cursor value;

	*length = 0;
	if (!http_field(message, "content-length", &value) || !value.left || value.left > 18)
		return false;
	for (size_t i = 0; i < value.left; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
		*length = 10 * *length + value.at[i] - '0';
	}
	return true;
}

static enum body_form form_of(const struct http_message *message, bool none, uint64_t *left)
{
	*left = 0;
	if (none)
		return BODY_NONE;
	if (is_chunked(message))
		return BODY_CHUNKED;
	if (read_length(message, left))
		return *left ? BODY_LENGTH : BODY_NONE;
	return message->response ? BODY_TO_END : BODY_NONE;
}

static void add_request(struct http_stream *stream, struct http_message *message)
{
	unsigned at;

	message->number = ++stream->requests;
	if (stream->waiting_count == PIPELINE) {
		memmove(stream->waiting, stream->waiting + 1,
			sizeof(stream->waiting[0]) * (PIPELINE - 1));
		memmove(stream->no_body, stream->no_body + 1, PIPELINE - 1);
		memmove(stream->connects, stream->connects + 1, PIPELINE - 1);
		stream->waiting_count--;
	}
	at = stream->waiting_count++;
	stream->waiting[at] = message->number;
	stream->no_body[at] = http_is_word(&message->method, "HEAD");
	stream->connects[at] = http_is_word(&message->method, "CONNECT");
}

/* Gives the response its request's number; a final one takes it from those that wait. */
static void match_request(struct http_stream *stream, struct http_message *message, bool *no_body,
			  bool *connects)
{
	*no_body = *connects = false;
	if (!stream->waiting_count)
		return;
	message->number = stream->waiting[0];
	*no_body = stream->no_body[0];
	*connects = stream->connects[0];
	if (http_is_interim(message))
		return;
	stream->waiting_count--;
	memmove(stream->waiting, stream->waiting + 1,
		sizeof(stream->waiting[0]) * stream->waiting_count);
	memmove(stream->no_body, stream->no_body + 1, stream->waiting_count);
	memmove(stream->connects, stream->connects + 1, stream->waiting_count);
}

static size_t take_head(struct http_stream *stream, struct dissector_call *call,
			const uint8_t *bytes, size_t length)
{
	struct http_side *side = &stream->sides[call->place.sender];
	bool none = false, connects = false;
	struct http_message message;
	enum dissect_verdict verdict;

	/* Blank lines before a head are nobody's (RFC 9112, 2.2). */
	if (bytes[0] == '\r' || bytes[0] == '\n')
		return 1;
	verdict = http_message_parse(&message, bytes, length);
	if (verdict == DISSECT_NEED_MORE && !call->last)
		return 0;
	if (verdict != DISSECT_DONE) {
		side->form = BODY_UNKNOWN;
		return 0;
	}
	if (message.response)
		match_request(stream, &message, &none, &connects);
	else
		add_request(stream, &message);
	none |= message.response &&
		(message.status < 200 || message.status == 204 || message.status == 304);
	side->form = form_of(&message, none, &side->left);
	side->chunk = CHUNK_SIZE;
	side->lost = 0;
	side->number = message.number;
	dissector_say(call, message.response ? ITEM_HTTP_RESPONSE : ITEM_HTTP_REQUEST, &message);
	call->restart = message.status == 101 || (connects && message.status / 100 == 2);
	side->open = true;
	if (side->form == BODY_NONE)
		end_body(call, side, true);
	return message.length;
}

/* A line of hexadecimal digits, perhaps with extensions behind a semicolon. */
static size_t take_chunk_size(struct http_side *side, const uint8_t *bytes, size_t length)
{
	const uint8_t *end = memchr(bytes, '\n', length);
	uint64_t size = 0;
	unsigned digits = 0;

	if (!end) {
		if (length > 4096)
			side->form = BODY_UNKNOWN;
		return 0;
	}
	for (; !(size >> SIZE_BITS); digits++) { /* zeros may stand before it, however many */
		uint8_t c = bytes[digits];

		if (c >= '0' && c <= '9')
			size = size << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			size = size << 4 | ((c | 0x20) - 'a' + 10);
		else
			break;
	}
	if (!digits || size >> SIZE_BITS) {
		side->form = BODY_UNKNOWN;
		return 0;
	}
	side->left = size;
	side->chunk = size ? CHUNK_BYTES : CHUNK_TRAILER;
	return end + 1 - bytes;
}

static size_t take_bytes(struct http_side *side, struct dissector_call *call, const uint8_t *bytes,
			 size_t length)
{
	size_t step =
		side->form == BODY_TO_END || length < side->left ? length : (size_t)side->left;

	say_body(call, side, ITEM_HTTP_BODY, bytes, step, false);
	if (side->form != BODY_TO_END)
		side->left -= step;
	return step;
}

static size_t take_line_end(struct http_side *side, struct dissector_call *call,
			    const uint8_t *bytes, size_t length)
{
	const uint8_t *end = memchr(bytes, '\n', length);
	bool blank = end && (end == bytes || (end == bytes + 1 && bytes[0] == '\r'));

	if (!end)
		return 0;
	if (side->chunk == CHUNK_END)
		side->chunk = CHUNK_SIZE;
	else if (blank)
		end_body(call, side, true);
	return end + 1 - bytes;
}

static size_t take_chunked(struct http_side *side, struct dissector_call *call,
			   const uint8_t *bytes, size_t length)
{
	size_t taken;

	switch (side->chunk) {
	case CHUNK_SIZE:
		return take_chunk_size(side, bytes, length);
	case CHUNK_BYTES:
		taken = take_bytes(side, call, bytes, length);
		if (!side->left)
			side->chunk = CHUNK_END;
		return taken;
	default:
		return take_line_end(side, call, bytes, length);
	}
}

/* Nothing is known of where a message begins but that it looks like one. */
static size_t take_unknown(struct http_stream *stream, struct dissector_call *call,
			   const uint8_t *bytes, size_t length)
{
	struct http_side *side = &stream->sides[call->place.sender];
	size_t taken;

	call->guessing = true; /* a head mostly begins a segment, whatever was before */
	for (size_t i = 0; i < length; i++) {
		enum dissect_verdict verdict;

		if (i && bytes[i - 1] != '\n')
			continue;
		verdict = http_message_begins(bytes + i, length - i);
		if (verdict == DISSECT_NEED_MORE && length - i >= BEGIN_MIN && !call->last)
			return i;
		if (verdict != DISSECT_DONE)
			continue;
		end_body(call, side, false);
		if (i)
			return i;
		taken = take_head(stream, call, bytes, length);
		if (taken || side->form != BODY_UNKNOWN)
			return taken;
	}
	return length;
}

static size_t take_known(struct http_stream *stream, struct dissector_call *call,
			 const uint8_t *bytes, size_t length)
{
	struct http_side *side = &stream->sides[call->place.sender];
	size_t taken;

	switch (side->form) {
	case BODY_LENGTH:
		taken = take_bytes(side, call, bytes, length);
		if (!side->left)
			end_body(call, side, true);
		return taken;
	case BODY_TO_END:
		return take_bytes(side, call, bytes, length);
	case BODY_CHUNKED:
		return take_chunked(side, call, bytes, length);
	default:
		return take_head(stream, call, bytes, length);
	}
}

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct http_stream *stream = state;
	struct http_side *side = &stream->sides[call->place.sender];
	size_t taken = 0;

	if (side->form != BODY_UNKNOWN)
		taken = take_known(stream, call, bytes, length);
	/* It may just have turned out that this is no HTTP. */
	if (!taken && side->form == BODY_UNKNOWN)
		taken = take_unknown(stream, call, bytes, length);
	return taken;
}

static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	struct http_stream *stream = state;
	struct http_side *side = &stream->sides[call->place.sender];
	bool inside = (side->form == BODY_LENGTH ||
		       (side->form == BODY_CHUNKED && side->chunk == CHUNK_BYTES)) &&
		      bytes <= side->left;

	side->lost += bytes;
	if (side->form == BODY_TO_END)
		return;
	if (!inside) {
		side->form = BODY_UNKNOWN;
		return;
	}
	side->left -= bytes;
	if (!side->left && side->form == BODY_LENGTH)
		end_body(call, side, true);
	else if (!side->left)
		side->chunk = CHUNK_END;
}

/* Its end is the body's, in the frame that closes this side and not the whole conversation. */
static void ended(void *state, struct dissector_call *call)
{
	unsigned sender = call->place.sender;
	struct http_side *side = &((struct http_stream *)state)->sides[sender];

	if (side->form == BODY_TO_END && call->closed >> sender & 1)
		end_body(call, side, true);
}

static void end(void *state, struct dissector_call *call)
{
	struct http_stream *stream = state;

	for (unsigned i = 0; i < 2; i++) {
		call->place.sender = i;
		end_body(call, &stream->sides[i],
			 stream->sides[i].form == BODY_TO_END && call->closed >> i & 1);
	}
}

const struct dissector http_dissector = {
	.name = "http",
	.state_size = sizeof(struct http_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
	.ended = ended,
	.end = end,
};
