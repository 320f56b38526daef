/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sink is given: a tagged union, borrowed for the call. */
#ifndef SKUA_REPORT_RECORD_H
#define SKUA_REPORT_RECORD_H

#include "report/derivation.h"
#include "report/finding.h"

enum record_kind { RECORD_FINDING = 1, RECORD_STATS, RECORD_WARNING };

#define STATS_CAUSES 32

/* One cause and how often; names are constant text such as "arp". */
struct stats_cause {
	const char *name;
	uint64_t packets;
	bool delivery; /* records that did not arrive: no finding is weaker for it */
};

/* Distinct things of a capture, counted only when asked for (--totals). */
struct stats_totals {
	uint64_t tcp, udp;   /* conversations */
	uint64_t ipv4, ipv6; /* pairs of addresses */
	uint64_t dns_queries, dns_responses;
	bool exact; /* else there was no room: conversations and pairs are at least so many */
};

/* The end of the vault's chain: who has it from here can tell later that the chain was cut. */
struct stats_vault {
	uint64_t count;
	char head[65];
};

/* packets = accounted + ignored (by cause) + lost (by cause): the sums must add up. */
struct stats {
	uint64_t time_ns;
	uint64_t first_ns, last_ns; /* of the packets seen */
	uint64_t packets, bytes;
	uint64_t accounted;
	uint64_t source_only; /* part of accounted: conversations that were not admitted */
	unsigned ignored_count, lost_count, table_count;
	struct stats_cause ignored[STATS_CAUSES];
	struct stats_cause lost[STATS_CAUSES];
	struct stats_cause
		tables[STATS_CAUSES]; /* evictions and other losses that are no packets */
	uint64_t events;
	uint64_t flows;                   /* conversations that are over */
	uint64_t pairs, sources, domains; /* known at the end */
	uint64_t backwards;               /* steps of the clock */
	uint64_t findings[5];             /* by severity; [0] unused */
	bool has_suppressions;            /* there are rules */
	uint64_t suppressed;              /* findings that rules kept back */
	unsigned rule_count;
	struct stats_cause rules[STATS_CAUSES]; /* by whom: the first rules that did */
	bool truncated;                         /* the input ended early */
	const struct stats_totals *totals;      /* NULL: not asked for */
	const struct stats_vault *vault;        /* NULL: there is none */
};

/* To the losses that are no packets; name is constant text.  None is not told. */
static inline void stats_add_cause(struct stats *stats, struct stats_cause cause)
{
	if (cause.packets && stats->table_count < STATS_CAUSES)
		stats->tables[stats->table_count++] = cause;
}

static inline void stats_add_loss(struct stats *stats, const char *name, uint64_t number)
{
	stats_add_cause(stats, (struct stats_cause){ .name = name, .packets = number });
}

/* Of records that did not arrive. */
static inline void stats_add_undelivered(struct stats *stats, const char *name, uint64_t number)
{
	stats_add_cause(stats,
			(struct stats_cause){ .name = name, .packets = number, .delivery = true });
}

struct warning {
	uint64_t time_ns;
	char text[256];
};

struct record {
	enum record_kind kind;
	union {
		const struct finding *finding;
		const struct stats *stats;
		const struct warning *warning;
	};
	const struct derivation
		*derivation; /* of a finding; NULL: nobody asked, or not judged now */
};

#endif /* SKUA_REPORT_RECORD_H */
