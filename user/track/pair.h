/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One client and what it talks to: everything a beacon is judged by, in a
 * state of fixed size.  Pure functions over a plain struct; where pairs are
 * kept is the business of track/pairs.h.
 */
#ifndef SKUA_TRACK_PAIR_H
#define SKUA_TRACK_PAIR_H

#include <stdbool.h>
#include <stdint.h>
#include "base/address.h"
#include "track/histogram.h"
#include "track/talk.h"

/* Exchanges of a pair that follow within this are one: parallel connections. */
#define PAIR_MERGE_NS 500000000ull
#define PAIR_MOMENTS 16 /* the last exchanges, exactly */
#define PAIR_SIZE_UNKNOWN UINT32_MAX
#define PAIR_SMALL_BYTES 256  /* keep-alives are no larger, either way */
#define PAIR_ALIKE_BYTES 8    /* sizes that differ by no more count as one, */
#define PAIR_ALIKE_PART 3     /* nor do those that differ by less than this part of the usual one */
#define PAIR_ORDER_PATIENCE 4 /* exchanges within which an order has its result */
#define PAIR_NAME_WORDS 32    /* 2,048 bits of names asked for */
#define PAIR_QUESTIONS 2      /* A and AAAA are asked side by side */
/* The same question so soon is one packet seen twice: no resolver is that impatient. */
#define PAIR_TWICE_NS 10000000ull

enum pair_kind {
	PAIR_SERVER = 1, /* client, server, port, proto */
	PAIR_NAME,       /* client, name_hash: of SNI or Host */
	PAIR_DOMAIN,     /* client, name_hash: of the registered domain it looks up */
};

struct pair_key {
	struct address client;
	struct address server; /* zero unless PAIR_SERVER, as are port and proto */
	uint64_t name_hash;    /* zero for PAIR_SERVER */
	uint16_t port;
	uint8_t proto;
	uint8_t kind; /* enum pair_kind */
	uint8_t reserved[4];
};

struct pair_moment {
	uint64_t time_ns;
	uint32_t out, in; /* payload bytes by client and server; PAIR_SIZE_UNKNOWN until over */
};

/*
 * The one flow of a pair whose gaps are kept apart: side connections to the
 * same server must not dilute a steady poll.  Another flow takes its place
 * when it has lived longer than this one did, and this one has been silent for
 * longer than it had lived: so it is the longest-lived flow of which an online
 * observer can know.
 */
struct pair_flow {
	uint16_t gaps[GAP_BINS];
};

/* What a client asks a domain for: new names, or always the same. */
struct pair_names {
	uint64_t bits[PAIR_NAME_WORDS];
	uint32_t asked, fresh, odd; /* queries; with a new name; of type TXT, NULL, CNAME, MX */
};

struct pair {
	struct pair_key key;
	uint64_t first_ns, last_ns; /* exchanges */
	struct pair_moment moments[PAIR_MOMENTS];
	struct strip strip; /* from first_ns on */
	uint64_t flow_ns;   /* with flow_port: name of the kept flow, and its beginning */
	uint64_t flow_from_ns, flow_last_ns; /* exchanges counted in flow.gaps */
	uint64_t partner;                    /* PAIR_SERVER: hash of the last name told; 0: none */
	union {
		struct { /* PAIR_NAME: the pair by server that was reported in its place */
			struct address server;
			uint16_t port;
			uint8_t proto;
		} reported_as;
		struct {               /* PAIR_SERVER of ICMP */
			uint64_t hash; /* of the last request's payload */
			uint16_t id, seq;
			uint16_t alike, unlike; /* replies that echo it, and that do not */
		} echo;
		struct { /* PAIR_DOMAIN: the last questions */
			uint64_t time_ns;
			uint32_t hashes[PAIR_QUESTIONS]; /* the newest first */
		} asked;
	};
	uint32_t exchanges, merged;
	uint32_t judged;         /* exchanges when it was last judged */
	uint32_t failed;         /* attempts that were refused or not answered */
	uint32_t weighed, alike; /* exchanges with totals, those small and of the usual size */
	uint32_t tasked; /* a large answer, then a larger request: an order and its result */
	uint32_t flow_exchanges;
	uint32_t order; /* bytes of the last large answer of the kept flow */
	uint16_t usual_out, usual_in, usual_votes;
	uint16_t flow_port;
	union {
		struct pair_flow flow;
		struct pair_names names; /* PAIR_DOMAIN */
	};
	uint16_t gaps[GAP_BINS];
	uint8_t sizes[SIZE_BINS]; /* of what the client sent */
	uint8_t strip_shift;
	uint8_t order_age;  /* exchanges since the last large answer */
	bool midstream : 1; /* its first conversation was under way when we came */
	bool resolver : 1;  /* speaks DNS: counted by domain instead */
	bool reported : 1;
};
_Static_assert(sizeof(struct pair) <= 1280, "a pair costs at most 1.25 kB");

/* What an exchange carried, known when it is over. */
struct pair_totals {
	uint64_t start_ns;
	uint64_t out, in; /* payload bytes */
	bool first;       /* of a TCP connection: holds its handshakes */
	bool kept;        /* of the kept flow */
};
/* The key by server of a conversation; ports of other protocols than TCP, UDP, SCTP are none. */
struct pair_key pair_key_server(const struct talk *talk);
/* kind: PAIR_NAME or PAIR_DOMAIN. */
struct pair_key pair_key_name(const struct address *client, uint64_t hash, enum pair_kind kind);

/* false: it came within PAIR_MERGE_NS of the last one, or before it, and is part of that. */
bool pair_open_exchange(struct pair *pair, uint64_t start_ns);
/* The exchange belongs to the flow of this beginning and client port. */
void pair_keep_flow(struct pair *pair, uint64_t flow_ns, uint16_t port, uint64_t start_ns);
bool pair_is_kept_flow(const struct pair *pair, uint64_t flow_ns, uint16_t port);
/* Totals of one exchange are counted once, however often they are told. */
void pair_close_exchange(struct pair *pair, const struct pair_totals *totals);
/* A PAIR_DOMAIN asks; hash: of everything in the question.  false: it was just asked, and seen. */
bool pair_is_question(struct pair *pair, uint32_t hash, uint64_t now_ns);
/* A PAIR_DOMAIN asks for a name, given in wire form. */
void pair_ask(struct pair *pair, const uint8_t *name, unsigned length, uint16_t type);
/* The exchange i steps before the last, i < PAIR_MOMENTS; NULL: there was none. */
const struct pair_moment *pair_moment(const struct pair *pair, unsigned i);

#endif /* SKUA_TRACK_PAIR_H */
