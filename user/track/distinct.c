// SPDX-License-Identifier: BSD-2-Clause
/* Counts distinct contacts exactly up to 64, then by linear counting from a table. */
#include <assert.h>
#include <string.h>
#include "track/distinct.h"

/* 16 * -512 ln(1 - k/512), rounded, for k bits set; the last with half a bit left. */
static const uint16_t linear[513] = {
	0,     16,    32,    48,    64,    80,    97,    113,   129,   145,   162,   178,   194,
	211,   227,   244,   260,   277,   293,   310,   326,   343,   360,   377,   393,   410,
	427,   444,   461,   478,   495,   512,   529,   546,   563,   580,   597,   614,   632,
	649,   666,   684,   701,   719,   736,   754,   771,   789,   806,   824,   842,   860,
	877,   895,   913,   931,   949,   967,   985,   1003,  1021,  1039,  1057,  1076,  1094,
	1112,  1131,  1149,  1167,  1186,  1204,  1223,  1241,  1260,  1279,  1298,  1316,  1335,
	1354,  1373,  1392,  1411,  1430,  1449,  1468,  1487,  1506,  1526,  1545,  1564,  1584,
	1603,  1623,  1642,  1662,  1681,  1701,  1721,  1740,  1760,  1780,  1800,  1820,  1840,
	1860,  1880,  1900,  1921,  1941,  1961,  1981,  2002,  2022,  2043,  2063,  2084,  2105,
	2125,  2146,  2167,  2188,  2209,  2230,  2251,  2272,  2293,  2314,  2335,  2357,  2378,
	2399,  2421,  2442,  2464,  2486,  2507,  2529,  2551,  2573,  2595,  2617,  2639,  2661,
	2683,  2705,  2728,  2750,  2772,  2795,  2817,  2840,  2863,  2885,  2908,  2931,  2954,
	2977,  3000,  3023,  3046,  3069,  3093,  3116,  3140,  3163,  3187,  3210,  3234,  3258,
	3282,  3306,  3330,  3354,  3378,  3402,  3426,  3451,  3475,  3499,  3524,  3549,  3573,
	3598,  3623,  3648,  3673,  3698,  3723,  3749,  3774,  3799,  3825,  3850,  3876,  3902,
	3927,  3953,  3979,  4005,  4031,  4058,  4084,  4110,  4137,  4163,  4190,  4217,  4244,
	4270,  4297,  4325,  4352,  4379,  4406,  4434,  4461,  4489,  4517,  4544,  4572,  4600,
	4628,  4657,  4685,  4713,  4742,  4770,  4799,  4828,  4857,  4886,  4915,  4944,  4973,
	5003,  5032,  5062,  5092,  5122,  5152,  5182,  5212,  5242,  5272,  5303,  5334,  5364,
	5395,  5426,  5457,  5488,  5520,  5551,  5583,  5615,  5646,  5678,  5710,  5743,  5775,
	5807,  5840,  5873,  5905,  5938,  5971,  6005,  6038,  6072,  6105,  6139,  6173,  6207,
	6241,  6276,  6310,  6345,  6379,  6414,  6449,  6485,  6520,  6556,  6591,  6627,  6663,
	6699,  6736,  6772,  6809,  6846,  6883,  6920,  6957,  6995,  7032,  7070,  7108,  7146,
	7185,  7223,  7262,  7301,  7340,  7379,  7419,  7458,  7498,  7538,  7579,  7619,  7660,
	7701,  7742,  7783,  7824,  7866,  7908,  7950,  7992,  8035,  8078,  8121,  8164,  8207,
	8251,  8295,  8339,  8384,  8428,  8473,  8518,  8564,  8609,  8655,  8701,  8748,  8794,
	8841,  8889,  8936,  8984,  9032,  9080,  9129,  9178,  9227,  9276,  9326,  9376,  9427,
	9477,  9529,  9580,  9632,  9684,  9736,  9789,  9842,  9895,  9949,  10003, 10057, 10112,
	10167, 10223, 10279, 10335, 10392, 10449, 10506, 10564, 10622, 10681, 10740, 10800, 10860,
	10920, 10981, 11043, 11104, 11167, 11230, 11293, 11357, 11421, 11486, 11551, 11617, 11683,
	11750, 11817, 11885, 11954, 12023, 12093, 12163, 12234, 12305, 12378, 12450, 12524, 12598,
	12673, 12748, 12825, 12901, 12979, 13058, 13137, 13217, 13297, 13379, 13461, 13544, 13628,
	13713, 13799, 13886, 13973, 14062, 14151, 14242, 14333, 14426, 14520, 14614, 14710, 14807,
	14905, 15005, 15105, 15207, 15310, 15414, 15520, 15627, 15735, 15845, 15957, 16070, 16184,
	16301, 16419, 16538, 16660, 16783, 16908, 17035, 17164, 17295, 17428, 17563, 17701, 17841,
	17984, 18129, 18276, 18427, 18580, 18736, 18895, 19057, 19223, 19391, 19564, 19740, 19920,
	20104, 20293, 20485, 20683, 20885, 21092, 21305, 21524, 21748, 21979, 22216, 22461, 22713,
	22973, 23242, 23519, 23807, 24105, 24414, 24735, 25070, 25418, 25783, 26164, 26563, 26984,
	27426, 27895, 28391, 28920, 29485, 30092, 30748, 31461, 32242, 33105, 34070, 35163, 36426,
	37920, 39748, 42105, 45426, 51104, 56783,
};

uint32_t distinct_estimate(const uint64_t *bits, unsigned words)
{
	unsigned set = 0;

	assert(words == 4 || words == 8);
	for (unsigned i = 0; i < words; i++)
		set += __builtin_popcountll(bits[i]);
	/* -256 ln(1 - k/256) is half of -512 ln(1 - 2k/512). */
	return words == 8 ? (linear[set] + 8) / 16 : (linear[2 * set] + 16) / 32;
}

bool distinct_mark(uint64_t *bits, unsigned words, uint32_t hash)
{
	uint64_t *word = &bits[hash / 64 & (words - 1)];
	uint64_t bit = 1ull << (hash & 63);

	if (*word & bit)
		return false;
	*word |= bit;
	return true;
}

/*
 * Scanners count: neighbouring addresses and ports must fall on bits as by
 * chance, not evenly, or linear counting counts too many.  A single
 * multiplication spreads them evenly; this is MurmurHash3's finaliser (public
 * domain), which does not.
 */
static uint32_t scatter(uint64_t word)
{
	word = (word ^ word >> 33) * 0xff51afd7ed558ccdull;
	word = (word ^ word >> 33) * 0xc4ceb9fe1a85ec53ull;
	return word ^ word >> 33;
}

uint32_t distinct_hash(uint32_t target, uint16_t port)
{
	return scatter((uint64_t)target << 16 | port);
}

static bool sketch(struct distinct *distinct, uint32_t target, uint16_t port)
{
	distinct_mark(distinct->sketch.targets, DISTINCT_SIDE_WORDS, scatter(target));
	distinct_mark(distinct->sketch.ports, DISTINCT_SIDE_WORDS, scatter(port));
	return distinct_mark(distinct->sketch.contacts, DISTINCT_CONTACT_WORDS,
			     distinct_hash(target, port));
}

/* The list is full: what it holds goes to the sketches, which take its place. */
static void give_up_list(struct distinct *distinct)
{
	struct distinct list = *distinct;

	memset(&distinct->sketch, 0, sizeof(distinct->sketch));
	distinct->sketch.first_count =
		distinct_ports(&list, distinct->sketch.first_ports, DISTINCT_PORTS);
	for (unsigned i = 0; i < DISTINCT_EXACT; i++)
		sketch(distinct, list.exact.targets[i], list.exact.ports[i]);
	distinct->known = DISTINCT_EXACT + 1;
}

int distinct_place(const struct distinct *distinct, uint32_t target, uint16_t port)
{
	if (distinct->known > DISTINCT_EXACT)
		return -1;
	for (unsigned i = 0; i < distinct->known; i++)
		if (distinct->exact.targets[i] == target && distinct->exact.ports[i] == port)
			return i;
	return -1;
}

bool distinct_add(struct distinct *distinct, uint32_t target, uint16_t port)
{
	if (distinct->known > DISTINCT_EXACT)
		return sketch(distinct, target, port);
	if (distinct_place(distinct, target, port) >= 0)
		return false;
	if (distinct->known == DISTINCT_EXACT) {
		give_up_list(distinct);
		sketch(distinct, target, port);
		return true;
	}
	distinct->exact.targets[distinct->known] = target;
	distinct->exact.ports[distinct->known++] = port;
	return true;
}

/* Has none of the entries before i the same target? */
static bool is_first_target(const struct distinct *distinct, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (distinct->exact.targets[j] == distinct->exact.targets[i])
			return false;
	return true;
}

static bool is_first_port(const struct distinct *distinct, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (distinct->exact.ports[j] == distinct->exact.ports[i])
			return false;
	return true;
}

struct distinct_counts distinct_count(const struct distinct *distinct)
{
	struct distinct_counts counts = { .contacts = distinct->known };

	if (distinct->known > DISTINCT_EXACT)
		return (struct distinct_counts){
			distinct_estimate(distinct->sketch.contacts, DISTINCT_CONTACT_WORDS),
			distinct_estimate(distinct->sketch.targets, DISTINCT_SIDE_WORDS),
			distinct_estimate(distinct->sketch.ports, DISTINCT_SIDE_WORDS),
		};
	for (unsigned i = 0; i < distinct->known; i++) {
		counts.targets += is_first_target(distinct, i);
		counts.ports += is_first_port(distinct, i);
	}
	return counts;
}

unsigned distinct_ports(const struct distinct *distinct, uint16_t *ports, unsigned room)
{
	unsigned count = 0;

	if (distinct->known > DISTINCT_EXACT) {
		count = distinct->sketch.first_count < room ? distinct->sketch.first_count : room;
		memcpy(ports, distinct->sketch.first_ports, count * sizeof(*ports));
		return count;
	}
	for (unsigned i = 0; i < distinct->known && count < room; i++)
		if (is_first_port(distinct, i))
			ports[count++] = distinct->exact.ports[i];
	return count;
}
