/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is armed now, by key and end, at most SKUA_ARMED_MAX: the native engine
 * looks here, the kernel programs into maps that are kept like it.  When it is
 * full, the one that ends first goes, and is counted.  Times are those of the
 * engine's packets.  One thread.
 */
#ifndef SKUA_CAPTURE_ARMED_H
#define SKUA_CAPTURE_ARMED_H

#include <stdbool.h>
#include <stdint.h>
#include "skua/armed.h"

struct armed_entry {
	struct skua_armed_key key;
	uint64_t until_ns;
};

struct armed {
	struct armed_entry entries[SKUA_ARMED_MAX]; /* sorted by key */
	unsigned count;
	uint64_t until_ns; /* nothing is armed from here on */
	uint64_t given_up; /* entries that a full table gave up before their end */
	int map_fd;        /* of the programs' tables, borrowed; < 0: there are none */
	int arming_fd;
};

/* Without descriptors (both < 0) for the native engine; else what an earlier agent left in the maps
 * goes.  0 or -errno. */
int armed_init(struct armed *armed, int map_fd, int arming_fd);
/*
 * Armed until then; one that is armed for longer stays so, and 0 ends it at
 * once.  0; or -errno: the kernel refused, nothing changed.
 */
int armed_put(struct armed *armed, const struct skua_armed_key *key, uint64_t until_ns);
/* Deletes what has ended. */
void armed_tick(struct armed *armed, uint64_t now_ns);
bool armed_holds(const struct armed *armed, const void *key, uint64_t now_ns);

#endif /* SKUA_CAPTURE_ARMED_H */
