// SPDX-License-Identifier: BSD-2-Clause
/* What the messages of a TLS handshake say (RFC 5246, 7.4; RFC 8446, 4). */
#include <string.h>
#include "dissect/tls_view.h"

#define RANDOM 32

enum { EXTENSION_ALPN = 16, EXTENSION_PRE_SHARED_KEY = 41, EXTENSION_SUPPORTED_VERSIONS = 43 };

static void keep_alpns(struct tls_view *view, struct cursor list)
{
	struct cursor from = list, one;

	while (cursor_vector8(&from, &one) && list.left - from.left <= sizeof(view->alpns))
		view->alpns_length = list.left - from.left;
	if (view->alpns_length)
		memcpy(view->alpns, list.at, view->alpns_length);
}

bool tls_view_client_hello(struct tls_view *view, struct cursor body)
{
	struct tls_hello hello;
	struct cursor alpns;
	bool quic = view->quic;

	if (!tls_hello_read(body, quic, &hello, &alpns))
		return false;
	*view = (struct tls_view){ .hello = hello, .quic = quic };
	keep_alpns(view, alpns);
	return true;
}

/* SHA-256 of "HelloRetryRequest" stands for the random (RFC 8446, 4.1.3). */
static bool is_retry(const struct cursor *random)
{
	static const uint8_t retry[RANDOM] = {
		0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
		0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
		0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
	};

	return !memcmp(random->at, retry, RANDOM);
}

static void read_extension(struct tls_view *view, uint16_t type, struct cursor body)
{
	struct cursor list, one;
	uint16_t version;

	if (type == EXTENSION_SUPPORTED_VERSIONS && cursor_u16(&body, &version))
		view->version = version;
	view->resumed |= type == EXTENSION_PRE_SHARED_KEY;
	if (type != EXTENSION_ALPN || !cursor_vector16(&body, &list) ||
	    !cursor_vector8(&list, &one))
		return;
	view->chosen_length = one.left < sizeof(view->chosen) ? one.left : sizeof(view->chosen);
	if (one.left)
		memcpy(view->chosen, one.at, view->chosen_length);
}

bool tls_view_server_hello(struct tls_view *view, struct cursor body)
{
	struct cursor random, session, extensions, extension;
	uint16_t version, cipher, type;
	uint8_t compression;

	if (!cursor_u16(&body, &version) || version >> 8 != 3 ||
	    !cursor_take(&body, RANDOM, &random) || !cursor_vector8(&body, &session) ||
	    !cursor_u16(&body, &cipher) || !cursor_u8(&body, &compression))
		return false;
	view->answered = true;
	view->version = version;
	view->cipher = cipher;
	view->retried = is_retry(&random);
	if (!cursor_vector16(&body, &extensions))
		return true;
	while (cursor_u16(&extensions, &type) && cursor_vector16(&extensions, &extension))
		read_extension(view, type, extension);
	return true;
}

static bool take_u24(struct cursor *from, size_t *value)
{
	uint16_t low;
	uint8_t high;

	if (!cursor_u8(from, &high) || !cursor_u16(from, &low))
		return false;
	*value = (size_t)high << 16 | low;
	return true;
}

void tls_view_certificate(struct tls_view *view, struct cursor body)
{
	size_t list, length;

	if (!take_u24(&body, &list) || !take_u24(&body, &length))
		return;
	if (body.left > length)
		body.left = length;
	certificate_read(body, &view->certificate);
}
