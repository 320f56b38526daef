/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event journal, read: a source of the events and ticks that a run judged
 * by, in their order, and between them the records that are no events.  A
 * directory may hold several runs; each is replayed by itself, the earliest
 * first: journal_in_run() goes to the next, and its source then ends with it.
 *
 * Files are untrusted: lengths are checked, a block whose checksum is wrong is
 * skipped, what is unknown or of a wrong size is counted, a cut file is read
 * up to the cut.  Events are of their kind's size, and that is all: what they
 * say may be nonsense.  One thread.
 */
#ifndef SKUA_CAPTURE_JOURNAL_IN_H
#define SKUA_CAPTURE_JOURNAL_IN_H

#include <stdbool.h>
#include "capture/journal.h"
#include "capture/source.h"

/* Between events: kind is JOURNAL_FACT to JOURNAL_STATS.  bytes: borrowed, aligned to eight. */
typedef void journal_record_fn(void *arg, enum journal_kind kind, uint64_t time_ns,
			       const void *bytes, size_t size);

struct journal_in_options {
	const char *const *paths; /* files, and directories of them */
	unsigned path_count;
	uint32_t fact_size; /* of facts here: a journal with others is refused */
};

struct journal_run {
	uint64_t start_ns;   /* Unix time at which it began */
	const void *context; /* borrowed until the next run */
	size_t context_size;
};

struct journal_in_counts {
	uint64_t records;
	uint64_t unknown; /* of a kind or size that is not known: skipped */
	uint64_t damaged; /* blocks: skipped */
	uint64_t lost;    /* records that are not there: of such blocks, or never written */
};

struct journal_in;

/* A journal is among paths, or a directory that holds one. */
bool journal_in_is_journal(const char *const *paths, unsigned count);

/* On failure -errno and one line in error: -EINVAL no journal, -EPROTO not one of ours. */
int journal_in_open(struct journal_in **out, const struct journal_in_options *options,
		    char error[JOURNAL_ERROR_SIZE]);
void journal_in_close(struct journal_in *in);

/* 1: the source now gives this run; 0: there is no more; -errno, logged.  Counts begin anew. */
int journal_in_run(struct journal_in *in, struct journal_run *run);
/* Borrowed; records go to deliver's argument. */
struct source *journal_in_source(struct journal_in *in, journal_record_fn *record);

const struct journal_in_counts *journal_in_counts(const struct journal_in *in);
/* Of this run something is torn, damaged or missing. */
bool journal_in_truncated(const struct journal_in *in);
/* The run has no end: it was killed, or goes on. */
bool journal_in_is_open(const struct journal_in *in);

#endif /* SKUA_CAPTURE_JOURNAL_IN_H */
