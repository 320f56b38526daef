// SPDX-License-Identifier: BSD-2-Clause
/* An interface has the place of its number, or, if that is another's, an entry of its own. */
#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "capture/watched_map.h"

#define CPUS_MAX 1024

/* Of every CPU, and where they lie. */
struct place {
	int fd;
	uint32_t key;
	int cpus;
	struct skua_watched values[CPUS_MAX];
};

static void read_place(struct place *place, int fd, uint32_t key)
{
	place->fd = fd;
	place->key = key;
	if (bpf_map_lookup_elem(fd, &key, place->values))
		memset(place->values, 0, sizeof(place->values));
}

/* Where the interface is, or could be. */
static int find(const struct watched_map *map, int ifindex, struct place *place)
{
	place->cpus = libbpf_num_possible_cpus();
	if (place->cpus < 1 || place->cpus > CPUS_MAX)
		return -E2BIG;
	read_place(place, map->near_fd, (uint32_t)ifindex % SKUA_WATCHED_PLACES);
	if (place->values[0].role && place->values[0].ifindex != (uint32_t)ifindex)
		read_place(place, map->far_fd, ifindex);
	return 0;
}

int watched_map_set(const struct watched_map *map, int ifindex, uint8_t role, uint8_t link)
{
	struct place place;
	int err = find(map, ifindex, &place);

	if (err)
		return err;
	for (int i = 0; i < place.cpus; i++) {
		place.values[i].ifindex = ifindex;
		place.values[i].role = role;
		place.values[i].link = link;
	}
	return bpf_map_update_elem(place.fd, &place.key, place.values, BPF_ANY) ? -errno : 0;
}

bool watched_map_get(const struct watched_map *map, int ifindex, uint64_t *packets, uint64_t *bytes)
{
	struct place place;

	*packets = *bytes = 0;
	if (find(map, ifindex, &place) || !place.values[0].role)
		return false;
	for (int i = 0; i < place.cpus; i++) {
		*packets += place.values[i].packets;
		*bytes += place.values[i].bytes;
	}
	return true;
}

void watched_map_delete(const struct watched_map *map, int ifindex)
{
	struct place place;

	if (find(map, ifindex, &place))
		return;
	if (place.fd == map->far_fd) {
		bpf_map_delete_elem(place.fd, &place.key);
		return;
	}
	memset(place.values, 0, sizeof(place.values));
	bpf_map_update_elem(place.fd, &place.key, place.values, BPF_ANY);
}
