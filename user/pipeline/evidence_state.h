/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of the evidence, for the files that wait, that hand over and that make files. */
#ifndef SKUA_PIPELINE_EVIDENCE_STATE_H
#define SKUA_PIPELINE_EVIDENCE_STATE_H

#include "pipeline/evidence.h"

#define EVIDENCE_LOSSES 1024 /* seconds with losses that are remembered */

#define EVIDENCE_OFF 4096 /* a power of two: hosts that share a place share a count */

struct evidence_waiting {
	struct address a, b; /* armed: a pair, or with b zero a host */
	uint64_t armed_bytes;
	struct finding finding; /* as it was said first */
	uint64_t due_ns;
};

/* It waits for nothing but time. */
struct evidence_due {
	struct finding finding; /* as it was said first */
	uint64_t number;        /* in the order of falling due */
};

struct evidence_loss {
	uint64_t time_ns, total;
};

struct evidence {
	struct evidence_options options;
	struct recorder *recorder;
	struct evidence_waiting waiting[EVIDENCE_WAITING];
	unsigned waiting_count;
	struct evidence_due due[EVIDENCE_DUE + 1]; /* one more until it is known who goes without */
	unsigned due_count;
	uint64_t fell_due; /* so far */
	uint64_t early;    /* handed over before their time, for there was no room */
	uint64_t lost;
	struct evidence_loss losses[EVIDENCE_LOSSES];
	unsigned loss_next;
	uint32_t off[EVIDENCE_OFF]; /* samples that policy forbade, by host */
};

/* It waits no longer for what follows; when too many wait for time, one of them goes without. */
void evidence_fall_due(struct evidence *evidence, const struct finding *finding,
		       evidence_find_fn *find, void *arg);
/* Samples of this host that policy forbade. */
uint32_t *evidence_off(struct evidence *evidence, const struct address *host);

#endif /* SKUA_PIPELINE_EVIDENCE_STATE_H */
