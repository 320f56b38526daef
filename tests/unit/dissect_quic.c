// SPDX-License-Identifier: BSD-2-Clause
/* The hello of QUIC: keys as in RFC 9001 and RFC 9369, and a hello in pieces, in any order. */
#include <stdlib.h>
#include <string.h>
#include "dissect/quic.h"
#include "dissect/quic_initial.h"
#include "dissect/tls_view.h"
#include "dissect_hello.h"
#include "tap.h"

#include <nettle/gcm.h>

#define ID "\x83\x94\xc8\xf0\x3e\x51\x57\x08" /* RFC 9001, A */
#define OTHER_ID "12345678"
#define V1 "\0\0\0\1"
#define V2 "\x6b\x33\x43\xcf"
#define NUMBER_AT 18

static struct quic quic;
static char said[1024];
static struct bytes message;

static void on_item(void *arg, const struct item *item)
{
	const struct tls_view *view = item->is;
	size_t at = strlen(said);

	(void)arg;
	snprintf(said + at, sizeof(said) - at, "%llu %s %.4s %s;",
		 (unsigned long long)item->place->frame, view->hello.name, view->hello.ja4,
		 view->quic ? "quic" : "tcp");
}

static struct quic_keys keys_of(const uint8_t *packet, size_t length)
{
	struct cursor datagram = { packet, length };
	struct quic_initial initial;
	struct quic_keys keys;

	if (!quic_initial_next(&datagram, &initial) || !quic_keys_derive(&initial, &keys))
		abort();
	return keys;
}

/* A packet with these frames, as a client with this id protects it; packet number 0. */
static void put_packet(struct bytes *to, const char *version, const char *id,
		       const struct bytes *frames)
{
	size_t start = to->length, size = 1 + frames->length + 16;
	uint8_t *packet = to->at + start, mask[16];
	struct gcm_aes128_ctx gcm;
	struct aes128_ctx aes;
	struct quic_keys keys;

	put8(to, memcmp(version, V2, 4) ? 0xc0 : 0xd0);
	put(to, version, 4);
	put8(to, 8);
	put(to, id, 8);
	put16(to, 0); /* no name of its own, no token */
	put16(to, 0x4000 | size);
	to->length += size;
	packet[NUMBER_AT] = 0;
	keys = keys_of(packet, to->length - start);
	gcm_aes128_set_key(&gcm, keys.key);
	gcm_aes128_set_iv(&gcm, 12, keys.iv);
	gcm_aes128_update(&gcm, NUMBER_AT + 1, packet);
	gcm_aes128_encrypt(&gcm, frames->length, packet + NUMBER_AT + 1, frames->at);
	gcm_aes128_digest(&gcm, 16, packet + NUMBER_AT + 1 + frames->length);
	aes128_set_encrypt_key(&aes, keys.header);
	aes128_encrypt(&aes, 16, mask, packet + NUMBER_AT + 4);
	packet[0] ^= mask[0] & 0x0f;
	packet[NUMBER_AT] ^= mask[1];
}

/* A CRYPTO frame between padding, a ping and an acknowledgement. */
static void put_piece(struct bytes *to, size_t from, size_t end)
{
	put(to, "\0\0\1\2\7\0\0\1", 8);
	put8(to, 6);
	put16(to, 0x4000 | from);
	put16(to, 0x4000 | (end - from));
	put(to, message.at + from, end - from);
}

static bool show(const struct bytes *datagram, uint64_t frame)
{
	struct item_place place = { .frame = frame, .time_ns = frame };
	/* A block of exactly that size shows who reads beyond it. */
	uint8_t *copy = malloc(datagram->length);
	bool is_quic;

	memcpy(copy, datagram->at, datagram->length);
	is_quic = quic_datagram(&quic, &place, (struct cursor){ copy, datagram->length }, on_item,
				NULL);
	free(copy);
	return is_quic;
}

static bool show_piece(const char *version, const char *id, size_t from, size_t end, uint64_t frame)
{
	struct bytes frames = { 0 }, datagram = { 0 };

	put_piece(&frames, from, end);
	put_packet(&datagram, version, id, &frames);
	return show(&datagram, frame);
}

static void begin(void)
{
	quic_fini(&quic);
	if (quic_init(&quic))
		abort();
	said[0] = 0;
}

static bool same(const uint8_t *bytes, const char *hex)
{
	for (size_t i = 0; hex[2 * i]; i++) {
		char digits[3];

		snprintf(digits, sizeof(digits), "%02x", bytes[i]);
		if (memcmp(digits, hex + 2 * i, 2))
			return false;
	}
	return true;
}

static void test_keys(void)
{
	struct bytes packet = { 0 }, frames = { .length = 20 };
	struct quic_keys keys;

	put_packet(&packet, V1, ID, &frames);
	keys = keys_of(packet.at, packet.length);
	ok(same(keys.key, "1f369613dd76d5467730efcbe3b1a22d") &&
		   same(keys.iv, "fa044b2f42a3fd3b46fb255c") &&
		   same(keys.header, "9f50449e04a0e810283a1e9933adedd2"),
	   "keys of version 1 are those of RFC 9001, A.1");
	packet.length = 0;
	put_packet(&packet, V2, ID, &frames);
	keys = keys_of(packet.at, packet.length);
	ok(same(keys.key, "8b1a0bc121284290a29e0971b5cd045d") &&
		   same(keys.iv, "91f73e2351d8fa91660e909f") &&
		   same(keys.header, "45b95e15235d6f45a6b19cbcb0294ba9"),
	   "keys of version 2 are those of RFC 9369, A.1");
}

static void test_pieces(void)
{
	size_t end = message.length;

	begin();
	ok(show_piece(V1, ID, 0, end, 1) && !strcmp(said, "1 example.com q13d quic;"),
	   "a hello in one packet is told, with the JA4 of QUIC");
	show_piece(V1, ID, 0, end, 2);
	ok(!strcmp(said, "1 example.com q13d quic;"), "sent again it is told no more");
	show_piece(V1, OTHER_ID, 0, end, 3);
	ok(!strcmp(said, "1 example.com q13d quic;3 example.com q13d quic;"),
	   "another connection of the same ends is told");
	begin();
	show_piece(V2, ID, 100, end, 1);
	show_piece(V2, ID, 0, 60, 2);
	ok(!said[0], "a hello with a hole in it is not yet one");
	show_piece(V2, ID, 50, 110, 3);
	ok(!strcmp(said, "3 example.com q13d quic;"),
	   "pieces in any order, and twice, make a hello; version 2 likewise");
}

static void test_coalesced(void)
{
	struct bytes one = { 0 }, two = { 0 }, datagram = { 0 };

	begin();
	put_piece(&one, 0, 70);
	put_piece(&two, 70, message.length);
	put_packet(&datagram, V1, ID, &one);
	put_packet(&datagram, V1, ID, &two);
	ok(show(&datagram, 1) && !strcmp(said, "1 example.com q13d quic;"),
	   "two packets in a datagram are both read");
}

static void test_forged(void)
{
	struct bytes frames = { 0 }, datagram = { 0 };
	unsigned taken = 0;

	begin();
	put_piece(&frames, 0, message.length);
	put_packet(&datagram, V1, ID, &frames);
	for (size_t i = 6; i < datagram.length; i++) {
		datagram.at[i] ^= 1;
		taken += show(&datagram, 1);
		datagram.at[i] ^= 1;
	}
	ok(!taken && !quic.hellos.used && !said[0],
	   "with any byte changed it is no QUIC, and takes no room");
	for (size_t length = 1; length < datagram.length; length++) {
		struct bytes part = datagram;

		part.length = length;
		taken += show(&part, 1);
	}
	ok(!taken && !said[0], "and cut short neither");
}

static void test_far(void)
{
	struct bytes frames = { 0 }, datagram = { 0 };

	begin();
	put(&frames, "\6\x7f\xff\x40\x14", 5);
	put(&frames, message.at, 20);
	put_packet(&datagram, V1, ID, &frames);
	ok(show(&datagram, 1) && !said[0], "what lies beyond every hello is not kept");
}

/* None of the numbers is one of a frame, so that each that is not stepped over is seen. */
static void test_acknowledgements(void)
{
	static const struct {
		const char *frames;
		size_t size;
		bool found;
		const char *sentence;
	} rows[] = {
		{ "\2\x40\x77\x41\0\0\x09\6\5\1Z", 11, true,
		  "an ACK of one range is stepped over" },
		{ "\2\x09\x09\2\x09\x09\x09\x09\x09\6\5\1Z", 13, true, "so is one with two gaps" },
		{ "\3\x09\x09\0\x09\x09\x09\x09\6\5\1Z", 12, true, "and one with ECN's counts" },
		{ "\3\x09\x09\1\x09\x09\x09\x09\x09\x09\6\5\1Z", 14, true, "or with both" },
		{ "\2\x09\x09\5\x09\x09\6\5\1Z", 10, false,
		  "one that promises more ranges than there are bytes ends it" },
		{ "\2\x09\x09\0", 4, false, "as does one without its first range" },
		{ "\x09\6\5\1Z", 5, false, "and a frame that no Initial may have" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cursor frames = { (const uint8_t *)rows[i].frames, rows[i].size };
		struct quic_crypto crypto = { 0 };
		bool found = quic_crypto_next(&frames, &crypto);

		ok(found == rows[i].found &&
			   (!found || (crypto.offset == 5 && !frames.left &&
				       crypto.bytes.left == 1 && crypto.bytes.at[0] == 'Z')),
		   rows[i].sentence);
	}
}

int main(void)
{
	put_message(&message, "example.com", 11, 0);
	test_keys();
	test_pieces();
	test_coalesced();
	test_forged();
	test_far();
	test_acknowledgements();
	quic_fini(&quic);
	return done();
}
