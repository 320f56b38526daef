// SPDX-License-Identifier: BSD-2-Clause
/* Sums up the scans that come from the Internet, by the day. */
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "base/time_text.h"
#include "pipeline/inbound.h"

#define TOLD_SOURCES 3
#define TOLD_PORTS 5
/* Below a quarter is severity 4; the number says nothing else. */
#define SUMMARY_SCORE 0.2

struct scanner_key {
	struct address address;
	uint64_t proto;
};

struct scanner {
	struct scan_numbers scan; /* as it was told last */
	struct address address;
};

static uint64_t scanner_worth(const void *value)
{
	return ((const struct scanner *)value)->scan.contacts;
}

int inbound_init(struct inbound *inbound)
{
	const struct table_options options = { .key_size = sizeof(struct scanner_key),
					       .value_size = sizeof(struct scanner),
					       .capacity = INBOUND_SOURCES,
					       .worth = scanner_worth };

	memset(inbound, 0, sizeof(*inbound));
	return table_init(&inbound->sources, &options);
}

void inbound_fini(struct inbound *inbound)
{
	table_fini(&inbound->sources);
}

static void begin_day(struct inbound *inbound, uint64_t now_ns)
{
	for (struct scanner *at; (at = table_next(&inbound->sources, NULL));)
		table_remove(&inbound->sources, at);
	memset(inbound->ports, 0, sizeof(inbound->ports));
	inbound->seen = 0;
	inbound->day = time_day(now_ns);
	inbound->first_ns = now_ns;
}

/* A port that is not in the list takes the place, and the count, of the rarest (space saving). */
static void count_port(struct inbound *inbound, uint16_t port)
{
	struct inbound_port *rarest = &inbound->ports[0];

	for (unsigned i = 0; i < INBOUND_PORTS; i++) {
		struct inbound_port *at = &inbound->ports[i];

		if (at->port == port && at->sources) {
			at->sources++;
			return;
		}
		if (at->sources < rarest->sources)
			rarest = at;
	}
	rarest->port = port;
	rarest->sources++;
}

/* Ports of a scanner that its last report did not hold. */
static void count_ports(struct inbound *inbound, const struct scan_numbers *before,
			const struct scan_numbers *now)
{
	for (unsigned i = 0; i < now->port_count && i < FINDING_PORTS; i++) {
		bool known = false;

		for (unsigned k = 0; k < before->port_count && k < FINDING_PORTS; k++)
			known |= before->port_list[k] == now->port_list[i];
		if (!known)
			count_port(inbound, now->port_list[i]);
	}
}

static bool ranks_before(const struct scanner *a, const struct scanner *b)
{
	if (a->scan.contacts != b->scan.contacts)
		return a->scan.contacts > b->scan.contacts;
	return memcmp(a->address.bytes, b->address.bytes, sizeof(a->address)) < 0;
}

/* Sums up who is known, and sorts out those with the most contacts. */
static unsigned add_up(const struct inbound *inbound, struct scan_numbers *sum,
		       const struct scanner *top[TOLD_SOURCES])
{
	unsigned count = 0;

	for (const struct scanner *at = NULL; (at = table_next(&inbound->sources, (void *)at));) {
		const struct scanner *rest = at;

		sum->contacts += at->scan.contacts;
		sum->refused += at->scan.refused;
		sum->unreachable += at->scan.unreachable;
		sum->unanswered += at->scan.unanswered;
		sum->half_open += at->scan.half_open;
		sum->empty += at->scan.empty;
		sum->odd += at->scan.odd;
		sum->answered += at->scan.answered;
		sum->targets = at->scan.targets > sum->targets ? at->scan.targets : sum->targets;
		for (unsigned i = 0; i < TOLD_SOURCES; i++) {
			const struct scanner *here = i < count ? top[i] : NULL;

			if (here && !ranks_before(rest, here))
				continue;
			top[i] = rest;
			count += !here;
			rest = here;
			if (!rest)
				break;
		}
	}
	return count;
}

static void rank_ports(const struct inbound *inbound, struct scan_numbers *sum)
{
	bool told[INBOUND_PORTS] = { false };

	for (unsigned i = 0; i < INBOUND_PORTS; i++)
		sum->ports += inbound->ports[i].sources > 0;
	while (sum->port_count < FINDING_PORTS) {
		int best = -1;

		for (int i = 0; i < INBOUND_PORTS; i++) {
			const struct inbound_port *at = &inbound->ports[i];

			if (told[i] || !at->sources)
				continue;
			if (best < 0 || at->sources > inbound->ports[best].sources ||
			    (at->sources == inbound->ports[best].sources &&
			     at->port < inbound->ports[best].port))
				best = i;
		}
		if (best < 0)
			return;
		told[best] = true;
		sum->port_list[sum->port_count++] = inbound->ports[best].port;
	}
}

static void write_reason(const struct inbound *inbound, const struct scan_numbers *sum,
			 const struct scanner *const *top, unsigned count, char to[FINDING_REASON])
{
	char sources[TEXT_NUMBER], contacts[TEXT_NUMBER], address[ADDRESS_TEXT];
	size_t at = snprintf(
		to, FINDING_REASON,
		"Internet noise of the day: %s scanner%s, %s contacts, none let in; most by",
		text_count(sources, inbound->seen), inbound->seen == 1 ? "" : "s",
		text_count(contacts, sum->contacts));

	for (unsigned i = 0; i < count && at < FINDING_REASON; i++)
		at += snprintf(to + at, FINDING_REASON - at, "%s %s (%s)", i ? "," : "",
			       address_format(&top[i]->address, address),
			       text_count(contacts, top[i]->scan.contacts));
	if (sum->port_count && at < FINDING_REASON)
		at += snprintf(to + at, FINDING_REASON - at, "; ports");
	for (unsigned i = 0; i < sum->port_count && i < TOLD_PORTS && at < FINDING_REASON; i++)
		at += snprintf(to + at, FINDING_REASON - at, "%s %u", i ? "," : "",
			       sum->port_list[i]);
}

bool inbound_tell(struct inbound *inbound, struct finding *out)
{
	const struct scanner *top[TOLD_SOURCES];
	char day[TIME_TEXT];
	unsigned count;

	if (!inbound->news)
		return false;
	inbound->news = false;
	memset(out, 0, sizeof(*out));
	out->kind = FINDING_SCAN;
	out->src = (struct address){ .bytes = { [10] = 0xff, 0xff } }; /* 0.0.0.0: anybody */
	snprintf(out->entity, sizeof(out->entity), "%.10s", time_format(day, inbound->first_ns));
	out->ifindex = inbound->ifindex;
	out->first_ns = inbound->first_ns;
	out->last_ns = out->trigger_ns = inbound->last_ns;
	out->score = out->score_raw = SUMMARY_SCORE;
	out->scan.shape = SCAN_MIXED;
	out->scan.direction = SCAN_INBOUND;
	out->scan.noise = true;
	out->scan.span_s = (double)(out->last_ns - out->first_ns) / 1e9;
	out->scan.horizon_s = TIME_DAY_NS / 1000000000;
	count = add_up(inbound, &out->scan, top);
	rank_ports(inbound, &out->scan);
	out->count = inbound->seen;
	write_reason(inbound, &out->scan, top, count, out->reason);
	return true;
}

bool inbound_is_over(const struct inbound *inbound, uint64_t now_ns)
{
	return inbound->seen && time_day(now_ns) != inbound->day;
}

void inbound_take(struct inbound *inbound, const struct finding *scan)
{
	struct scanner_key key = { .address = scan->src, .proto = scan->proto };
	struct scanner *scanner;
	bool is_new;

	if (!inbound->seen || inbound_is_over(inbound, scan->trigger_ns))
		begin_day(inbound, scan->trigger_ns);
	scanner = table_get(&inbound->sources, &key, &is_new);
	inbound->seen += is_new;
	count_ports(inbound, &scanner->scan, &scan->scan);
	scanner->scan = scan->scan;
	scanner->address = scan->src;
	inbound->ifindex = scan->ifindex;
	inbound->last_ns = scan->trigger_ns;
	inbound->news = true;
}
