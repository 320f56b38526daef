// SPDX-License-Identifier: BSD-2-Clause
/* Initial packets and the frames in them: what is one, how far it goes, what no Initial may have.
 */
#include <string.h>
#include "dissect/quic_initial.h"
#include "tap.h"

/* Version 1: its names are "abcd" and "ef", no token, three bytes behind the length. */
#define INITIAL "\xc0\0\0\0\1\4abcd\2ef\0\3xyz"
#define INITIAL_SIZE 18

static struct quic_initial initial;

static bool begins(const char *bytes, size_t length)
{
	struct cursor datagram = { (const uint8_t *)bytes, length };

	return quic_initial_next(&datagram, &initial);
}

static void test_initial(void)
{
	static const char two[] = INITIAL INITIAL;
	struct cursor datagram = { (const uint8_t *)two, sizeof(two) - 1 };
	bool cut = true;

	ok(quic_initial_next(&datagram, &initial) && initial.id.left == 4 &&
		   !memcmp(initial.id.at, "abcd", 4) && initial.number_at == INITIAL_SIZE - 3 &&
		   initial.packet.left == INITIAL_SIZE &&
		   initial.packet.at == (const uint8_t *)two && datagram.left == INITIAL_SIZE,
	   "a packet has the name of its connection, and ends where it says");
	ok(quic_initial_next(&datagram, &initial) && !datagram.left &&
		   !quic_initial_next(&datagram, &initial),
	   "the next one begins there, until there is none");
	for (size_t left = 0; left < INITIAL_SIZE; left++)
		cut &= !begins(INITIAL, left);
	ok(cut, "one that is cut is none");
}

/* The beginning of a packet with these first and version octets. */
static bool is_begun_by(const char *head)
{
	char bytes[INITIAL_SIZE + 1] = INITIAL;

	memcpy(bytes, head, 5);
	return begins(bytes, INITIAL_SIZE);
}

static void test_versions(void)
{
	ok(is_begun_by("\xc0\0\0\0\1") && is_begun_by("\xcf\0\0\0\1"), "version 1");
	ok(!is_begun_by("\xd0\0\0\0\1") && !is_begun_by("\xe0\0\0\0\1") &&
		   !is_begun_by("\xf0\0\0\0\1"),
	   "whose other packets are no Initials");
	ok(is_begun_by("\xd0\x6b\x33\x43\xcf") && !is_begun_by("\xc0\x6b\x33\x43\xcf"),
	   "version 2 has another mark for them");
	ok(is_begun_by("\xc0\xff\0\0\x17") && is_begun_by("\xc0\xff\0\0\x1c") &&
		   is_begun_by("\xc0\xff\0\0\x1d") && is_begun_by("\xc0\xff\0\0\x20"),
	   "drafts 23 to 32 are");
	ok(!is_begun_by("\xc0\xff\0\0\x16") && !is_begun_by("\xc0\xff\0\0\x21") &&
		   !is_begun_by("\xc0\0\0\0\0") && !is_begun_by("\xc0\0\0\0\2"),
	   "others are not");
	ok(!is_begun_by("\x40\0\0\0\1"), "nor is a short header");
}

static void test_names(void)
{
	char bytes[64] = "\xc0\0\0\0\1\x14";

	memcpy(bytes + 26, "\0\0\1x", 4);
	ok(begins(bytes, 30) && initial.id.left == 20, "a name may have 20 bytes");
	memcpy(bytes + 5, "\x15", 1);
	memcpy(bytes + 27, "\0\0\1x", 4);
	ok(!begins(bytes, 31), "not 21");
	memset(bytes + 5, 0, 58);
	bytes[6] = 0x14;
	bytes[28] = 1;
	ok(begins(bytes, 30) && initial.id.left == 0 && initial.number_at == 29,
	   "it may be empty, and the server's as long");
	bytes[6] = 0x15;
	bytes[29] = 1;
	ok(!begins(bytes, 31), "but no longer");
}

static void test_numbers(void)
{
	ok(begins("\xc0\0\0\0\1\0\0\0\x40\1x", 11) && initial.number_at == 10 &&
		   initial.packet.left == 11,
	   "a length may take two bytes");
	ok(begins("\xc0\0\0\0\1\0\0\0\x80\0\0\1x", 13) && initial.number_at == 12, "or four");
	ok(begins("\xc0\0\0\0\1\0\0\0\xc0\0\0\0\0\0\0\1x", 17) && initial.number_at == 16,
	   "or eight");
	ok(!begins("\xc0\0\0\0\1\0\0\0\x80\1\0\1x", 13), "of which all count");
	ok(begins("\xc0\0\0\0\1\0\0\2tt\1x", 12) && initial.number_at == 11 &&
		   !begins("\xc0\0\0\0\1\0\0\5tt\1x", 12),
	   "a token lies before it, if it is there");
}

static struct quic_crypto crypto;

static bool finds(const char *bytes, size_t length)
{
	struct cursor frames = { (const uint8_t *)bytes, length };

	return quic_crypto_next(&frames, &crypto);
}

static void test_frames(void)
{
	static const char two[] = "\6\0\2ab\0\1\6\2\3cde";
	struct cursor frames = { (const uint8_t *)two, sizeof(two) - 1 };

	ok(quic_crypto_next(&frames, &crypto) && crypto.offset == 0 && crypto.bytes.left == 2 &&
		   !memcmp(crypto.bytes.at, "ab", 2),
	   "a piece of the handshake");
	ok(quic_crypto_next(&frames, &crypto) && crypto.offset == 2 && crypto.bytes.left == 3 &&
		   !quic_crypto_next(&frames, &crypto),
	   "another behind padding and a ping, and no more");
	ok(!finds("\6\0\3ab", 5) && !finds("\6\0", 2) && !finds("\6", 1) && !finds("", 0),
	   "one that is cut is none");
	ok(finds("\6\x40\x80\1a", 5) && crypto.offset == 128 && finds("\6\x41\2\1a", 5) &&
		   crypto.offset == 258,
	   "it may stand far behind");
	ok(!finds("\7\6\0\1a", 5) && !finds("\x1c\6\0\1a", 5), "what no Initial may have ends it");
}

static void test_acks(void)
{
	ok(finds("\2\1\1\0\1\6\0\1a", 9), "an acknowledgement is passed over");
	ok(finds("\2\1\1\2\1\1\1\1\1\6\0\1a", 13) && !finds("\2\1\1\2\1\1\1\1\1", 9) &&
		   !finds("\2\1\1\2\1\1\1\1", 8),
	   "with its ranges, a gap and a length each,");
	ok(finds("\3\1\1\0\1\1\1\1\6\0\1a", 12) && !finds("\3\1\1\0\1\1\1", 7),
	   "or its three counts");
	ok(!finds("\2\1\1\x3f\1\1\1\1\6\0\1a", 12), "more ranges than there are bytes are none");
}

int main(void)
{
	test_initial();
	test_versions();
	test_names();
	test_numbers();
	test_frames();
	test_acks();
	return done();
}
