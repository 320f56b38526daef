/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a process of ours that was told to end. */
#ifndef SKUA_BASE_CHILD_H
#define SKUA_BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#define CHILD_KILL_MS 500 /* for one that was killed: if the kernel holds it, it is left alone */

/*
 * Waits for it, and when wait_ms are over kills it and waits CHILD_KILL_MS more.  true: it has
 * ended by itself, or there is none.  Works in a confined worker.
 */
bool child_end(pid_t pid, unsigned wait_ms);

#endif /* SKUA_BASE_CHILD_H */
