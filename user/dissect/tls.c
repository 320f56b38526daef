// SPDX-License-Identifier: BSD-2-Clause
/* The ClientHello of TLS 1.0 to 1.3. */
#include <string.h>
#include "dissect/cursor.h"
#include "dissect/ja4.h"
#include "dissect/name.h"
#include "dissect/tls.h"

#define RECORD_CHANGE_CIPHER_SPEC 20
#define RECORD_HANDSHAKE 22
#define RECORD_HEADER 5
#define RECORD_MAX 16384 /* RFC 8446, 5.1 */
#define HANDSHAKE_CLIENT_HELLO 1
#define HANDSHAKE_HEADER 4
#define VERSION_1_3 0x0304

enum {
	EXTENSION_SERVER_NAME = 0,
	EXTENSION_SIGNATURE_ALGORITHMS = 13,
	EXTENSION_ALPN = 16,
	EXTENSION_SUPPORTED_VERSIONS = 43,
};

_Static_assert(TLS_HELLO_MAX <= JA4_INPUT_MAX, "all of a hello is fingerprinted");
_Static_assert(sizeof(((struct tls_hello *)0)->ja4) >= JA4_TEXT, "a fingerprint fits");

/* The handshake message without its records. */
struct message {
	uint8_t bytes[TLS_HELLO_MAX];
	size_t have;
	size_t need;  /* header included; not known before the header is there */
	size_t taken; /* bytes of the stream */
};

/* Whether bytes begin like a record of the type; looks at no more than there are. */
static bool record_possible(const uint8_t *at, size_t left, uint8_t type)
{
	unsigned size;

	if ((left > 0 && at[0] != type) || (left > 1 && at[1] != 3) || (left > 2 && at[2] > 3))
		return false;
	if (left < RECORD_HEADER)
		return true;
	size = at[3] << 8 | at[4];
	return size > 0 && size <= RECORD_MAX;
}

/* The first bytes of the message are known: can it be a ClientHello? */
static bool message_possible(struct message *message)
{
	const uint8_t *at = message->bytes;

	if (message->have && at[0] != HANDSHAKE_CLIENT_HELLO)
		return false;
	if (message->have < HANDSHAKE_HEADER)
		return true;
	message->need = HANDSHAKE_HEADER + ((size_t)at[1] << 16 | at[2] << 8 | at[3]);
	return message->need <= TLS_HELLO_MAX && message->have <= message->need;
}

static enum dissect_verdict unwrap(const uint8_t *bytes, size_t length, struct message *message)
{
	while (message->have < message->need) {
		const uint8_t *at = bytes + message->taken;
		size_t left = length - message->taken, size, part;

		if (!record_possible(at, left, RECORD_HANDSHAKE))
			return DISSECT_NOT;
		if (left < RECORD_HEADER)
			return DISSECT_NEED_MORE;
		size = at[3] << 8 | at[4];
		part = size < left - RECORD_HEADER ? size : left - RECORD_HEADER;
		if (part > TLS_HELLO_MAX - message->have)
			return DISSECT_NOT;
		memcpy(message->bytes + message->have, at + RECORD_HEADER, part);
		message->have += part;
		message->taken += RECORD_HEADER + part;
		if (!message_possible(message))
			return DISSECT_NOT;
		if (part < size)
			return DISSECT_NEED_MORE;
	}
	return DISSECT_DONE;
}

/* Steps over one change_cipher_spec, if there is one. */
static enum dissect_verdict skip_change(const uint8_t *bytes, size_t length, size_t *taken)
{
	if (!length || bytes[0] != RECORD_CHANGE_CIPHER_SPEC)
		return DISSECT_DONE;
	if (!record_possible(bytes, length, RECORD_CHANGE_CIPHER_SPEC))
		return DISSECT_NOT;
	if (length <= RECORD_HEADER)
		return DISSECT_NEED_MORE;
	if (bytes[3] || bytes[4] != 1 || bytes[5] != 1)
		return DISSECT_NOT;
	*taken = RECORD_HEADER + 1;
	return DISSECT_DONE;
}

/* RFC 6066, 3: the first host_name of the list. */
static void read_server_name(struct cursor body, struct tls_hello *out)
{
	struct cursor list, name;
	uint8_t type;

	if (!cursor_vector16(&body, &list))
		return;
	while (cursor_u8(&list, &type) && cursor_vector16(&list, &name)) {
		if (type)
			continue;
		out->refused = !name_set(out->name, name.at, name.left);
		return;
	}
}

/* What is read of a hello beside what is told of it. */
struct reading {
	struct ja4_input ja4;
	struct cursor alpns;
};

/* RFC 7301, 3.1 */
static void read_alpn(struct cursor body, struct tls_hello *out, struct reading *reading)
{
	struct ja4_input *input = &reading->ja4;
	struct cursor list, first;
	size_t length;

	if (!cursor_vector16(&body, &list))
		return;
	reading->alpns = list;
	if (!cursor_vector8(&list, &first))
		return;
	input->alpn = first;
	length = first.left < sizeof(out->alpn) ? first.left : sizeof(out->alpn) - 1;
	if (!memchr(first.at, 0, length))
		memcpy(out->alpn, first.at, length);
}

static void read_versions(struct cursor body, struct ja4_input *input)
{
	uint16_t version, highest = 0;
	struct cursor list;

	if (!cursor_vector8(&body, &list))
		return;
	while (cursor_u16(&list, &version))
		if (!ja4_is_grease(version) && version > highest)
			highest = version;
	if (highest)
		input->version = highest;
}

static void read_extension(uint16_t type, struct cursor body, struct tls_hello *out,
			   struct reading *reading)
{
	struct ja4_input *input = &reading->ja4;

	switch (type) {
	case EXTENSION_SERVER_NAME:
		if (!input->server_name)
			read_server_name(body, out);
		input->server_name = true;
		break;
	case EXTENSION_ALPN:
		if (!input->alpn.left)
			read_alpn(body, out, reading);
		break;
	case EXTENSION_SIGNATURE_ALGORITHMS:
		cursor_vector16(&body, &input->signatures);
		break;
	case EXTENSION_SUPPORTED_VERSIONS:
		read_versions(body, input);
		break;
	}
}

/* false: the message contradicts itself, or its end is missing; what came before is read. */
static bool read_extensions(struct cursor list, struct tls_hello *out, struct reading *reading)
{
	reading->ja4.extensions = list;
	while (list.left) {
		struct cursor body;
		uint16_t type;

		if (!cursor_u16(&list, &type) || !cursor_vector16(&list, &body))
			return false;
		read_extension(type, body, out, reading);
	}
	return true;
}

static bool read_hello(struct cursor hello, struct tls_hello *out, struct reading *reading)
{
	struct ja4_input *input = &reading->ja4;
	struct cursor random, session, compression;
	uint16_t length;

	if (!cursor_u16(&hello, &input->version) || input->version >> 8 != 3 ||
	    !cursor_take(&hello, 32, &random) || !cursor_vector8(&hello, &session) ||
	    !cursor_vector16(&hello, &input->ciphers) || input->ciphers.left % 2 ||
	    !cursor_vector8(&hello, &compression))
		return false;
	if (!hello.left) /* extensions are optional before TLS 1.3 */
		return true;
	if (!cursor_u16(&hello, &length))
		return false;
	return read_extensions(hello, out, reading) && length == hello.left;
}

static void finish_hello(const struct ja4_input *input, struct tls_hello *out)
{
	ja4_write(input, out->ja4);
	out->version = input->version;
	out->retry = input->version >= VERSION_1_3;
}

bool tls_hello_read(struct cursor body, bool quic, struct tls_hello *out, struct cursor *alpns)
{
	struct reading reading = { .ja4 = { .quic = quic } };

	memset(out, 0, sizeof(*out));
	if (body.left > TLS_HELLO_MAX || !read_hello(body, out, &reading)) {
		memset(out, 0, sizeof(*out));
		return false;
	}
	finish_hello(&reading.ja4, out);
	*alpns = reading.alpns;
	return true;
}

enum dissect_verdict tls_hello_parse(const uint8_t *bytes, size_t length, struct tls_hello *out)
{
	struct reading reading = { 0 };
	struct message message;
	enum dissect_verdict verdict;
	bool whole = false;

	memset(out, 0, sizeof(*out));
	message.have = message.taken = 0;
	message.need = HANDSHAKE_HEADER;
	verdict = skip_change(bytes, length, &message.taken);
	if (verdict == DISSECT_DONE)
		verdict = unwrap(bytes, length, &message);
	if (verdict != DISSECT_NOT && message.have > HANDSHAKE_HEADER) {
		size_t have = message.have - HANDSHAKE_HEADER;

		whole = read_hello((struct cursor){ message.bytes + HANDSHAKE_HEADER, have }, out,
				   &reading);
	}
	if (verdict == DISSECT_NOT || (verdict == DISSECT_DONE && !whole)) {
		memset(out, 0, sizeof(*out));
		return DISSECT_NOT;
	}
	if (verdict == DISSECT_NEED_MORE)
		return verdict;
	finish_hello(&reading.ja4, out);
	out->length = message.taken;
	return DISSECT_DONE;
}
