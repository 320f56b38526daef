// SPDX-License-Identifier: BSD-2-Clause
/* The plain part of TLS 1.3. */
#include <string.h>
#include "tls.h"
#include "wire.h"

#define RECORD_HANDSHAKE 22
#define HANDSHAKE_CLIENT_HELLO 1
#define HANDSHAKE_SERVER_HELLO 2
#define VERSION_1_2 0x0303
#define VERSION_1_3 0x0304
#define X25519 29

static const uint16_t browser_ciphers[] = {
	0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
	0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
};

static const uint16_t library_ciphers[] = {
	0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9, 0xc013, 0xc009,
	0xc014, 0xc00a, 0x009c, 0x009d, 0x1301, 0x1302, 0x1303,
};

static const uint16_t signatures[] = {
	0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601,
};

/* RFC 8701: 0x0a0a, 0x1a1a, ... */
static uint16_t grease(struct draw *draw)
{
	return draw_below(draw, 16) * 0x1010 + 0x0a0a;
}

static uint8_t *put_list(uint8_t *to, const uint16_t *list, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		to = wire_put16(to, list[i]);
	return to;
}

static uint8_t *put_extension(uint8_t *to, uint16_t type, const void *body, uint16_t length)
{
	to = wire_put16(wire_put16(to, type), length);
	return wire_put(to, body, length);
}

static uint8_t *put_server_name(uint8_t *to, const char *name)
{
	uint16_t length = strlen(name);

	to = wire_put16(wire_put16(to, 0), length + 5);
	to = wire_put8(wire_put16(to, length + 3), 0);
	return wire_put(wire_put16(to, length), name, length);
}

static uint8_t *put_groups(uint8_t *to, bool browser, uint16_t greased)
{
	static const uint16_t groups[] = { X25519, 23, 24 };
	uint16_t length = 6 + 2 * browser;

	to = wire_put16(wire_put16(to, 10), length + 2);
	to = wire_put16(to, length);
	if (browser)
		to = wire_put16(to, greased);
	return put_list(to, groups, 3);
}

static uint8_t *put_signatures(uint8_t *to)
{
	to = wire_put16(wire_put16(to, 13), sizeof(signatures) + 2);
	to = wire_put16(to, sizeof(signatures));
	return put_list(to, signatures, sizeof(signatures) / 2);
}

static uint8_t *put_key_share(uint8_t *to, struct draw *draw, bool browser, uint16_t greased)
{
	uint16_t length = 36 + 5 * browser;

	to = wire_put16(wire_put16(to, 51), length + 2);
	to = wire_put16(to, length);
	if (browser)
		to = wire_put8(wire_put16(wire_put16(to, greased), 1), 0);
	to = wire_put16(wire_put16(to, X25519), 32);
	draw_bytes(draw, to, 32);
	return to + 32;
}

static uint8_t *put_versions(uint8_t *to, bool browser, uint16_t greased)
{
	uint16_t length = 4 + 2 * browser;

	to = wire_put16(wire_put16(to, 43), length + 1);
	to = wire_put8(to, length);
	if (browser)
		to = wire_put16(to, greased);
	return wire_put16(wire_put16(to, VERSION_1_3), VERSION_1_2);
}

static uint8_t *put_extensions(uint8_t *to, struct draw *draw, const char *name, bool browser)
{
	static const uint8_t alpn[] = { 0,   12,  2,   'h', '2', 8,   'h',
					't', 't', 'p', '/', '1', '.', '1' };
	static const uint8_t status[] = { 1, 0, 0, 0, 0 };
	uint16_t first = grease(draw), group = grease(draw), version = grease(draw);
	uint8_t *at = to + 2;

	if (browser)
		at = put_extension(at, first, NULL, 0);
	if (name[0])
		at = put_server_name(at, name);
	at = put_extension(at, 23, NULL, 0);                 /* extended master secret */
	at = put_extension(at, 0xff01, (uint8_t[]){ 0 }, 1); /* renegotiation */
	at = put_groups(at, browser, group);
	at = put_extension(at, 11, (uint8_t[]){ 1, 0 }, 2); /* uncompressed points */
	at = put_extension(at, 35, NULL, 0);                /* session ticket */
	if (browser)
		at = put_extension(at, 16, alpn, sizeof(alpn));
	at = put_extension(at, 5, status, sizeof(status));
	at = put_signatures(at);
	at = put_key_share(at, draw, browser, group);
	at = put_extension(at, 45, (uint8_t[]){ 1, 1 }, 2); /* key exchange modes */
	at = put_versions(at, browser, version);
	wire_put16(to, at - to - 2);
	return at;
}

/* Fills in the two lengths of a record that holds one handshake message. */
static uint32_t close_record(uint8_t *record, const uint8_t *end, uint8_t message)
{
	uint32_t length = end - record;

	wire_put16(wire_put16(wire_put8(record, RECORD_HANDSHAKE), 0x0301), length - 5);
	wire_put32(record + 5, (uint32_t)message << 24 | (length - 9));
	return length;
}

static uint8_t *put_random_and_session(uint8_t *to, struct draw *draw, const uint8_t *session_id)
{
	to = wire_put16(to, VERSION_1_2);
	draw_bytes(draw, to, 32);
	return wire_put(wire_put8(to + 32, 32), session_id, 32);
}

uint32_t tls_client_hello(uint8_t *to, struct draw *draw, const char *name, bool browser,
			  uint8_t session_id[32])
{
	uint8_t *at = to + 9;

	draw_bytes(draw, session_id, 32);
	at = put_random_and_session(at, draw, session_id);
	if (browser) {
		at = wire_put16(at, sizeof(browser_ciphers) + 2);
		at = wire_put16(at, grease(draw));
		at = put_list(at, browser_ciphers, sizeof(browser_ciphers) / 2);
	} else {
		at = wire_put16(at, sizeof(library_ciphers));
		at = put_list(at, library_ciphers, sizeof(library_ciphers) / 2);
	}
	at = wire_put8(wire_put8(at, 1), 0); /* no compression */
	at = put_extensions(at, draw, name, browser);
	return close_record(to, at, HANDSHAKE_CLIENT_HELLO);
}

uint32_t tls_change_cipher_spec(uint8_t *to)
{
	static const uint8_t record[] = { 20, 3, 3, 0, 1, 1 };

	wire_put(to, record, sizeof(record));
	return sizeof(record);
}

uint32_t tls_server_hello(uint8_t *to, struct draw *draw, const uint8_t session_id[32])
{
	uint8_t *at = put_random_and_session(to + 9, draw, session_id), *extensions;
	uint32_t length;

	at = wire_put8(wire_put16(at, browser_ciphers[0]), 0);
	extensions = at;
	at = wire_put16(wire_put16(at + 2, 51), 36);
	at = wire_put16(wire_put16(at, X25519), 32);
	draw_bytes(draw, at, 32);
	at = wire_put16(wire_put16(wire_put16(at + 32, 43), 2), VERSION_1_3);
	wire_put16(extensions, at - extensions - 2);
	length = close_record(to, at, HANDSHAKE_SERVER_HELLO);
	to[2] = 3;
	return length + tls_change_cipher_spec(to + length);
}
