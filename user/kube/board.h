/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pods of this node by their addresses, in memory that two processes share:
 * the one that watches the API server writes, the worker reads, neither waits
 * for the other.  Room for BOARD_PODS; when full, those that are gone make room,
 * the longest gone first, and within a list those that are not in it yet; a pod
 * that finds none is refused and counted.  Pods of the host's network are not
 * kept: their address is the node's.
 */
#ifndef SKUA_KUBE_BOARD_H
#define SKUA_KUBE_BOARD_H

#include "base/pod.h"

#define BOARD_PODS 1024    /* a node holds 110 unless told otherwise */
#define BOARD_ADDRESSES 2  /* one of each family */
#define BOARD_GONE_S 600   /* so long a pod that ended is still named: findings come late */
#define BOARD_SILENT_S 120 /* a server that says nothing for so long is not heard */

struct board_pod {
	struct pod pod; /* age_s and known_s are not used */
	struct address addresses[BOARD_ADDRESSES];
	unsigned address_count; /* 0: it has none of its own */
};

struct board_counts {
	uint64_t pods;      /* known, those included that are gone */
	uint64_t lists;     /* read to their end */
	uint64_t events;    /* of watches */
	uint64_t bookmarks; /* of them */
	uint64_t expired;   /* the server no longer knew where we were: 410 */
	uint64_t failures;  /* requests that came to nothing */
	uint64_t refused;   /* pods: no room */
	uint64_t oversized; /* pods and pages longer than we read */
	uint64_t malformed; /* what is no pod, or has names that none can have */
};

struct board;

/* 0 or -ENOMEM.  What is forked later shares it. */
int board_open(struct board **out);
void board_close(struct board *board);

/* The one writer's.  now_ns: CLOCK_MONOTONIC.  A pod without addresses is removed. */
void board_put(struct board *board, const struct board_pod *pod, uint64_t now_ns);
void board_remove(struct board *board, const struct pod *pod, uint64_t now_ns);
/* Between them all there is gets put; what is not is gone. */
void board_begin_list(struct board *board);
void board_end_list(struct board *board, uint64_t now_ns);
/* The server was heard, or is known to be out of reach. */
void board_heard(struct board *board, uint64_t now_ns);
void board_lost(struct board *board);
/* To be raised by the writer. */
struct board_counts *board_counting(struct board *board);

/* Anybody's. */
bool board_find(const struct board *board, const struct address *address, uint64_t now_ns,
		struct pod *out);
/* Another one than before: what was found may be so no longer. */
uint32_t board_generation(const struct board *board);
void board_counts(const struct board *board, struct board_counts *out);

#endif /* SKUA_KUBE_BOARD_H */
