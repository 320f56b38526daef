/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What outlives a run (track/memory.h) in its file: read at the beginning,
 * written every few minutes by a thread of its own, so that a slow disk stops
 * nobody, and at the end.  A file that makes no sense is told, kept aside under
 * another name, and the run begins with nothing.
 */
#ifndef SKUA_SESSION_STATE_KEEPER_H
#define SKUA_SESSION_STATE_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define STATE_FIRST_NS (10 * 1000000000ull) /* so that what prevents it is told soon */
#define STATE_EVERY_NS (300 * 1000000000ull)

struct memory;
struct state_keeper;

struct state_options {
	const char *path; /* borrowed */
	uid_t uid;        /* who will write, or -1 */
	gid_t gid;
	bool secret; /* hashes are seeded anew, not the same everywhere */
};

/* 0, or -errno, which has been logged: nothing could be kept there. */
int state_open(struct state_keeper **out, const struct state_options *options);
/* With the rights that are left, before system calls are limited: the thread.  0 or -errno. */
int state_start(struct state_keeper *keeper);
/* NULL for NULL. */
struct memory *state_memory(struct state_keeper *keeper);
/* A second has passed; now_ns: any clock that only rises. */
void state_tick(struct state_keeper *keeper, uint64_t now_ns);
/* Hands over what it holds now for the last time, without waiting: nothing may be learnt after it.
 */
void state_end(struct state_keeper *keeper);
/* The same, unless it was done, and waits, but not for ever: 0, or -errno, which has been logged.
 */
int state_finish(struct state_keeper *keeper);
void state_close(struct state_keeper *keeper);

#endif /* SKUA_SESSION_STATE_KEEPER_H */
