/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a running agent shows of itself: user/serve lets people look at it and
 * is never part of the flow; nothing here judges, and nobody above waits for
 * it.  One thread, the worker's.  The view is a plain struct without pointers,
 * filled by the worker, sent as it is over a Unix socket to a program of the
 * same machine, and refused by view_check() where it is not what it should be.
 */
#ifndef SKUA_SERVE_VIEW_H
#define SKUA_SERVE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "report/record.h"

#define STATUS_NAME 32
#define STATUS_WORD 16
#define STATUS_INTERFACES 64
#define STATUS_CAUSES 64
#define STATUS_TABLES 16
#define STATUS_RINGS 4

enum status_group {
	STATUS_IGNORED,
	STATUS_LOST,
	STATUS_GIVEN_UP,
	STATUS_CONFIG, /* what became of reading it again: no losses */
	STATUS_GROUPS
};

struct status_interface {
	char name[STATUS_WORD];
	char role[STATUS_WORD];  /* "uplink", "workload", "tap" */
	char hook[STATUS_WORD];  /* "xdp", "xdp-generic", "tcx", "clsact", "pcap" */
	char state[STATUS_WORD]; /* "watching", "down", "blind": it counts packets, we see none */
	uint64_t packets, bytes;
	uint64_t packets_per_s, bytes_per_s;
	uint32_t ifindex;
	uint32_t reserved;
};

struct status_cause {
	char name[STATUS_NAME];
	uint64_t count;
	uint32_t group; /* enum status_group */
	uint32_t reserved;
};

struct status_table {
	char name[STATUS_NAME];
	uint64_t entries, capacity;
};

struct status_ring {
	char name[STATUS_NAME];
	uint64_t used, size; /* bytes */
};

struct status_view {
	char version[STATUS_NAME]; /* of the program */
	char source[STATUS_WORD];  /* "kernel" or "pcap" */
	uint64_t started_ns, now_ns;
	uint64_t packets, bytes;
	uint64_t packets_per_s, bytes_per_s;
	uint64_t accounted;
	uint64_t source_only; /* part of accounted: conversations that were not admitted */
	uint64_t ignored, lost;
	uint64_t events, events_per_s;
	uint64_t findings[5]; /* by severity; [0] unused */
	uint64_t clock_steps;
	uint64_t journal_bytes; /* 0: no journal */
	uint64_t answered;      /* requests to the control socket; the socket counts these two */
	uint64_t turned_away;   /* silent, garbled or too many */
	uint32_t pid;
	uint32_t interface_count, cause_count, table_count, ring_count; /* listed below */
	uint32_t interfaces_beyond, causes_beyond, tables_beyond; /* for which there was no room */
	struct status_interface interfaces[STATUS_INTERFACES];
	struct status_cause causes[STATUS_CAUSES];
	struct status_table tables[STATUS_TABLES];
	struct status_ring rings[STATUS_RINGS];
};

_Static_assert(sizeof(struct status_interface) == 104, "both ends read the same bytes");
_Static_assert(sizeof(struct status_view) == 248 + 64 * 104 + 64 * 48 + 16 * 48 + 4 * 48,
	       "both ends read the same bytes");

/*
 * For whoever fills a zeroed view.  Names are cut to their room; what finds no
 * room is counted as beyond, a ring too many is not shown.
 */
void view_text(char *to, size_t size, const char *text);
/* The next interface, its name set, or NULL. */
struct status_interface *view_add_interface(struct status_view *view, const char *name);
void view_add_cause(struct status_view *view, enum status_group group, const char *name,
		    uint64_t count);
void view_add_table(struct status_view *view, const char *name, uint64_t entries,
		    uint64_t capacity);
void view_add_ring(struct status_view *view, const char *name, uint64_t used, uint64_t size);
/* Packets, causes, events, findings and clock steps, all from one accounting. */
void view_add_stats(struct status_view *view, const struct stats *stats);

/* Is it one, whoever sent it: counts within bounds, texts ended, names fit for JSON? */
bool view_check(const struct status_view *view);
/* Of so many counted, how many interfaces are blind? */
unsigned view_blind(const struct status_view *view);

#endif /* SKUA_SERVE_VIEW_H */
