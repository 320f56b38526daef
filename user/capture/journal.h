/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The event journal, written: events, ticks and what else decided findings, so
 * that the run can be judged again (journal_in.h).  What facts, statistics and
 * the context are, others know: here they are bytes.
 *
 * A directory of files, YYYYMMDDTHHMMSS-NNNNNN.skj.zst (.skj without libzstd),
 * begun anew at a size or an age.  All such files of the directory together
 * stay below a quota: the oldest are removed.  Records are gathered in one
 * block of memory and written when it is full, or at the first tick a tenth of
 * a second after the last write, so that kill -9 loses about a second of an
 * agent whose clock ticks once in each.  A disk that is full or broken costs what could
 * not be written: that is counted, said once and tried again, and stops nobody.
 *
 * journal_open() needs the right to make files in the directory; later files
 * are made through the descriptor it keeps (openat, unlinkat, getdents64), by
 * whoever the process is then.  One thread; nothing is allocated after open
 * but by readdir().
 */
#ifndef SKUA_CAPTURE_JOURNAL_H
#define SKUA_CAPTURE_JOURNAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "skua/event.h"

#define JOURNAL_ERROR_SIZE 256
#define JOURNAL_CONTEXT_MAX 4096
#define JOURNAL_RECORD_MAX 65536                  /* bytes of one record */
#define JOURNAL_FILE_MAX (64ull << 20)            /* bytes on disk, of one file */
#define JOURNAL_QUOTA (1024ull << 20)             /* of all files */
#define JOURNAL_ROTATE_NS (3600 * SKUA_SECOND_NS) /* age at which a file is finished */
#define JOURNAL_FLUSH_NS (SKUA_SECOND_NS / 10)

/* Only ever added to: a reader skips and counts what it does not know. */
enum journal_kind {
	JOURNAL_EVENT = 1, /* a struct skua_event and its rest; never a sample */
	JOURNAL_TICK,      /* no bytes: the clock has reached time_ns */
	JOURNAL_FACT,      /* what a sample said */
	JOURNAL_ENDING,    /* no bytes: what follows is decided by the end of the input */
	JOURNAL_FINISH,    /* no bytes: the last event was delivered */
	JOURNAL_STATS,     /* the accounting up to here */
	JOURNAL_CLOSE,     /* no bytes: nothing follows */
	JOURNAL_KINDS
};

struct journal_options {
	const char *directory; /* made when it is not there */
	const void *context;   /* what judgement needs to know of this run */
	size_t context_size;   /* up to JOURNAL_CONTEXT_MAX */
	uint32_t fact_size;    /* of a JOURNAL_FACT: told to readers */
	uint64_t quota;        /* bytes */
	uint64_t file_max;     /* bytes; at most a quarter of the quota is used */
	uint64_t rotate_ns;
	uid_t uid; /* who will write once privileges are given up; (uid_t)-1: who opens it */
	gid_t gid;
};

#define JOURNAL_OPTIONS_DEFAULT                                                                    \
	{                                                                                          \
		.quota = JOURNAL_QUOTA, .file_max = JOURNAL_FILE_MAX,                              \
		.rotate_ns = JOURNAL_ROTATE_NS, .uid = (uid_t)-1, .gid = (gid_t)-1                 \
	}

struct journal_counts {
	uint64_t records;  /* given to the journal */
	uint64_t lost;     /* of them: could not be written */
	uint64_t bytes;    /* of records, before compression */
	uint64_t written;  /* bytes on disk */
	uint64_t files;    /* begun */
	uint64_t removed;  /* files, for the quota */
	uint64_t failures; /* writes, and files that could not be begun */
};

struct journal;

/* On failure -errno and one line in error. */
int journal_open(struct journal **out, const struct journal_options *options,
		 char error[JOURNAL_ERROR_SIZE]);
/* Says that nothing follows. */
void journal_close(struct journal *journal);

/* Samples are passed over, and so is what is no event of this ABI: nobody judges by it. */
void journal_event(struct journal *journal, const struct skua_event *event);
/* kind: all others.  size: up to JOURNAL_RECORD_MAX, or the record is lost. */
void journal_record(struct journal *journal, enum journal_kind kind, uint64_t time_ns,
		    const void *bytes, size_t size);
/* Hands to the kernel what was gathered. */
void journal_flush(struct journal *journal);
const struct journal_counts *journal_counts(const struct journal *journal);

#endif /* SKUA_CAPTURE_JOURNAL_H */
