// SPDX-License-Identifier: BSD-2-Clause
/* Counts distinct conversations, pairs of addresses and DNS messages. */
#include <string.h>
#include "skua/flow.h"
#include "skua/link.h"
#include "analyze/totals.h"

/* A pair of addresses is kept as a conversation of no protocol. */
struct ends {
	struct skua_flow_key key;
	uint64_t ethertype; /* a v4-mapped address in an IPv6 header is not that IPv4 address */
};

/* Of a TCP conversation, by side of the sender: the number before its first octet. */
struct talk {
	uint32_t base[2];
	bool known[2];
};

int totals_init(struct totals *totals, uint32_t capacity)
{
	const struct table_options options = { .key_size = sizeof(struct ends),
					       .value_size = sizeof(struct talk),
					       .capacity = capacity };

	totals->counts = (struct stats_totals){ .exact = true };
	return table_init(&totals->table, &options);
}

void totals_fini(struct totals *totals)
{
	table_fini(&totals->table);
}

/* NULL: it is new, and there is no room for it. */
static struct talk *find_talk(struct totals *totals, const struct ends *ends, bool *is_new)
{
	struct table *table = &totals->table;
	struct talk *talk = table_find(table, ends);

	*is_new = !talk;
	if (talk)
		return talk;
	if (table->used == table->options.capacity) {
		totals->counts.exact = false;
		return NULL;
	}
	return table_insert(table, ends);
}

static void count_pair(struct totals *totals, const struct skua_packet *pkt)
{
	struct ends ends = { .ethertype = pkt->ethertype };
	bool is_new;

	skua_flow_key_order(&ends.key, pkt->src, pkt->dst, 0, 0);
	if (!find_talk(totals, &ends, &is_new) || !is_new)
		return;
	if (pkt->ethertype == SKUA_ETH_IPV4)
		totals->counts.ipv4++;
	else
		totals->counts.ipv6++;
}

/*
 * A SYN with another initial number is another conversation between the same
 * ports.  The number of a side is taken from its first segment, or from what
 * the other side acknowledges, whichever is seen first: so does Wireshark 4.0.
 */
static bool is_reopened(const struct talk *talk, const struct skua_packet *pkt, enum skua_side side)
{
	return (pkt->tcp_flags & (SKUA_SYN | SKUA_ACK)) == SKUA_SYN && talk->known[side] &&
	       talk->base[side] != pkt->seq;
}

static void note_numbers(struct talk *talk, const struct skua_packet *pkt, enum skua_side side)
{
	enum skua_side other = skua_other(side);

	if (!talk->known[side]) {
		talk->base[side] = pkt->tcp_flags & SKUA_SYN ? pkt->seq : pkt->seq - 1;
		talk->known[side] = true;
	}
	if (!talk->known[other] && pkt->tcp_flags & SKUA_ACK) {
		talk->base[other] = pkt->ack - 1;
		talk->known[other] = true;
	}
}

static void count_tcp(struct totals *totals, const struct skua_packet *pkt, struct talk *talk,
		      enum skua_side side, bool is_new)
{
	if (!is_new && is_reopened(talk, pkt, side)) {
		*talk = (struct talk){ 0 };
		is_new = true;
	}
	totals->counts.tcp += is_new;
	note_numbers(talk, pkt, side);
}

void totals_packet(struct totals *totals, const struct skua_packet *pkt)
{
	struct ends ends = { .ethertype = pkt->ethertype };
	enum skua_side side;
	struct talk *talk;
	bool is_new;

	/* Later fragments carry no ports. */
	if ((pkt->proto != SKUA_TCP && pkt->proto != SKUA_UDP) ||
	    pkt->fragment == SKUA_LATER_FRAGMENT) {
		count_pair(totals, pkt);
		return;
	}
	side = skua_flow_key_init(&ends.key, pkt);
	talk = find_talk(totals, &ends, &is_new);
	if (talk && pkt->proto == SKUA_TCP)
		count_tcp(totals, pkt, talk, side, is_new);
	else if (talk)
		totals->counts.udp += is_new;
	/* A conversation that is known was counted as a pair too: one look-up for most packets. */
	if (is_new)
		count_pair(totals, pkt);
}

void totals_dns(struct totals *totals, const struct skua_dns_event *event)
{
	if (event->dns.response)
		totals->counts.dns_responses++;
	else
		totals->counts.dns_queries++;
}
