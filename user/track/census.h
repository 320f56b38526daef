/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who talks to what, over everybody: how many of our clients use a server, a
 * network or a name, which names an address has, how a pair introduced itself.
 * It judges nothing; context asks it.  Counts of clients are linear counting
 * in 512 bits (4 % at 100 clients, 3,549 at most).  All tables are bounded;
 * what was not used for longest is forgotten, counted in the tables.  Not
 * thread-safe; the pipeline calls it.
 */
#ifndef SKUA_TRACK_CENSUS_H
#define SKUA_TRACK_CENSUS_H

#include "skua/event.h"
#include "base/table.h"
#include "dissect/fact.h"
#include "track/names.h"
#include "track/pair.h"

#define CENSUS_SKETCH_WORDS 8
#define CENSUS_JA4 40
#define CENSUS_ANSWERED 4 /* names of one address that are remembered */

struct census {
	struct table groups; /* servers, networks, names: who uses them */
	struct table hellos; /* by pair */
	struct table rhythms;
	struct names names;
	uint64_t clients[CENSUS_SKETCH_WORDS]; /* of our side, all */
	const struct network *local;
	unsigned local_count;
};

/* What a pair's hellos said. */
struct census_hello {
	uint64_t used_ns;
	uint64_t name;         /* hash of the last one given; 0: none was */
	struct address server; /* it was said to last */
	uint16_t port;
	uint8_t proto;
	bool tls, http;
	char ja4[CENSUS_JA4];
};

/*
 * local: networks that count as inside beside the private ones; borrowed.
 * capacity: servers, networks and names to remember; 0 or -ENOMEM.
 */
int census_init(struct census *census, uint32_t capacity, const struct network *local,
		unsigned local_count);
void census_fini(struct census *census);

void census_exchange(struct census *census, const struct skua_exchange_event *event);
void census_hello(struct census *census, const struct fact_hello *hello, uint64_t now_ns);
void census_name(struct census *census, const struct fact_name *fact, uint64_t now_ns);
/* A client looked up something below a registered domain; ours: it is on our side. */
void census_query(struct census *census, const struct address *client, bool ours,
		  const char *domain, uint64_t now_ns);
/* Somebody asked it for names: it resolves them. */
void census_resolver(struct census *census, const struct address *server, uint64_t now_ns);
bool census_is_resolver(const struct census *census, const struct address *server);
/* Which servers are counted together: what one client polls alike means different things there. */
enum census_ring { CENSUS_NO_RING, CENSUS_INSIDE, CENSUS_PEERS };

/*
 * A client of ours polls the server of a pair at an interval, given as bin of
 * gaps; returns how many servers of this ring it has polled alike within a day
 * or two, this one included.  Intervals of neighbouring bins are alike: clocks
 * fall on either side of a limit.
 */
unsigned census_rhythm(struct census *census, enum census_ring ring, const struct pair_key *key,
		       unsigned gap_bin, uint64_t now_ns);

bool census_is_inside(const struct census *census, const struct address *address);
/* Clients of our side seen at all. */
uint32_t census_clients(const struct census *census);
/* Those that used the server or, for servers outside, its network: IPv4 /24, IPv6 /48. */
uint32_t census_clients_of_server(const struct census *census, const struct address *server);
uint32_t census_clients_of_name(const struct census *census, uint64_t name);
/* Did a DNS answer name the address?  Was any answer to this client seen at all? */
bool census_is_named(const struct census *census, const struct address *server);
bool census_has_answers(const struct census *census, const struct address *client);
/* The i-th last name that DNS gave the address, i < CENSUS_ANSWERED; "": none. */
const char *census_answered_name(const struct census *census, const struct address *server,
				 unsigned i);
/* The pair lives, though it said hello long ago: that is not forgotten yet. */
void census_keep_hello(struct census *census, const struct pair_key *key, uint64_t now_ns);
/* NULL: the pair said no hello. */
const struct census_hello *census_hello_of(const struct census *census, const struct pair_key *key);
/* "": unknown.  Borrowed until the next change of the census. */
const char *census_text(const struct census *census, uint64_t name);
/* The last name a DNS answer or a hello gave the address; "": none. */
const char *census_name_of(const struct census *census, const struct address *server);

#endif /* SKUA_TRACK_CENSUS_H */
