// SPDX-License-Identifier: BSD-2-Clause
/* A list of a minute's attempts that forgets the oldest when full. */
#include <string.h>
#include "skua/flow.h"
#include "track/recent.h"

bool recent_holds(const struct recent *recent, const struct recent_entry *entry)
{
	return entry->second + (uint64_t)RECENT_WINDOW_S > recent->last_ns / SKUA_SECOND_NS;
}

static struct recent_entry *find(struct recent *recent, uint32_t target, uint16_t port)
{
	for (unsigned i = 0; i < recent->used; i++)
		if (recent->entries[i].target == target && recent->entries[i].port == port)
			return &recent->entries[i];
	return NULL;
}

static struct recent_entry *take(struct recent *recent)
{
	struct recent_entry *oldest = &recent->entries[0];

	if (recent->used < RECENT_ENTRIES)
		return &recent->entries[recent->used++];
	for (unsigned i = 1; i < RECENT_ENTRIES; i++)
		if (recent->entries[i].second < oldest->second)
			oldest = &recent->entries[i];
	return oldest;
}

static void move_window(struct recent *recent, uint64_t first_ns)
{
	if (recent->last_ns && first_ns > recent->last_ns &&
	    first_ns - recent->last_ns >= RECENT_WINDOW_S * SKUA_SECOND_NS)
		memset(recent, 0, sizeof(*recent));
	if (!recent->first_ns || first_ns < recent->first_ns)
		recent->first_ns = first_ns;
	if (first_ns > recent->last_ns)
		recent->last_ns = first_ns;
}

/* Once answered, an attempt stays so for its minute: to ask again is no new failure. */
static void decide(struct recent *recent, struct recent_entry *entry, uint8_t outcome)
{
	uint8_t before = entry->outcome;

	if (before == SKUA_ANSWERED || before == outcome)
		return;
	entry->outcome = outcome;
	if (outcome != SKUA_ANSWERED || !recent->outcomes[before])
		return;
	recent->outcomes[before]--;
	recent->outcomes[SKUA_ANSWERED]++;
}

bool recent_add(struct recent *recent, const struct attempt *attempt, uint8_t flags)
{
	struct recent_entry *entry;
	uint32_t second = attempt->first_ns / SKUA_SECOND_NS;
	bool lately;

	move_window(recent, attempt->first_ns);
	entry = find(recent, attempt->target_hash, attempt->port);
	lately = entry && second < entry->second + (uint64_t)RECENT_WINDOW_S;
	if (!entry) {
		entry = take(recent);
		*entry = (struct recent_entry){ .target = attempt->target_hash,
						.port = attempt->port,
						.outcome = attempt->outcome };
	}
	if (second > entry->second)
		entry->second = second;
	entry->flags = flags;
	decide(recent, entry, attempt->outcome);
	if (!distinct_add(&recent->tried, attempt->target_hash, attempt->port))
		return lately;
	recent->outcomes[attempt->outcome]++;
	candidate_vote(&recent->target, &attempt->target);
	return lately;
}

bool recent_answer(struct recent *recent, uint32_t target)
{
	struct recent_entry *entry = find(recent, target, 0);

	if (entry)
		decide(recent, entry, SKUA_ANSWERED);
	return entry != NULL;
}
