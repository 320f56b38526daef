/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration is read again while a live run goes on: all of it is good,
 * or nothing changes.  Packets and events are not touched.
 */
#ifndef SKUA_RUN_RUN_RELOAD_H
#define SKUA_RUN_RUN_RELOAD_H

#include <stdint.h>

struct run;

struct run_reloads {
	uint64_t done, refused;
	uint32_t waiting; /* values that differ from those in force until a restart */
};

/* Says what changed, and what waits for a restart. */
void run_reload(struct run *run);

#endif /* SKUA_RUN_RUN_RELOAD_H */
