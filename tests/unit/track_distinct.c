// SPDX-License-Identifier: BSD-2-Clause
/* Distinct contacts: exact up to 64, within three standard errors beyond. */
#include <string.h>
#include "skua/hash.h"
#include "track/distinct.h"
#include "tap.h"

#define ROUNDS 200

static uint32_t hash(uint64_t word, uint64_t seed)
{
	return skua_hash(&word, sizeof(word), seed);
}

/* Independent of each other, as the hashes of unrelated names are. */
static uint32_t random32(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 32;
}

/* sqrt(m (e^t - t - 1)), t = n/m: of linear counting of n with m = 64 * words bits. */
static const struct {
	uint32_t n;
	unsigned words;
	double standard_error;
} sizes[] = {
	{ 65, 4, 3.00 },   { 65, 8, 2.08 },  { 100, 4, 4.73 },  { 100, 8, 3.23 },
	{ 200, 4, 10.16 }, { 200, 8, 6.68 }, { 500, 8, 18.64 }, { 1000, 8, 45.80 },
};

static bool is_near(double counted, double n, double standard_error)
{
	return counted > n - 3 * standard_error && counted < n + 3 * standard_error;
}

static void test_exact(void)
{
	struct distinct distinct = { 0 };
	struct distinct_counts counts;
	bool wrong = false;

	ok(distinct_count(&distinct).contacts == 0, "zeroed memory is an empty set");
	for (uint32_t i = 0; i < DISTINCT_EXACT; i++) {
		wrong |= !distinct_add(&distinct, hash(i % 7, 0), 1000 + i);
		wrong |= distinct_add(&distinct, hash(i % 7, 0), 1000 + i);
		counts = distinct_count(&distinct);
		wrong |= counts.contacts != i + 1 || counts.ports != i + 1;
		wrong |= counts.targets != (i < 7 ? i + 1 : 7);
	}
	ok(!wrong, "up to 64 contacts everything is counted exactly, repetitions are known");
	ok(distinct_add(&distinct, hash(0, 0), 1), "the 65th contact is new");
	wrong = false;
	for (uint32_t i = 0; i < DISTINCT_EXACT; i++)
		wrong |= distinct_add(&distinct, hash(i % 7, 0), 1000 + i);
	ok(!wrong, "what the list held is still known when the sketches have taken its place");
	counts = distinct_count(&distinct);
	ok(counts.targets >= 6 && counts.targets <= 8, "few targets stay few by sketch");
	ok(counts.contacts >= 60 && counts.contacts <= 70, "65 contacts by sketch are about 65");
}

static void test_ports(void)
{
	struct distinct distinct = { 0 };
	uint16_t ports[DISTINCT_PORTS];

	for (uint32_t i = 0; i < 100; i++) {
		distinct_add(&distinct, 1, 80 + i);
		distinct_add(&distinct, 2, 80 + i);
	}
	ok(distinct_ports(&distinct, ports, DISTINCT_PORTS) == DISTINCT_PORTS && ports[0] == 80 &&
		   ports[9] == 89,
	   "the first ten distinct ports survive the change to sketches, in order");
	ok(distinct_ports(&distinct, ports, 3) == 3,
	   "no more ports are written than there is room");
}

static void test_estimates(void)
{
	bool biased = false, far = false;
	uint64_t state = 1;

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		double n = sizes[i].n, sigma = sizes[i].standard_error, bias = 0;
		unsigned beyond = 0;

		for (unsigned round = 0; round < ROUNDS; round++) {
			uint64_t bits[DISTINCT_CONTACT_WORDS] = { 0 };
			uint32_t counted;

			for (uint32_t j = 0; j < n; j++)
				distinct_mark(bits, sizes[i].words, random32(&state));
			counted = distinct_estimate(bits, sizes[i].words);
			bias += (counted - n) / sigma / ROUNDS;
			beyond += !is_near(counted, n, sigma);
		}
		biased |= bias > 0.3 || bias < -0.3;
		far |= beyond > ROUNDS / 50;
	}
	ok(!biased, "estimates are right in the mean");
	ok(!far, "estimates are within three standard errors");
}

/* What scanners do: ports in order, addresses in order. */
static void test_orderly(void)
{
	struct distinct vertical = { 0 }, horizontal = { 0 }, block = { 0 };
	struct distinct_counts counts;

	for (uint32_t i = 0; i < 1000; i++)
		distinct_add(&vertical, hash(42, 0), 1 + i);
	counts = distinct_count(&vertical);
	ok(counts.targets == 1 && is_near(counts.contacts, 1000, 45.69),
	   "ports 1 to 1000 of a target are one target and about 1,000 contacts");
	for (uint32_t i = 0; i < 256; i++) {
		uint64_t address[2] = { 0, 0x0a0affffull | (uint64_t)i << 56 };

		distinct_add(&horizontal, skua_hash(address, sizeof(address), 0), 80);
		distinct_add(&block, skua_hash(address, sizeof(address), 0), 1 + i);
	}
	counts = distinct_count(&horizontal);
	ok(counts.ports == 1 && is_near(counts.contacts, 256, 8.72),
	   "256 neighbours on a port are one port and about 256 contacts");
	counts = distinct_count(&block);
	ok(is_near(counts.targets, 256, 13.56) && is_near(counts.ports, 256, 13.56),
	   "256 targets with a port of their own each are about 256 of both");
}

static void test_edges(void)
{
	uint64_t bits[DISTINCT_CONTACT_WORDS] = { 0 };

	ok(!distinct_estimate(bits, 8) && !distinct_estimate(bits, 4), "no bit, nobody");
	ok(distinct_mark(bits, 8, 511) && bits[7] == 1ull << 63, "bit 511 is the last one");
	ok(!distinct_mark(bits, 8, 511 + 512), "hashes that share their low bits share a bit");
	ok(distinct_estimate(bits, 8) == 1, "one bit, one contact");
	for (unsigned i = 0; i < 256; i++)
		distinct_mark(bits, 8, i);
	ok(distinct_estimate(bits, 8) == 357, "257 of 512 bits: 512 ln(512/255) = 356.9");
	bits[0] = bits[1] = ~0ull;
	bits[2] = bits[3] = 0;
	ok(distinct_estimate(bits, 4) == 177, "half of 256 bits: 256 ln 2 = 177.4");
	memset(bits, 0xff, sizeof(bits));
	ok(distinct_estimate(bits, 8) == 3549 && distinct_estimate(bits, 4) == 1774,
	   "a full sketch says its bound");
}

int main(void)
{
	test_exact();
	test_ports();
	test_estimates();
	test_orderly();
	test_edges();
	return done();
}
