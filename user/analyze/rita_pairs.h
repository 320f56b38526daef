/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RITA's beacon score beside ours (--rita), for those who know its numbers.
 * A row for each client of ours and server with connections in at least
 * RITA_UNIQUE different seconds; it scores connections, TCP and UDP, so polling inside
 * one connection is invisible to it, and of none it asks what surrounds it.
 *
 * Connections are kept in chunks of a fixed number.  When pairs are too many,
 * those with the fewest connections give way; when chunks are used up, what
 * comes is counted and left out, and the output says so.
 */
#ifndef SKUA_ANALYZE_RITA_PAIRS_H
#define SKUA_ANALYZE_RITA_PAIRS_H

#include <stdio.h>
#include "skua/event.h"
#include "analyze/rita.h"
#include "base/address.h"
#include "base/table.h"
#include "report/finding.h"
#include "report/sink.h"

#define RITA_PAIRS 16384  /* 96 bytes each and the table's index */
#define RITA_CHUNKS 65536 /* 264 bytes each: 2 million connections in 17 MB */
#define RITA_CHUNK_CONNECTIONS 32

struct rita_chunk {
	uint32_t next; /* UINT32_MAX: none */
	uint32_t used;
	struct rita_connection connections[RITA_CHUNK_CONNECTIONS];
};

struct rita_pair {
	uint32_t connections; /* seen */
	uint32_t chunk;       /* the last one, UINT32_MAX: none */
	uint32_t lost;        /* connections that found no chunk */
	bool found;           /* skua has a finding: */
	double score;
};

struct rita_pairs {
	struct table table; /* (client, server) -> struct rita_pair */
	struct rita_chunk *chunks;
	uint32_t free;         /* the first free chunk */
	uint32_t from_s, to_s; /* starts of the data set; from_s > to_s: none */
	uint64_t lost;         /* connections that found no chunk */
};

/* A pair that has a score, or too many connections for one. */
struct rita_row {
	struct address client, server;
	uint32_t connections;
	bool strobe; /* more than RITA_STROBE: no score */
	bool cut;    /* not all connections were kept */
	bool found;
	double skua; /* our score, when found */
	uint64_t last_ns;
	struct rita_score score;
};

/* 0 or -ENOMEM; rita_pairs_fini() takes one that was never made, if it is zero. */
int rita_pairs_init(struct rita_pairs *pairs, uint32_t capacity, uint32_t chunks);
void rita_pairs_fini(struct rita_pairs *pairs);

/* Every FLOW event; those that only report are passed over. */
void rita_pairs_flow(struct rita_pairs *pairs, const struct skua_flow_event *event);
/* Every finding: the last score of a beacon stands beside RITA's. */
void rita_pairs_finding(struct rita_pairs *pairs, const struct finding *finding);

/* By falling score, then by address; to be freed.  Returns how many, or -ENOMEM. */
ssize_t rita_pairs_rows(const struct rita_pairs *pairs, struct rita_row **out);

/*
 * JSON lines have event_type "rita" and an object of that name.  What was lost
 * makes one warning.  0 or -ENOMEM.
 */
int rita_write_json(const struct rita_pairs *pairs, FILE *stream,
		    const struct sink_envelope *envelope);
/* The same as rows: RITA TIME SIZE BARS DURATION SKUA WHO. */
int rita_write_table(const struct rita_pairs *pairs, FILE *stream);

#endif /* SKUA_ANALYZE_RITA_PAIRS_H */
