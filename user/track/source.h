/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One source: an address and a class of protocol, whom it tried to reach, and
 * how that ended.  At most about 3 KiB, whatever it does.
 */
#ifndef SKUA_TRACK_SOURCE_H
#define SKUA_TRACK_SOURCE_H

#include "skua/event.h"
#include "track/empties.h"
#include "track/horizon.h"
#include "track/recent.h"
#include "track/slow.h"

enum source_class {
	SOURCE_TCP,   /* SYN */
	SOURCE_PROBE, /* TCP that neither opens nor continues anything: NULL, FIN, XMAS, ACK... */
	SOURCE_UDP,
	SOURCE_ICMP, /* requests, of either version */
	SOURCE_ARP,
	SOURCE_NS,
	SOURCE_CLASSES
};

struct source_key {
	struct address address;
	uint32_t class; /* enum source_class */
	uint32_t reserved;
};

/* What the kernel counted instead of listing it; the largest window of a row of them. */
struct overflow {
	uint64_t window_ns; /* of the last one; 0: never */
	uint64_t first_ns;  /* of the first one of the row */
	uint32_t attempts;  /* in the window with the most contacts */
	uint32_t contacts;  /* distinct, by linear counting */
};

/* How long the last window of an overflow speaks for itself. */
#define OVERFLOW_ROW_NS (120 * SKUA_SECOND_NS)

struct tracked_source {
	struct source_key key;
	uint64_t first_ns, last_ns;
	uint32_t ifindex;
	uint32_t changed; /* place in the list of changed ones, from 1; 0: not in it */
	uint8_t proto;    /* IP protocol of the last attempt; 0: ARP */
	bool ours;        /* it is on our side */
	int8_t inside;    /* votes of what failed; above 0: its targets are inside as well */
	bool called_back; /* by the one it had spoken with */
	struct address spoke_with; /* a stranger: who of ours took and gave payload; 0: nobody */
	struct overflow overflow;
	union {
		struct { /* SOURCE_TCP, SOURCE_UDP */
			struct horizons horizons;
			struct empties empties;
		};
		struct { /* the others */
			struct recent recent;
			struct slow slow;
		};
	};
};

/* Of a contact; SOURCE_CLASSES: of none that is tracked. */
enum source_class source_class_of(uint8_t proto, uint8_t flags, enum skua_outcome outcome);
/* Are recent and slow valid, instead of horizons and empties? */
bool source_is_listed(enum source_class class);
/* Distinct failures, saturating above DISTINCT_EXACT. */
uint32_t source_failures(const struct tracked_source *source);
/* Counts an outcome that is no success; inside: its target is on our side too. */
void source_vote(struct tracked_source *source, bool inside);
/* flags: TCP; icmp_code: of SKUA_UNREACHABLE. */
void source_note(struct tracked_source *source, struct attempt *attempt, uint8_t flags,
		 uint8_t icmp_code);
/* Only of those that are listed: without an event of its own, asked for by ARP and NS. */
void source_ask(struct tracked_source *source, const struct attempt *attempt, uint8_t flags);
/* target: hash of the address of who answers by ARP or NA. */
void source_answer(struct tracked_source *source, uint32_t target);
void source_note_overflow(struct tracked_source *source, const struct skua_source_event *event);

#endif /* SKUA_TRACK_SOURCE_H */
