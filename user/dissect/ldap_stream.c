// SPDX-License-Identifier: BSD-2-Clause
/* LDAP (RFC 4511), as far as a simple bind says who somebody is. */
#include <string.h>
#include "dissect/credential.h"
#include "dissect/der.h"
#include "dissect/dissector.h"

#define BIND_MAX 4096 /* bytes of a message; nobody has longer names */

#define VERSION 3 /* bytes that it takes */

enum { LDAP_BIND = 0x60, LDAP_SEARCH = 0x63, LDAP_EXTENDED = 0x77, LDAP_SIMPLE = 0x80 };

struct ldap_stream {
	uint64_t left[2]; /* of a message that is passed over */
	bool lost[2];
};

/* The operation of a message; false: it is none, or its first bytes are not there. */
static bool read_operation(struct cursor from, uint8_t *operation, struct cursor *body)
{
	struct cursor number;
	size_t length;
	uint8_t tag;

	if (!der_head(&from, &tag, &length) || tag != DER_SEQUENCE ||
	    !der_expect(&from, DER_INTEGER, &number, false) || !number.left || number.left > 4 ||
	    !der_head(&from, operation, &length))
		return false;
	*body = (struct cursor){ from.at, length < from.left ? length : from.left };
	return true;
}

static enum dissector_claim claim(const struct dissector_begin *begin)
{
	const struct cursor *said = &begin->said[begin->client];
	struct cursor body, version;
	uint8_t operation;

	if (!said->left || said->at[0] != DER_SEQUENCE)
		return CLAIM_NO;
	if (!read_operation(*said, &operation, &body))
		return said->left < 16 ? CLAIM_UNSURE : CLAIM_NO;
	if (operation == LDAP_BIND && body.left < VERSION)
		return CLAIM_UNSURE;
	if (operation == LDAP_BIND)
		return der_expect(&body, DER_INTEGER, &version, false) && version.left == 1 &&
				       version.at[0] >= 2 && version.at[0] <= 3
			       ? CLAIM_YES
			       : CLAIM_NO;
	return operation == LDAP_SEARCH || operation == LDAP_EXTENDED ? CLAIM_YES : CLAIM_NO;
}

static void read_bind(struct dissector_call *call, struct cursor body)
{
	struct credential credential = { .protocol = "LDAP", .method = "simple bind" };
	struct cursor version;
	struct der proof;

	if (!der_expect(&body, DER_INTEGER, &version, false) ||
	    !der_expect(&body, DER_OCTETS, &credential.user, false) ||
	    !der_next(&body, &proof, false) || proof.tag != LDAP_SIMPLE)
		return;
	credential.secret = proof.body;
	/* Nobody's name with no secret: anonymous. */
	if (credential.user.left || credential.secret.left)
		dissector_say(call, ITEM_CREDENTIAL, &credential);
}

static size_t take_message(struct ldap_stream *stream, struct dissector_call *call,
			   const uint8_t *bytes, size_t length)
{
	unsigned side = call->place.sender;
	struct cursor from = { bytes, length }, body;
	uint8_t tag, operation;
	size_t size;

	if (bytes[0] != DER_SEQUENCE) { /* behind StartTLS, or sealed by SASL */
		call->restart = bytes[0] == 0x16;
		stream->lost[side] = true;
		return call->restart ? 0 : length;
	}
	if (!der_head(&from, &tag, &size)) {
		stream->lost[side] = length > 6;
		return stream->lost[side] ? length : 0;
	}
	size += length - from.left;
	if (side == call->place.client && size <= BIND_MAX) {
		if (size > length)
			return 0;
		if (read_operation((struct cursor){ bytes, size }, &operation, &body) &&
		    operation == LDAP_BIND)
			read_bind(call, body);
	}
	stream->left[side] = size;
	return 0;
}

static size_t take(void *state, struct dissector_call *call, const uint8_t *bytes, size_t length)
{
	struct ldap_stream *stream = state;
	uint64_t *left = &stream->left[call->place.sender];
	size_t step;

	if (stream->lost[call->place.sender])
		return length;
	if (!*left) {
		step = take_message(stream, call, bytes, length);
		if (step || !*left)
			return step;
	}
	step = length < *left ? length : *left;
	*left -= step;
	return step;
}

static void lost(void *state, struct dissector_call *call, uint64_t bytes)
{
	struct ldap_stream *stream = state;
	unsigned side = call->place.sender;

	stream->lost[side] |= bytes > stream->left[side];
	stream->left[side] -= stream->lost[side] ? 0 : bytes;
}

const struct dissector ldap_dissector = {
	.name = "ldap",
	.state_size = sizeof(struct ldap_stream),
	.claim = claim,
	.take = take,
	.lost = lost,
};
