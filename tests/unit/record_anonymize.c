// SPDX-License-Identifier: BSD-2-Clause
/* Properties of other addresses: prefixes, no two become one, known kinds stay, keys differ. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "base/address.h"
#include "record/anonymize.h"
#include "tap.h"

#define PAIRS 20000

static uint64_t state = 88172645463325252ull;

static uint8_t byte(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint8_t)(state >> 24);
}

static unsigned shared_bits(const uint8_t *a, const uint8_t *b, unsigned width)
{
	for (unsigned bit = 0; bit < 8 * width; bit++)
		if ((a[bit / 8] ^ b[bit / 8]) & 0x80 >> bit % 8)
			return bit;
	return 8 * width;
}

static void map(struct anonymizer *a, uint8_t *address, unsigned width)
{
	if (width == 4)
		anonymizer_ipv4(a, address);
	else
		anonymizer_ipv6(a, address);
}

/* Pairs that share every number of bits, and those alone. */
static bool preserves(struct anonymizer *a, unsigned width)
{
	for (unsigned i = 0; i < PAIRS; i++) {
		uint8_t one[16], other[16];
		unsigned shared = i % (8 * width);

		for (unsigned n = 0; n < width; n++)
			one[n] = byte();
		memcpy(other, one, width);
		other[shared / 8] ^= (uint8_t)(0x80 >> shared % 8);
		for (unsigned bit = shared + 1; bit < 8 * width; bit++)
			other[bit / 8] ^= (uint8_t)((byte() & 1) << (7 - bit % 8));
		map(a, one, width);
		map(a, other, width);
		if (shared_bits(one, other, width) != shared)
			return false;
	}
	return true;
}

static bool is_kept(struct anonymizer *a, const char *text)
{
	struct address before, after;

	address_parse(&before, text);
	after = before;
	if (address_is_ipv4(&before))
		anonymizer_ipv4(a, after.bytes + 12);
	else
		anonymizer_ipv6(a, after.bytes);
	return address_equal(&before, &after);
}

static bool all_kept(struct anonymizer *a, const char *const *texts)
{
	for (; *texts; texts++)
		if (!is_kept(a, *texts))
			return false;
	return true;
}

static void test_kinds(struct anonymizer *a)
{
	static const char *const known[] = { "0.0.0.0",     "255.255.255.255",
					     "224.0.0.251", "239.255.255.250",
					     "127.0.0.1",   "::",
					     "::1",         "ff02::1",
					     "ff02::fb",    NULL };
	struct address link, global, solicited;

	ok(all_kept(a, known), "multicast, loopback, broadcast and nobody stay what they are");
	ok(!is_kept(a, "10.9.0.5") && !is_kept(a, "203.0.113.5") && !is_kept(a, "2001:db8::7"),
	   "hosts do not");
	address_parse(&link, "fe80::0242:acff:fe11:2");
	anonymizer_ipv6(a, link.bytes);
	ok(link.bytes[0] == 0xfe && link.bytes[1] == 0x80 && link.bytes[11] != 0xff,
	   "link-local stays that, and hides its MAC address");
	address_parse(&global, "2001:db8::7");
	anonymizer_ipv6(a, global.bytes);
	ok(global.bytes[0] >> 5 == 1, "global unicast stays that");
	address_parse(&solicited, "ff02::1:ff11:2");
	anonymizer_ipv6(a, solicited.bytes);
	ok(solicited.bytes[12] == 0xff && memcmp(solicited.bytes + 13, "\x11\0\x02", 3),
	   "solicited-node multicast hides the host's bits");
}

/* All of a /16 around the addresses that are nobody's. */
static void test_injective(struct anonymizer *a)
{
	static const uint8_t networks[][2] = { { 0, 0 }, { 255, 255 }, { 10, 9 } };
	bool good = true;

	for (unsigned n = 0; n < 3; n++) {
		uint8_t *seen = calloc(1, 1 << 16);
		unsigned stray = 0;

		for (unsigned host = 0; host < 1 << 16; host++) {
			uint8_t at[4] = { networks[n][0], networks[n][1], (uint8_t)(host >> 8),
					  (uint8_t)host };
			unsigned to;

			anonymizer_ipv4(a, at);
			to = (unsigned)at[2] << 8 | at[3];
			stray += seen[to];
			seen[to] = 1;
		}
		/* Whoever changed places with nobody may come from elsewhere. */
		good &= stray <= 1;
		free(seen);
	}
	ok(good, "no two addresses of a network become one");
}

static void test_macs(struct anonymizer *a)
{
	static const uint8_t host[6] = { 0x00, 0x50, 0x56, 1, 2, 3 };
	static const uint8_t groups[][6] = { { 255, 255, 255, 255, 255, 255 },
					     { 1, 0, 0x5e, 0, 0, 0xfb },
					     { 0x33, 0x33, 0, 0, 0, 1 },
					     { 0 } };
	uint8_t one[6], other[6];
	bool kept = true;

	for (unsigned i = 0; i < 4; i++) {
		memcpy(one, groups[i], 6);
		anonymizer_mac(a, one);
		kept &= !memcmp(one, groups[i], 6);
	}
	ok(kept, "MAC addresses of groups stay");
	memcpy(one, host, 6);
	memcpy(other, host, 6);
	anonymizer_mac(a, one);
	anonymizer_mac(a, other);
	ok(!memcmp(one, other, 6) && memcmp(one, host, 6) && (one[0] & 3) == 2,
	   "those of hosts become locally administered ones, always the same");
}

static void test_keys(struct anonymizer *a)
{
	struct anonymizer *same, *different;
	uint8_t one[4] = { 10, 9, 0, 5 }, two[4] = { 10, 9, 0, 5 }, three[4] = { 10, 9, 0, 5 };
	unsigned differ = 0;

	ok(anonymizer_open(&same, "short", 5) == -EINVAL, "a short secret is refused");
	anonymizer_open(&same, "a secret of enough bytes", 24);
	anonymizer_open(&different, "a secret of enough bytez", 24);
	anonymizer_ipv4(a, one);
	anonymizer_ipv4(same, two);
	ok(!memcmp(one, two, 4), "the same secret gives the same addresses");
	for (unsigned host = 0; host < 64; host++) {
		memcpy(two, ((uint8_t[]){ 10, 9, 0, (uint8_t)host }), 4);
		memcpy(three, two, 4);
		anonymizer_ipv4(same, two);
		anonymizer_ipv4(different, three);
		differ += memcmp(two, three, 4) != 0;
	}
	ok(differ == 64, "another secret gives others");
	anonymizer_close(same);
	anonymizer_close(different);
	anonymizer_close(NULL);
}

/* Half of the bits that may flip do: else the hash is no hash. */
static void test_balance(struct anonymizer *a)
{
	unsigned flipped = 0;

	for (unsigned i = 0; i < PAIRS; i++) {
		uint8_t at[16] = { 0x20 }, before[16];

		for (unsigned n = 1; n < 16; n++)
			at[n] = byte();
		memcpy(before, at, 16);
		anonymizer_ipv6(a, at);
		for (unsigned n = 1; n < 16; n++)
			flipped += (unsigned)__builtin_popcount(at[n] ^ before[n]);
	}
	ok(flipped > PAIRS * 60 * 0.98 && flipped < PAIRS * 60 * 1.02, "half of the bits flip");
}

int main(void)
{
	struct anonymizer *a;

	if (sodium_init() < 0 || anonymizer_open(&a, "a secret of enough bytes", 24))
		return 1;
	ok(preserves(a, 4), "IPv4 addresses share as many bits afterwards as before");
	ok(preserves(a, 16), "IPv6 addresses share as many bits afterwards as before");
	test_kinds(a);
	test_injective(a);
	test_macs(a);
	test_keys(a);
	test_balance(a);
	anonymizer_close(a);
	return done();
}
