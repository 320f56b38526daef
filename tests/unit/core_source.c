// SPDX-License-Identifier: BSD-2-Clause
/* Budgets of a source: attempts, events, bytes; what goes beyond is sketched; whose the slot is. */
#include <string.h>
#include "skua/sample.h"
#include "tap.h"

#define SECOND SKUA_SECOND_NS
#define START (1000 * SECOND)
#define HASH_TARGET 0x6a3d6fedu

static const struct skua_config config = { .contact_timeout_ns = 5 * SECOND,
					   .hash_seed = 7,
					   .pending_budget = 3,
					   .event_budget = 2,
					   .sample_rate = 10000 };
static struct skua_source source;

static void begin(void)
{
	skua_source_init(&source, true, START);
}

static bool allows(__u64 now_ns)
{
	return skua_source_allows(&source, &config, now_ns);
}

static void test_attempts(void)
{
	begin();
	ok(source.ours && source.first_ns == START && source.said_ns == START &&
		   source.sampled_ns == START && !source.last_ns && !source.sketch_ns,
	   "a new source has tried nothing");
	ok(allows(START) && allows(START) && allows(START + 1) && !allows(START + 2) &&
		   source.pending == 3,
	   "three attempts may be pending, a fourth is beyond the budget");
	skua_source_decided(&source);
	ok(allows(START + 3) && !allows(START + 3), "one that is decided makes room for one");
	ok(!allows(START + 5 * SECOND - 1), "five seconds long");
	ok(allows(START + 5 * SECOND) && source.pending == 1 &&
		   source.window_ns == START + 5 * SECOND,
	   "then all of them are over");
	skua_source_decided(&source);
	skua_source_decided(&source);
	ok(source.pending == 0, "what is decided late takes nothing away");
}

static bool says(__u64 now_ns)
{
	return skua_source_may_say(&source, &config, now_ns);
}

static void test_events(void)
{
	begin();
	ok(says(START) && says(START) && !says(START) && source.said == 2,
	   "so many events a second are said of it");
	ok(!says(START + SECOND - 1), "to its last nanosecond");
	ok(says(START + SECOND) && source.said == 1 && source.said_ns == START + SECOND,
	   "and again in the next");
}

static void test_bytes(void)
{
	begin();
	ok(skua_sample_allows(&source, 9999, &config, START) &&
		   !skua_sample_allows(&source, 2, &config, START) &&
		   skua_sample_allows(&source, 1, &config, START) && source.sampled == 10000,
	   "so many bytes a second are sampled of it, what does not fit is not taken in part");
	ok(!skua_sample_allows(&source, 1, &config, START + SECOND - 1) &&
		   skua_sample_allows(&source, 10000, &config, START + SECOND) &&
		   source.sampled_ns == START + SECOND,
	   "and again in the next second");
}

static void test_grants(void)
{
	struct skua_flow flow = {};

	begin();
	ok(skua_sample_units(0) == 0 && skua_sample_units(1) == 1 && skua_sample_units(64) == 1 &&
		   skua_sample_units(65) == 2,
	   "grants are in units of 64 bytes");
	ok(!skua_sample_granted(&flow, 1) &&
		   skua_sample_grant(&flow, &source, 65, &config, START) &&
		   flow.sample_grant == 62 && source.sampled == 4096,
	   "a flow takes 4 KiB at a time");
	ok(skua_sample_granted(&flow, 61 * 64) && flow.sample_grant == 1 &&
		   !skua_sample_granted(&flow, 65) && skua_sample_granted(&flow, 64) &&
		   flow.sample_grant == 0,
	   "and lives on it as far as it goes");
	ok(skua_sample_grant(&flow, &source, 4096, &config, START) && flow.sample_grant == 0 &&
		   source.sampled == 8192,
	   "what is as large as a grant is taken as it is");
	ok(!skua_sample_grant(&flow, &source, 64, &config, START) && source.sampled == 8192 &&
		   flow.sample_grant == 0,
	   "where a grant is too much there is none");
}

static __u64 bits(void)
{
	unsigned set = 0;

	for (int i = 0; i < SKUA_SKETCH_WORDS; i++)
		set += __builtin_popcountll(source.sketch[i]);
	return set;
}

static void overflow(__u16 port, __u64 now_ns)
{
	const struct skua_contact_key key = { .target = { 1, 2 }, .port = port, .proto = SKUA_UDP };

	skua_source_overflow(&source, &key, &config, now_ns);
}

static void test_overflow(void)
{
	begin();
	overflow(443, START);
	overflow(443, START + 1);
	ok(source.overflow == 2 && bits() == 1 && source.overflow_ns == START + 1 &&
		   source.sketch_ns == START && source.proto == SKUA_UDP,
	   "attempts beyond the budget are counted, each contact is marked once");
	overflow(444, START + 60 * SECOND - 1);
	ok(source.overflow == 3 && bits() == 2, "for a minute");
	overflow(445, START + 60 * SECOND);
	ok(source.overflow == 1 && bits() == 1 && source.sketch_ns == START + 60 * SECOND,
	   "then they count anew");
}

static void test_overflow_told(void)
{
	begin();
	ok(!skua_source_overflowed(&source, 0, START), "none, nothing to tell");
	overflow(443, START);
	ok(skua_source_overflowed(&source, START, START + 1) &&
		   skua_source_overflowed(&source, START - SECOND, START + 1),
	   "one at the beginning of a second is told at its end");
	ok(!skua_source_overflowed(&source, START - SECOND, START) &&
		   !skua_source_overflowed(&source, START + 1, START + SECOND),
	   "one at its very end is told with the next, one before it was");
}

/* Computed apart, from the constants of MurmurHash3: bits of two agents can be joined. */
static void test_hashes(void)
{
	const __u64 words[] = { 1, 2, 3 };

	ok(skua_hash(words, 8, 0) == 0xec23c8c7u && skua_hash(words, 24, 0) == 0xb31def4bu &&
		   skua_hash(words, 24, 7) == 0xb322337au && skua_hash(words, 0, 0) == 0x90f8749fu,
	   "the hash is the same everywhere");
	ok(skua_target_hash(words, 443, 7) == HASH_TARGET, "so is that of a target and a port");
	begin();
	overflow(443, START);
	ok(source.sketch[HASH_TARGET >> 6 & 7] == 1ull << (HASH_TARGET & 63),
	   "whose low bits choose the bit of a sketch");
}

static const struct skua_contact_key key = {
	.source = { 3, 4 }, .target = { 1, 2 }, .source_port = 1000, .port = 22, .proto = SKUA_TCP
};

static void fill_slot(void)
{
	begin();
	source.slot_key = key;
	source.slot.stage = SKUA_STAGE_SYN;
	source.slot.first_ns = START;
}

static bool is_free(__u64 after_ns)
{
	return skua_source_slot_free(&source, &config, START + after_ns);
}

static bool holds(const struct skua_contact_key *other, __u64 after_ns)
{
	return skua_source_slot_holds(&source, other, &config, START + after_ns);
}

static void test_slot(void)
{
	struct skua_contact_key other[] = { key, key, key, key, key };

	begin();
	ok(is_free(0) && !holds(&source.slot_key, 0), "a slot is free at first, and holds nothing");
	fill_slot();
	ok(!is_free(8 * SECOND - 1) && is_free(8 * SECOND),
	   "it is free again three seconds after its attempt expired");
	ok(holds(&key, 5 * SECOND - 1) && !holds(&key, 5 * SECOND),
	   "it holds its attempt until that expires");
	other[0].port++;
	other[1].source_port++;
	other[2].proto = SKUA_UDP;
	other[3].target[0]++;
	other[4].target[1]++;
	ok(!holds(&other[0], 0) && !holds(&other[1], 0) && !holds(&other[2], 0) &&
		   !holds(&other[3], 0) && !holds(&other[4], 0),
	   "and no other one");
}

static void test_slot_expires(void)
{
	__u64 deadline = START + 5 * SECOND;

	fill_slot();
	ok(skua_source_slot_expires(&source, &config, deadline - SECOND, deadline) &&
		   skua_source_slot_expires(&source, &config, deadline - 1, deadline + 5),
	   "the second in which its deadline falls tells it");
	ok(!skua_source_slot_expires(&source, &config, deadline, deadline + SECOND) &&
		   !skua_source_slot_expires(&source, &config, deadline - SECOND, deadline - 1),
	   "no other second does");
	source.slot.stage = SKUA_STAGE_NONE;
	ok(!skua_source_slot_expires(&source, &config, deadline - SECOND, deadline),
	   "an empty one never does");
}

int main(void)
{
	test_attempts();
	test_events();
	test_bytes();
	test_grants();
	test_overflow();
	test_overflow_told();
	test_hashes();
	test_slot();
	test_slot_expires();
	return done();
}
