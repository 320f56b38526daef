// SPDX-License-Identifier: BSD-2-Clause
/* Finds the last packet of each pair and writes its totals as a comment. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/time_text.h"
#include "record/snapshot_totals.h"

#define NO_ROW SIZE_MAX

struct snapshot_place {
	const struct recorder_totals *totals;
	size_t row;
};

static int by_key(const void *key, const void *of)
{
	const struct snapshot_place *place = of;

	return memcmp(key, &place->totals->key, sizeof(struct keep_key));
}

static int by_row(const void *a, const void *b)
{
	const struct snapshot_place *x = a, *y = b;

	return x->row < y->row ? -1 : x->row > y->row;
}

static void place(struct snapshot_totals *totals, const struct skua_sample_event *event, size_t row)
{
	struct keep_key key;
	struct snapshot_place *found;

	if (event->head.key.proto == SKUA_TCP)
		return;
	key = keep_key_of(event);
	found = bsearch(&key, totals->places, totals->count, sizeof(*found), by_key);
	if (found)
		found->row = row;
}

int snapshot_totals_init(struct snapshot_totals *totals, const struct recorder_selection *selection,
			 int link)
{
	*totals = (struct snapshot_totals){ .count = selection->totals_count };
	if (!totals->count)
		return 0;
	totals->places = calloc(totals->count, sizeof(*totals->places));
	if (!totals->places)
		return -ENOMEM;
	for (size_t i = 0; i < totals->count; i++)
		totals->places[i] = (struct snapshot_place){ &selection->totals[i], NO_ROW };
	for (size_t i = 0; i < selection->count; i++)
		if (selection->rows[i].event->link == link)
			place(totals, selection->rows[i].event, i);
	qsort(totals->places, totals->count, sizeof(*totals->places), by_row);
	return 0;
}

void snapshot_totals_fini(struct snapshot_totals *totals)
{
	free(totals->places);
}

/* As in findings. */
static const char *protocol_text(uint8_t proto, char to[8])
{
	static const struct {
		uint8_t proto;
		const char *name;
	} names[] = { { SKUA_UDP, "UDP" },
		      { SKUA_ICMP, "ICMP" },
		      { SKUA_ICMPV6, "IPv6-ICMP" },
		      { SKUA_GRE_PROTO, "GRE" },
		      { SKUA_SCTP, "SCTP" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].proto == proto)
			return names[i].name;
	snprintf(to, 8, "%u", proto);
	return to;
}

static void write_text(const struct recorder_totals *from, char to[SNAPSHOT_TOTALS_TEXT])
{
	const struct volume *volume = &from->totals;
	char proto[8], low[ADDRESS_TEXT], high[ADDRESS_TEXT], since[TIME_TEXT], until[TIME_TEXT];

	snprintf(to, SNAPSHOT_TOTALS_TEXT,
		 "skua.totals={\"proto\":\"%s\",\"low\":\"%s\",\"high\":\"%s\",\"port\":%u,"
		 "\"payload_low\":%llu,\"payload_high\":%llu,"
		 "\"packets_low\":%llu,\"packets_high\":%llu,"
		 "\"since\":\"%s\",\"until\":\"%s\"}",
		 protocol_text(from->key.proto, proto), address_format(&from->key.low, low),
		 address_format(&from->key.high, high), from->key.port,
		 (unsigned long long)volume->payload[0], (unsigned long long)volume->payload[1],
		 (unsigned long long)volume->packets[0], (unsigned long long)volume->packets[1],
		 time_format(since, volume->since_ns), time_format(until, volume->until_ns));
}

bool snapshot_totals_text(struct snapshot_totals *totals, size_t row, char to[SNAPSHOT_TOTALS_TEXT])
{
	if (totals->next == totals->count || totals->places[totals->next].row != row)
		return false;
	write_text(totals->places[totals->next++].totals, to);
	return true;
}
