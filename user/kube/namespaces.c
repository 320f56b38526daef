// SPDX-License-Identifier: BSD-2-Clause
/* Remembers which namespace an address belongs to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "kube/namespaces.h"

#define SECOND_NS 1000000000ull
#define GOLDEN 0x9e3779b97f4a7c15ull /* spreads addresses that differ in few bits */

struct place {
	struct address address;
	uint64_t asked_ns; /* 0: it is free */
	uint32_t generation;
	struct tenancy tenancy;
};

struct namespaces {
	const struct board *board;
	struct place places[NAMESPACES_PLACES];
};

int namespaces_open(struct namespaces **out, const struct board *board)
{
	struct namespaces *namespaces = calloc(1, sizeof(*namespaces));

	if (!namespaces)
		return -ENOMEM;
	namespaces->board = board;
	*out = namespaces;
	return 0;
}

void namespaces_close(struct namespaces *namespaces)
{
	free(namespaces);
}

static struct place *place_of(struct namespaces *namespaces, const struct address *address)
{
	uint64_t mixed = (address->words[0] * GOLDEN ^ address->words[1]) * GOLDEN;

	return &namespaces->places[(mixed >> 32) % NAMESPACES_PLACES];
}

static void fill(struct tenancy *tenancy, const struct pod *pod, uint64_t unix_ns)
{
	memcpy(tenancy->namespace, pod->namespace, sizeof(tenancy->namespace));
	tenancy->from_ns = unix_ns - pod->known_s * SECOND_NS;
	tenancy->until_ns = pod->age_s ? unix_ns - (pod->age_s + 1) * SECOND_NS : UINT64_MAX;
}

const struct tenancy *namespaces_at(struct namespaces *namespaces, const struct address *address,
				    uint64_t now_ns, uint64_t unix_ns)
{
	struct place *place = place_of(namespaces, address);
	/* Read before the board is: what changes meanwhile is seen the next time. */
	uint32_t generation = board_generation(namespaces->board);
	struct pod pod;

	if (place->asked_ns && place->generation == generation &&
	    now_ns - place->asked_ns < NAMESPACES_FRESH_NS &&
	    address_equal(&place->address, address))
		return &place->tenancy;
	*place = (struct place){ *address, now_ns, generation, { "", 0, 0 } };
	if (board_find(namespaces->board, address, now_ns, &pod))
		fill(&place->tenancy, &pod, unix_ns);
	return &place->tenancy;
}

static uint64_t clock_ns(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

const struct tenancy *namespaces_now(struct namespaces *namespaces, const struct address *address)
{
	return namespaces_at(namespaces, address, clock_ns(CLOCK_MONOTONIC),
			     clock_ns(CLOCK_REALTIME));
}

const char *namespaces_find(void *arg, const struct address *address)
{
	const struct tenancy *tenancy = namespaces_now(arg, address);

	return tenancy->namespace[0] ? tenancy->namespace : NULL;
}
