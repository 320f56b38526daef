/* SPDX-License-Identifier: BSD-2-Clause */
/* Shows that worlds are made of what the engine says: packets that were captured, as events again.
 */
#ifndef TESTS_EVAL_MIRROR_H
#define TESTS_EVAL_MIRROR_H

#include <stdio.h>

/*
 * Each pair of a journal with at least seven TCP exchanges is played again as
 * an actor with the same starts and sizes; a line for each: client, server,
 * exchanges, score by the journal's events, score by the actor's, number of
 * exchanges, contacts and ends that differ, and at which exchange it was found,
 * or 0.  0 or -errno, which has been logged.
 */
int mirror_journal(const char *directory, FILE *stream);

#endif /* TESTS_EVAL_MIRROR_H */
