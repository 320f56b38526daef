/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who calls whom, and with what rhythm: one bounded state per pair of client
 * and what it talks to, in the form a beacon is judged by.  A pair is keyed by
 * server, port and protocol; a second one gathers what a client says to one
 * name (SNI, Host), wherever that name moves; lookups are keyed by client and
 * registered domain, never by resolver.  Pairs of our own clients and those of
 * strangers live apart, so that strangers never evict what we call out to.
 * Nothing here judges: each pair that is due is handed to the caller.  Not
 * thread-safe; the pipeline calls it.
 */
#ifndef SKUA_TRACK_PAIRS_H
#define SKUA_TRACK_PAIRS_H

#include "skua/event.h"
#include "base/table.h"
#include "dissect/fact.h"
#include "track/pair.h"

/* Exchanges: four gaps tell which servers are polled alike, before six can make a score. */
#define PAIR_JUDGED_FROM 5
#define PAIR_JUDGED_EACH 64 /* up to here at each exchange, then at each growth by 1/16 */

/* The pair is due; it stays valid during the call.  Must not change pairs. */
typedef void pairs_judge_fn(void *arg, const struct pair *pair);
/* An exchange of the pair opened (moment->out is PAIR_SIZE_UNKNOWN), or is over and told once. */
typedef void pairs_watch_fn(void *arg, const struct pair *pair, const struct pair_moment *moment);

struct pairs {
	struct table tables[2];  /* [1]: our clients' */
	struct table flow_names; /* which name a living conversation was opened with */
	pairs_judge_fn *judge;
	void *judge_arg;
	pairs_watch_fn *watch; /* NULL: nobody does */
	void *watch_arg;
	uint64_t excluded; /* exchanges of multicast, broadcast and housekeeping protocols */
	uint64_t late;     /* exchanges that came behind a later one of their pair */
};

/* capacity: pairs of our clients; strangers get a quarter of it.  0 or -ENOMEM. */
int pairs_init(struct pairs *pairs, uint32_t capacity, pairs_judge_fn *judge, void *arg);
void pairs_fini(struct pairs *pairs);

void pairs_exchange(struct pairs *pairs, const struct skua_exchange_event *event);
/* Sizes of the exchange that was open; reports are ignored, for it is still open then. */
void pairs_flow(struct pairs *pairs, const struct skua_flow_event *event);
void pairs_contact(struct pairs *pairs, const struct skua_contact_event *event);
void pairs_icmp(struct pairs *pairs, const struct skua_icmp_event *event);
void pairs_hello(struct pairs *pairs, const struct fact_hello *hello, uint64_t now_ns);
/* domain: the registered domain of event's name, lower case; ours: the asking side is. */
void pairs_dns(struct pairs *pairs, const struct skua_dns_event *event, const char *domain,
	       bool ours);
/* The input ended: judges all once more, for what surrounds them may have changed. */
void pairs_finish(struct pairs *pairs);

/* Finds a pair, of our clients first; NULL: there is none. */
const struct pair *pairs_find(const struct pairs *pairs, const struct pair_key *key);

/*
 * Call when a finding on the pair goes out: *as becomes the key it must be
 * reported under, which is that of the pair by name or by server that was
 * reported first if both show the same beacon.
 */
void pairs_reported(struct pairs *pairs, const struct pair *pair, struct pair_key *as);

#endif /* SKUA_TRACK_PAIRS_H */
