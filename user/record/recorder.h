/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The flight recorder: packets from before the alert.  Every sample goes into
 * a ring, in the order of arrival, chained by pair; what is new of each pair
 * also goes into the keep area (keep.h), which other traffic does not push
 * out.  It judges nothing and writes nothing: whoever wants evidence selects
 * rows and writes them (snapshot.h).  Its clock is that of the packets.  One
 * thread; nothing is allocated but for a selection.
 */
#ifndef SKUA_RECORD_RECORDER_H
#define SKUA_RECORD_RECORDER_H

#include "record/keep_key.h"
#include "record/sample_row.h"
#include "record/volume.h"

struct recorder;

struct recorder_options {
	uint64_t ring_bytes;
	uint64_t keep_bytes; /* 0: no keep area */
	uint32_t pairs;
	const char *file; /* both lie in this file, which is made and removed; NULL: in memory */
};

#define RECORDER_OPTIONS_DEFAULT                                                                   \
	{                                                                                          \
		.ring_bytes = 64 << 20, .keep_bytes = 128 << 20, .pairs = 65536                    \
	}

/* 0 or -errno. */
int recorder_open(struct recorder **out, const struct recorder_options *options);
void recorder_close(struct recorder *recorder);

/* captured: of event->captured, so many are to be kept. */
void recorder_sample(struct recorder *recorder, const struct skua_sample_event *event,
		     const uint8_t *bytes, uint32_t captured);
/* The client of a conversation called its server so. */
void recorder_name(struct recorder *recorder, const struct skua_flow_key *key, unsigned client,
		   uint64_t hash);

/* A conversation says how much it has carried so far. */
void recorder_flow(struct recorder *recorder, const struct skua_flow_event *event);

enum recorder_what {
	RECORDER_PAIR, /* both hosts; port and proto unless 0 */
	RECORDER_HOST, /* everything from or to a */
	RECORDER_NAME, /* what a said to servers of this name, and asked about this domain */
	RECORDER_DNS,  /* what a asked about this domain; "": all it asked b */
	RECORDER_ALL,
};

struct recorder_selector {
	enum recorder_what what;
	struct address a, b;
	uint16_t port;
	uint8_t proto;
	uint64_t since_ns;  /* samples before are left out, those of the keep area as well */
	uint64_t after;     /* samples up to this number are left out: 0: none */
	uint64_t name_hash; /* RECORDER_NAME */
	char domain[256];
	uint64_t bytes_max; /* 0: no limit; else what exceeds it is left out in the middle */
};

/* Of a pair without sequence numbers. */
struct recorder_totals {
	struct keep_key key;
	struct volume totals;
};

/* In the order of arrival. */
struct recorder_selection {
	struct sample_row *rows;
	size_t count;
	bool cut;      /* bytes_max was reached */
	bool thinned;  /* of these hosts more was sampled than was still there */
	uint8_t *room; /* of rows that lay in pieces */
	size_t room_size;
	struct recorder_totals
		*totals; /* of the pairs that were asked for, in the order of their keys */
	size_t totals_count;
};

/* 0, -ENOENT or -ENOMEM.  Rows are valid until the next sample. */
int recorder_select(struct recorder *recorder, const struct recorder_selector *selector,
		    struct recorder_selection *out);
void recorder_selection_fini(struct recorder_selection *selection);

struct recorder_counts {
	uint64_t samples, overwritten; /* the ring is full when the oldest go: that is no loss */
	uint64_t oldest_ns;            /* in the ring; 0: it is empty */
	uint64_t pairs, pairs_capacity, pairs_evicted;
	uint64_t ring_used, ring_size, keep_used, keep_size; /* bytes */
	uint64_t thinned, shrunk, refused;                   /* keep_counts */
	uint64_t totals_forgotten;                           /* volume_flows */
};
void recorder_counts(const struct recorder *recorder, struct recorder_counts *out);

#endif /* SKUA_RECORD_RECORDER_H */
