/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skua analyze --all: every question that needs no words of its own, asked in
 * one pass; the rows of each go to a file of their own, as the single command
 * writes them in JSON.
 */
#ifndef SKUA_ANALYST_ANALYZE_ALL_H
#define SKUA_ANALYST_ANALYZE_ALL_H

#include "analyst/analyst_session.h"

/* Conversations and addresses told apart at a time, of each kind; the single commands have more
 * room, for they do not share their memory with the others. */
#define ANALYZE_ALL_CAPACITY (1u << 18)
#define ANALYZE_ALL_MAX 13 /* questions */

struct analyze_all {
	int folder;
	struct lists *lists; /* those built in, as the single commands have them */
	struct analyst_seat seats[ANALYZE_ALL_MAX + 1]; /* one is the caller's to take */
	unsigned count;
};

/*
 * Opens the questions and FOLDER/QUESTION.jsonl.part of each; the folder is
 * there.  0, or -errno, which has been logged.
 */
int analyze_all_init(struct analyze_all *all, const char *folder);
/*
 * The session has closed the analysts.  keep: files get their names in place of
 * older ones; otherwise, or when one of them could not be written, all are
 * removed.  0, or -errno, which has been logged.
 */
int analyze_all_fini(struct analyze_all *all, bool keep);

#endif /* SKUA_ANALYST_ANALYZE_ALL_H */
