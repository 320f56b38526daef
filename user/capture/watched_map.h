/* SPDX-License-Identifier: BSD-2-Clause */
/* What the programs are told of interfaces, and what they count of them: one face for two maps. */
#ifndef SKUA_CAPTURE_WATCHED_MAP_H
#define SKUA_CAPTURE_WATCHED_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include "skua/watched.h"

struct watched_map {
	int near_fd, far_fd; /* LOADER_LINKS, LOADER_LINKS_FAR */
};

/* What was counted stays.  0 or -errno; -E2BIG: both places are taken. */
int watched_map_set(const struct watched_map *map, int ifindex, uint8_t role, uint8_t link);
/* Summed over CPUs; false: it is not there. */
bool watched_map_get(const struct watched_map *map, int ifindex, uint64_t *packets,
		     uint64_t *bytes);
void watched_map_delete(const struct watched_map *map, int ifindex);

#endif /* SKUA_CAPTURE_WATCHED_MAP_H */
