/* SPDX-License-Identifier: BSD-2-Clause */
/* Adds up where every packet went: seen = accounted + ignored + lost, each by cause. */
#ifndef SKUA_PIPELINE_ACCOUNTING_H
#define SKUA_PIPELINE_ACCOUNTING_H

#include "capture/replay.h"
#include "pipeline/pipeline.h"
#include "report/record.h"

/* What a source knows of where its packets went. */
struct accounting {
	uint64_t counters[SKUA_COUNTERS];
	uint64_t evicted[SKUA_TABLES];
	uint64_t packets, bytes; /* seen */
	uint64_t first_ns, last_ns;
	uint64_t backwards;
	uint64_t dropped; /* by the kernel, before they were seen: not part of packets */
	uint64_t alien, skipped_ticks; /* live only */
	bool truncated;
};

/* Packets that are in some row. */
uint64_t accounting_rows(const uint64_t counters[SKUA_COUNTERS]);
void accounting_add_up(const struct accounting *from, const struct pipeline *pipeline,
		       struct stats *out);
void accounting_of_replay(const struct replay *replay, const struct pipeline *pipeline,
			  struct stats *out);
/* Packets seen, but found in no row: anything but 0 is an error of ours. */
int64_t accounting_missing(const struct stats *stats);

#endif /* SKUA_PIPELINE_ACCOUNTING_H */
