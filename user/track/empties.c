// SPDX-License-Identifier: BSD-2-Clause
/* Keeps which contacts were never used for anything, and whether they repeat at a rhythm. */
#include <string.h>
#include "skua/flow.h"
#include "track/empties.h"

bool empties_is_empty(const struct empty_contact *entry)
{
	return entry->empty && entry->empty >= entry->answered;
}

bool empties_wait(const struct empties *empties, uint64_t now_ns)
{
	return empties->first_ns && empties->used >= EMPTIES_WAIT_MIN &&
	       now_ns <= empties->first_ns + (EMPTIES_WAIT_S + 1) * SKUA_SECOND_NS;
}

static void move_window(struct empties *empties, uint64_t now_ns)
{
	if (empties->start_ns && now_ns > empties->start_ns &&
	    now_ns - empties->start_ns >= EMPTIES_WINDOW_S * SKUA_SECOND_NS &&
	    !empties_wait(empties, now_ns))
		memset(empties, 0, sizeof(*empties));
	if (!empties->start_ns)
		empties->start_ns = now_ns ? now_ns : 1;
}

/* NULL: every entry is an empty contact, and those are kept. */
static struct empty_contact *take(struct empties *empties)
{
	if (empties->used < EMPTIES_ENTRIES)
		return &empties->entries[empties->used++];
	for (unsigned i = 0; i < EMPTIES_ENTRIES; i++) {
		struct empty_contact *entry = &empties->entries[empties->next];

		empties->next = (empties->next + 1) % EMPTIES_ENTRIES;
		if (!empties_is_empty(entry))
			return entry;
	}
	return NULL;
}

static struct empty_contact *get(struct empties *empties, const struct attempt *attempt)
{
	struct empty_contact *entry;

	for (unsigned i = 0; i < empties->used; i++) {
		entry = &empties->entries[i];
		if (entry->target == attempt->target_hash && entry->port == attempt->port)
			return entry;
	}
	entry = take(empties);
	if (entry)
		*entry = (struct empty_contact){ .target = attempt->target_hash,
						 .port = attempt->port };
	return entry;
}

void empties_answered(struct empties *empties, const struct attempt *attempt)
{
	struct empty_contact *entry;

	move_window(empties, attempt->now_ns);
	entry = get(empties, attempt);
	if (!entry)
		return;
	if (++entry->answered == UINT8_MAX) {
		entry->answered /= 2;
		entry->empty /= 2;
	}
}

/* Is the gap like the one before?  A second either way is the clock's. */
static bool is_steady(unsigned gap_s, unsigned before_s)
{
	unsigned apart = gap_s > before_s ? gap_s - before_s : before_s - gap_s;

	return before_s && apart <= 1 + before_s / 5;
}

static void note_repeat(struct empties *empties, struct empty_contact *entry, uint16_t now_s)
{
	unsigned gap_s = now_s > entry->last_s ? now_s - entry->last_s : 0;

	empties->repeats++;
	if (is_steady(gap_s, entry->gap_s)) {
		skua_count8(&entry->steady);
		empties->steady++;
	}
	entry->gap_s = gap_s < UINT8_MAX ? gap_s : UINT8_MAX;
}

static void vote(struct empties *empties, const struct attempt *attempt)
{
	candidate_vote(&empties->target, &attempt->target);
	if (address_equal(&empties->target.address, &attempt->target))
		empties->target_hash = attempt->target_hash;
}

bool empties_closed(struct empties *empties, const struct attempt *attempt)
{
	struct empty_contact *entry;
	uint64_t since_ns;
	uint16_t now_s;
	bool first;

	move_window(empties, attempt->now_ns);
	entry = get(empties, attempt);
	if (!entry)
		return false;
	since_ns = attempt->now_ns > empties->start_ns ? attempt->now_ns - empties->start_ns : 0;
	now_s = since_ns / SKUA_SECOND_NS;
	first = !entry->empty;
	if (!first)
		note_repeat(empties, entry, now_s);
	else
		vote(empties, attempt);
	entry->last_s = now_s;
	if (entry->empty < UINT8_MAX)
		entry->empty++;
	if (!empties->first_ns || attempt->first_ns < empties->first_ns)
		empties->first_ns = attempt->first_ns;
	if (attempt->first_ns > empties->last_ns)
		empties->last_ns = attempt->first_ns;
	return first;
}
