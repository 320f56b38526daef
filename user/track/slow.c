// SPDX-License-Identifier: BSD-2-Clause
/* Counts distinct attempts and those that were answered, for each horizon. */
#include <string.h>
#include "skua/flow.h"
#include "track/slow.h"

#define KEEPS_FROM_S 3600
/* Tries for each target: a tool tries two times. */
#define KEEPS_TRIES 2
/* Beyond, linear counting of 512 bits counts too few. */
#define KEEPS_TARGETS_MAX 2000

bool slow_keeps(const struct slow *slow)
{
	const struct slow_horizon *day = &slow->horizon[HORIZONS - 1];
	uint32_t targets;

	if (slow->kept || day->last_ns < day->start_ns + KEEPS_FROM_S * SKUA_SECOND_NS)
		return slow->kept;
	targets = distinct_count(&day->tried).contacts;
	return targets <= KEEPS_TARGETS_MAX && day->tries > KEEPS_TRIES * targets;
}

static void begin(struct slow *slow, unsigned i)
{
	if (i == HORIZONS - 1) {
		slow->kept = false;
		slow->kept = slow_keeps(slow);
	}
	memset(&slow->horizon[i], 0, sizeof(slow->horizon[i]));
}

static struct slow_horizon *open_horizon(struct slow *slow, unsigned i, uint64_t now_ns)
{
	struct slow_horizon *horizon = &slow->horizon[i];
	uint64_t length_ns = horizon_length_s(i) * SKUA_SECOND_NS;

	if (horizon->start_ns && now_ns > horizon->start_ns &&
	    now_ns - horizon->start_ns >= length_ns)
		begin(slow, i);
	if (!horizon->start_ns)
		horizon->start_ns = now_ns ? now_ns : 1;
	return horizon;
}

static void note(struct slow_horizon *horizon, const struct attempt *attempt, uint8_t flags)
{
	bool refused = attempt->outcome == SKUA_REFUSED;

	if (!horizon->first_ns || attempt->first_ns < horizon->first_ns)
		horizon->first_ns = attempt->first_ns;
	if (attempt->first_ns > horizon->last_ns)
		horizon->last_ns = attempt->first_ns;
	horizon->outcomes[attempt->outcome]++;
	horizon->stray_refused += flags & SKUA_ACK && refused;
	horizon->stray_silent += flags & SKUA_ACK && !refused;
	candidate_vote(&horizon->target, &attempt->target);
}

/* What had failed before has not. */
static void correct(struct slow_horizon *horizon)
{
	static const uint8_t failures[] = { SKUA_UNANSWERED, SKUA_UNREACHABLE, SKUA_REFUSED };

	for (unsigned i = 0; i < sizeof(failures); i++)
		if (horizon->outcomes[failures[i]]) {
			horizon->outcomes[failures[i]]--;
			horizon->outcomes[SKUA_ANSWERED]++;
			return;
		}
}

static void answer(struct slow_horizon *horizon, uint32_t target, uint16_t port, bool is_new)
{
	int place = distinct_place(&horizon->tried, target, port);
	bool marked = distinct_mark(horizon->answered, DISTINCT_CONTACT_WORDS,
				    distinct_hash(target, port));

	if (place >= 0) {
		marked = !(horizon->answered_places >> place & 1);
		horizon->answered_places |= 1ull << place;
	}
	if (marked && !is_new)
		correct(horizon);
}

void slow_add(struct slow *slow, const struct attempt *attempt, uint8_t flags, bool lately)
{
	for (unsigned i = 0; i < HORIZONS; i++) {
		struct slow_horizon *horizon = open_horizon(slow, i, attempt->now_ns);
		bool is_new = distinct_add(&horizon->tried, attempt->target_hash, attempt->port);

		horizon->tries += !lately;
		if (is_new)
			note(horizon, attempt, flags);
		if (attempt->outcome == SKUA_ANSWERED)
			answer(horizon, attempt->target_hash, attempt->port, is_new);
	}
}

void slow_answer(struct slow *slow, uint32_t target)
{
	for (unsigned i = 0; i < HORIZONS; i++)
		answer(&slow->horizon[i], target, 0, false);
}

uint32_t slow_answered(const struct slow_horizon *horizon)
{
	if (horizon->tried.known <= DISTINCT_EXACT)
		return __builtin_popcountll(horizon->answered_places);
	return distinct_estimate(horizon->answered, DISTINCT_CONTACT_WORDS);
}
