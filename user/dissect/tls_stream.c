// SPDX-License-Identifier: BSD-2-Clause
/*
 * TLS over TCP: the handshake as far as it is clear, one view for each
 * ClientHello, said when nothing more of it can come.  Of the rest no more is
 * read than where records end.
 */
#include <string.h>
#include "dissect/dissector.h"
#include "dissect/tls_view.h"

#define RECORD_HEADER 5
#define RECORD_MAX (16384 + 2048) /* with what encryption may add (RFC 5246, 6.2.3) */
#define MESSAGE_HEADER 4
#define MESSAGE_MAX                                                                                \
	65536              /* no chain of certificates is longer; longer messages are passed over  \
			    */
#define MESSAGE_KEPT 16384 /* a ClientHello, or the first certificate of a chain */
#define VERSION_1_3 0x0304

enum { RECORD_PASSED = 0, RECORD_CHANGE = 20, RECORD_HANDSHAKE = 22, RECORD_DATA = 23 };
enum { RECORD_FIRST = RECORD_CHANGE, RECORD_LAST = 24 };

enum {
	MESSAGE_CLIENT_HELLO = 1,
	MESSAGE_SERVER_HELLO = 2,
	MESSAGE_CERTIFICATE = 11,
	MESSAGE_SERVER_DONE = 14,
};

struct tls_side {
	uint32_t left; /* of the record */
	uint8_t type;  /* of it */
	bool sealed;   /* what it says from here on is encrypted */
	bool lost;     /* until a record begins */
	bool encrypts; /* since both hellos */
};

struct tls_stream {
	struct tls_side sides[2];
	struct item_place place; /* of the ClientHello */
	struct tls_view view;
	bool open;         /* the view is not yet said */
	bool come_through; /* and that both sides encrypt */
};

/* A message put together from records. */
struct message {
	uint8_t bytes[MESSAGE_KEPT];
	size_t have, need; /* of it; no more than MESSAGE_KEPT are kept */
	size_t taken;      /* bytes of the stream */
	uint32_t left;     /* of the record in which it ends */
};

static bool is_record(const uint8_t *bytes)
{
	return bytes[0] >= RECORD_FIRST && bytes[0] <= RECORD_LAST && bytes[1] == 3 &&
	       bytes[2] <= 4 && (bytes[3] << 8 | bytes[4]) <= RECORD_MAX;
}

static enum dissector_claim claim(const struct dissector_begin *begin)
{
	for (unsigned side = 0; side < 2; side++) {
		const struct cursor *said = &begin->said[side];
		const uint8_t *at = said->at;

		if (!said->left)
			continue;
		if (at[0] != RECORD_HANDSHAKE || (said->left > 1 && at[1] != 3))
			return CLAIM_NO;
		if (said->left <= RECORD_HEADER)
			return CLAIM_UNSURE;
		return is_record(at) && (at[RECORD_HEADER] == MESSAGE_CLIENT_HELLO ||
					 at[RECORD_HEADER] == MESSAGE_SERVER_HELLO)
			       ? CLAIM_YES
			       : CLAIM_NO;
	}
	return CLAIM_NO;
}

static void say_view(struct tls_stream *stream, struct dissector_call *call)
{
	const struct item item = { ITEM_TLS, &stream->place, &stream->view };

	if (stream->open)
		call->say(call->arg, &item);
	stream->open = false;
}

/* The server's encryption begins: it says no more in clear. */
static void seal(struct tls_stream *stream, struct dissector_call *call)
{
	bool retried = stream->view.answered && stream->view.retried;

	if (stream->open && call->place.sender != stream->place.sender && !retried)
		say_view(stream, call);
}

static void read_client_hello(struct tls_stream *stream, struct dissector_call *call,
			      struct cursor body)
{
	say_view(stream, call);
	stream->open = tls_view_client_hello(&stream->view, body);
	stream->sides[0].encrypts = stream->sides[1].encrypts = stream->come_through = false;
	stream->place = call->place;
}

static void read_message(struct tls_stream *stream, struct dissector_call *call,
			 const struct message *message)
{
	size_t kept = message->have < MESSAGE_KEPT ? message->have : MESSAGE_KEPT;
	struct cursor body = { message->bytes + MESSAGE_HEADER, kept - MESSAGE_HEADER };

	if (message->bytes[0] == MESSAGE_CLIENT_HELLO) {
		read_client_hello(stream, call, body);
		return;
	}
	if (!stream->open || call->place.sender == stream->place.sender)
		return;
	switch (message->bytes[0]) {
	case MESSAGE_SERVER_HELLO:
		tls_view_server_hello(&stream->view, body);
		if (stream->view.version >= VERSION_1_3)
			seal(stream, call);
		break;
	case MESSAGE_CERTIFICATE:
		tls_view_certificate(&stream->view, body);
		break;
	case MESSAGE_SERVER_DONE:
		say_view(stream, call);
		break;
	}
}

static enum dissect_verdict next_record(struct message *message, const uint8_t *bytes,
					size_t length)
{
	const uint8_t *at = bytes + message->taken;

	if (length - message->taken < RECORD_HEADER)
		return DISSECT_NEED_MORE;
	if (!is_record(at) || at[0] != RECORD_HANDSHAKE)
		return DISSECT_NOT;
	message->left = at[3] << 8 | at[4];
	message->taken += RECORD_HEADER;
	return DISSECT_DONE;
}

static void keep(struct message *message, const uint8_t *bytes, size_t length)
{
	size_t room = message->have < MESSAGE_KEPT ? MESSAGE_KEPT - message->have : 0;

	memcpy(message->bytes + MESSAGE_KEPT - room, bytes, length < room ? length : room);
	message->have += length;
	message->taken += length;
	message->left -= length;
}

static enum dissect_verdict gather(struct message *message, const uint8_t *bytes, size_t length)
{
	const uint8_t *head = message->bytes;
	enum dissect_verdict verdict;

	while (message->have < message->need) {
		size_t part = message->need - message->have;

		if (!message->left) {
			verdict = next_record(message, bytes, length);
			if (verdict != DISSECT_DONE)
				return verdict;
		}
		if (part > message->left)
			part = message->left;
		if (part > length - message->taken)
			part = length - message->taken;
		if (!part && message->left)
			return DISSECT_NEED_MORE;
		keep(message, bytes + message->taken, part);
		if (message->have != MESSAGE_HEADER || message->need != MESSAGE_HEADER)
			continue;
		message->need += (size_t)head[1] << 16 | head[2] << 8 | head[3];
		if (message->need > MESSAGE_MAX)
			return DISSECT_NOT;
	}
	return DISSECT_DONE;
}

static size_t take_message(struct tls_stream *stream, struct dissector_call *call,
			   const uint8_t *bytes, size_t length)
{
	struct tls_side *side = &stream->sides[call->place.sender];
	struct message message;

	message.have = message.taken = 0;
	message.need = MESSAGE_HEADER;
	message.left = side->left;
	switch (gather(&message, bytes, length)) {
	case DISSECT_DONE:
		side->left = message.left;
		read_message(stream, call, &message);
		return message.taken;
	case DISSECT_NEED_MORE:
		return 0;
	default:
		side->type = RECORD_PASSED;
		return 0;
	}
}

/*
 * From TLS 1.3 on change_cipher_spec says nothing (RFC 8446, D.4).  A client that
 * says it although nobody is known to have answered may yet say another hello.
 */
static bool begins_to_seal(const struct tls_stream *stream, const struct dissector_call *call)
{
	bool of_client = call->place.sender == stream->place.sender;

	return stream->view.version < VERSION_1_3 && (stream->view.answered || !of_client);
}

/*
 * A full handshake says more in clear before, up to its ServerHelloDone; where
 * that is lost, the client encrypts first all the same (RFC 5246, 7.3).
 */
static void note_resumption(struct tls_stream *stream, const struct dissector_call *call)
{
	bool of_client = call->place.sender == stream->place.sender;

	if (stream->open && stream->view.answered && !of_client &&
	    stream->sides[call->place.sender].sealed && !stream->sides[stream->place.sender].sealed)
		stream->view.resumed = true;
}

/* What TLS 1.3 encrypts looks like data, and its change_cipher_spec says nothing. */
static void note_encryption(struct tls_stream *stream, struct dissector_call *call)
{
	const struct tls_view *view = &stream->view;
	struct tls_side *side = &stream->sides[call->place.sender];
	const struct item item = { ITEM_TLS_SEALED, &stream->place, view };

	if (!view->answered || view->retried || stream->open)
		return;
	side->encrypts |= side->type == RECORD_DATA || view->version < VERSION_1_3;
	if (stream->come_through || !stream->sides[0].encrypts || !stream->sides[1].encrypts)
		return;
	stream->come_through = true;
	call->say(call->arg, &item);
}

static size_t pass(struct tls_side *side, size_t length)
{
	size_t step = length < side->left ? length : side->left;

	side->left -= step;
	return step;
}

static size_t take_header(struct tls_stream *stream, struct dissector_call *call,
			  const uint8_t *bytes, size_t length)
{
	struct tls_side *side = &stream->sides[call->place.sender];

	if (length < RECORD_HEADER)
		return side->lost ? length : 0;
	/* Behind a loss most segments begin in the middle of a record. */
	call->guessing |= side->lost;
	side->lost = !is_record(bytes);
	call->guessing |= side->lost;
	if (side->lost)
		return length;
	side->type = bytes[0];
	side->left = bytes[3] << 8 | bytes[4];
	if (side->type == RECORD_CHANGE) {
		side->sealed = begins_to_seal(stream, call);
		note_resumption(stream, call);
	}
	if (side->type == RECORD_CHANGE || side->type == RECORD_DATA) {
		seal(stream, call);
		note_encryption(stream, call);
	}
	return RECORD_HEADER;
}

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct tls_stream *stream = state;
	struct tls_side *side = &stream->sides[call->place.sender];
	size_t taken;

	if (side->lost || !side->left)
		return take_header(stream, call, bytes, length);
	if (side->type != RECORD_HANDSHAKE || side->sealed)
		return pass(side, length);
	taken = take_message(stream, call, bytes, length);
	return taken || side->type == RECORD_HANDSHAKE ? taken : pass(side, length);
}

static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	struct tls_side *side = &((struct tls_stream *)state)->sides[call->place.sender];
	bool inside = (side->type != RECORD_HANDSHAKE || side->sealed) && bytes <= side->left;

	side->left = inside ? side->left - bytes : 0;
	side->lost |= !inside;
}

static void end(void *state, struct dissector_call *call)
{
	say_view(state, call);
}

const struct dissector tls_dissector = {
	.name = "tls",
	.state_size = sizeof(struct tls_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
	.end = end,
};
