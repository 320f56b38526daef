// SPDX-License-Identifier: BSD-2-Clause
/* Books failed and succeeded first contacts into a running sum for each horizon. */
#include <string.h>
#include "skua/flow.h"
#include "skua/hash.h"
#include "track/horizon.h"

/* A connection to a known place says nothing new.  A quarter full, one new success in eight (on
 * average) is taken for a known one; then the memory starts anew. */
#define REACHED_BITS_MAX (64 * DISTINCT_CONTACT_WORDS / 4)
/* Successes between two counts of the bits: a count costs more than a mark. */
#define REACHED_CHECK 16
/* A heavy page names thirty hosts: two or three of them in five minutes must not suffice. */
#define RELUCTANT_WEIGHT 8

uint32_t horizon_length_s(unsigned horizon)
{
	static const uint32_t lengths_s[HORIZONS] = { 300, 3600, 86400 };

	return lengths_s[horizon];
}

static struct horizon *open_horizon(struct horizons *horizons, unsigned i, uint64_t now_ns)
{
	struct horizon *horizon = &horizons->horizon[i];
	uint64_t length_ns = horizon_length_s(i) * SKUA_SECOND_NS;

	if (horizon->start_ns && now_ns > horizon->start_ns &&
	    now_ns - horizon->start_ns >= length_ns)
		memset(horizon, 0, sizeof(*horizon));
	if (!horizon->start_ns)
		horizon->start_ns = now_ns ? now_ns : 1;
	return horizon;
}

static uint32_t contact_hash(const struct attempt *attempt)
{
	uint64_t word = (uint64_t)attempt->target_hash << 16 | attempt->port;

	return skua_hash(&word, sizeof(word), 0);
}

static unsigned reached_bits(const struct horizon *horizon)
{
	unsigned set = 0;

	for (unsigned i = 0; i < DISTINCT_CONTACT_WORDS; i++)
		set += __builtin_popcountll(horizon->reached[i]);
	return set;
}

static bool was_reached(const struct horizon *horizon, uint32_t hash)
{
	return horizon->reached[hash / 64 & (DISTINCT_CONTACT_WORDS - 1)] >> (hash & 63) & 1;
}

/* true: a new failure of this horizon. */
static bool note_failure(struct horizon *horizon, const struct attempt *attempt)
{
	if (!distinct_add(&horizon->failures, attempt->target_hash, attempt->port))
		return false;
	if (!horizon->first_ns || attempt->first_ns < horizon->first_ns)
		horizon->first_ns = attempt->first_ns;
	if (attempt->first_ns > horizon->last_ns)
		horizon->last_ns = attempt->first_ns;
	horizon->outcomes[attempt->outcome]++;
	candidate_vote(&horizon->target, &attempt->target);
	return true;
}

static bool is_booked(struct horizons *horizons, unsigned i, enum horizon_weight weight)
{
	if (weight == HORIZON_RELUCTANT)
		return i == 0 && ++horizons->reluctant % RELUCTANT_WEIGHT == 0;
	return weight == HORIZON_COUNTED;
}

void horizons_failed(struct horizons *horizons, const struct attempt *attempt,
		     enum horizon_weight weight)
{
	uint32_t hash = contact_hash(attempt);

	for (unsigned i = 0; i < HORIZONS; i++) {
		struct horizon *horizon = open_horizon(horizons, i, attempt->now_ns);

		/* What worked an hour ago and is down now was no first contact; in five minutes the
		 * successes around it outweigh it, and a scan must not hide behind a chance bit. */
		if (i && was_reached(horizon, hash))
			continue;
		if (note_failure(horizon, attempt) && is_booked(horizons, i, weight))
			horizon->failed++;
	}
}

void horizons_succeeded(struct horizons *horizons, const struct attempt *attempt)
{
	uint32_t hash = contact_hash(attempt);

	for (unsigned i = 0; i < HORIZONS; i++) {
		struct horizon *horizon = open_horizon(horizons, i, attempt->now_ns);

		if (!distinct_mark(horizon->reached, DISTINCT_CONTACT_WORDS, hash))
			continue;
		if (horizon->answered % REACHED_CHECK == 0 &&
		    reached_bits(horizon) > REACHED_BITS_MAX) {
			memset(horizon->reached, 0, sizeof(horizon->reached));
			distinct_mark(horizon->reached, DISTINCT_CONTACT_WORDS, hash);
		}
		horizon->succeeded++;
		horizon->answered++;
		if (i == 0)
			horizons->fresh++;
	}
}

void horizons_withdraw(struct horizons *horizons)
{
	for (unsigned i = 0; i < HORIZONS; i++) {
		struct horizon *horizon = &horizons->horizon[i];

		/* So the sum is never above the number of failures, whoever miscounts. */
		if (horizon->withdrawn == horizon->answered)
			continue;
		horizon->withdrawn++;
		if (horizon->succeeded)
			horizon->succeeded--;
		else
			horizon->failed++;
	}
}

/* Forgets successes that are too old at second; returns how many are left. */
static int32_t credit_at(struct horizons *horizons, uint64_t second)
{
	uint64_t missed = second - horizons->booked_s;
	int32_t sum = 0;

	for (uint64_t i = 1; i <= missed && i <= HORIZON_CREDIT_S; i++)
		horizons->succeeded[(horizons->booked_s + i) % HORIZON_CREDIT_S] = 0;
	horizons->booked_s = second;
	for (unsigned i = 0; i < HORIZON_CREDIT_S; i++)
		sum += horizons->succeeded[i];
	return sum;
}

static void book(struct horizon *horizon, int32_t credit)
{
	int32_t sum = horizon->cusum + (int32_t)horizon->failed - (int32_t)horizon->succeeded;

	/* Here the walk begins anew: what failed before is no part of it. */
	if (sum <= 0 && !horizon->failed)
		horizon->first_ns = 0;
	horizon->cusum = sum < -credit ? -credit : sum;
	horizon->failed = horizon->succeeded = 0;
}

static void forgive(struct horizon *horizon, int32_t credit)
{
	if (horizon->cusum < -credit)
		horizon->cusum = -credit;
}

void horizons_book(struct horizons *horizons, uint64_t now_ns)
{
	uint64_t second = now_ns / SKUA_SECOND_NS;
	int32_t credit;

	if (second < horizons->booked_s)
		second = horizons->booked_s;
	/* The seconds left out had neither failures nor successes: only the credit ran out. */
	if (second > horizons->booked_s + 1) {
		credit = credit_at(horizons, second - 1);
		for (unsigned i = 0; i < HORIZONS; i++)
			forgive(&horizons->horizon[i], credit);
	}
	credit_at(horizons, second);
	horizons->succeeded[second % HORIZON_CREDIT_S] += horizons->fresh;
	horizons->fresh = 0;
	credit = credit_at(horizons, second);
	for (unsigned i = 0; i < HORIZONS; i++)
		book(&horizons->horizon[i], credit);
}
