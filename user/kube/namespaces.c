// SPDX-License-Identifier: BSD-2-Clause
/* Remembers which namespace an address belongs to. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "kube/namespaces.h"

#define GOLDEN 0x9e3779b97f4a7c15ull /* spreads addresses that differ in few bits */

struct place {
	struct address address;
	uint64_t asked_ns; /* 0: it is free */
	uint32_t generation;
	char name[POD_NAMESPACE]; /* empty: none is known */
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

static void ask(const struct board *board, struct place *place, const struct address *address,
		uint32_t generation, uint64_t now_ns)
{
	struct pod pod;

	*place =
		(struct place){ .address = *address, .asked_ns = now_ns, .generation = generation };
	if (board_find(board, address, now_ns, &pod))
		memcpy(place->name, pod.namespace, sizeof(place->name));
}

const char *namespaces_at(struct namespaces *namespaces, const struct address *address,
			  uint64_t now_ns)
{
	struct place *place = place_of(namespaces, address);
	/* Read before the board is: what changes meanwhile is seen the next time. */
	uint32_t generation = board_generation(namespaces->board);

	if (!place->asked_ns || place->generation != generation ||
	    now_ns - place->asked_ns >= NAMESPACES_FRESH_NS ||
	    !address_equal(&place->address, address))
		ask(namespaces->board, place, address, generation, now_ns);
	return place->name[0] ? place->name : NULL;
}

const char *namespaces_find(void *arg, const struct address *address)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return namespaces_at(arg, address, now.tv_sec * 1000000000ull + now.tv_nsec);
}
