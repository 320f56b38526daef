/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Publishes evidence from a thread of its own, so that a disk that stalls
 * stops nothing but evidence.  What waits is bounded by number and bytes;
 * beyond that, evidence is given up with -ENOBUFS in its finding.  One caller.
 */
#ifndef SKUA_SESSION_PUBLISHER_H
#define SKUA_SESSION_PUBLISHER_H

#include "pipeline/publish.h"

#define PUBLISHER_ITEMS EVIDENCE_WAITING /* so many can be due in one second */
#define PUBLISHER_BYTES (128ull << 20)

struct publisher;

struct publisher_counts {
	struct vault_counts vault;
	uint64_t waiting, waiting_bytes;
	struct stats_vault head;
	uint64_t refused; /* the disk was too slow */
	uint64_t failed;  /* it said no */
	uint64_t unmade;  /* the recorder had nothing, or memory or time was short */
	uint64_t crowded; /* too many others were to be made */
};

/*
 * Starts the thread, which gives up all but few system calls at once.  The
 * vault in what is copied from publish is the thread's until close.  0 or -errno.
 */
int publisher_open(struct publisher **out, const struct publish *publish);
/* Takes item->bytes; without any it only counts.  true: it will come back; false: finding says why
 * not. */
bool publisher_put(struct publisher *publisher, const struct evidence_item *item,
		   struct finding *finding);
/* Waits for room, something to take, or until the time is over; true: there is room. */
bool publisher_wait(struct publisher *publisher, size_t length, unsigned timeout_ms);
/* The next one that is done, in the order in which they came, further files of one finding apart;
 * false: none yet. */
bool publisher_take(struct publisher *publisher, struct finding *out);
/* The quota is due. */
void publisher_tick(struct publisher *publisher, uint64_t now_ns);
void publisher_counts(struct publisher *publisher, struct publisher_counts *out);
/* Waits until all is written, but no longer than so; true: the thread has ended. */
bool publisher_drain(struct publisher *publisher, unsigned timeout_ms);
/* After a drain in vain: what is not written is taken with -ETIMEDOUT, and counts as refused. */
void publisher_give_up(struct publisher *publisher);
/*
 * Waits for what is left, but not for long, and after a drain in vain not at
 * all.  false: the thread hangs; memory and vault are left to it.
 */
bool publisher_close(struct publisher *publisher);

#endif /* SKUA_SESSION_PUBLISHER_H */
