/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that wait for more behind them, of many sides out of one bounded room. */
#ifndef SKUA_DISSECT_WAITING_H
#define SKUA_DISSECT_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WAITING_MAX (1u << 18) /* bytes of one side */

struct waiting_room {
	uint64_t limit, used; /* bytes, of all */
	uint64_t overlong;    /* refused: of one side too much */
	uint64_t no_memory;   /* refused: of all too much */
};

struct waiting {
	uint8_t *bytes;
	uint32_t length, room;
};

/* false: they may not wait, and nothing changed. */
bool waiting_add(struct waiting_room *room, struct waiting *waiting, const uint8_t *bytes,
		 uint32_t length);
/* The first bytes are done with. */
void waiting_take(struct waiting_room *room, struct waiting *waiting, size_t taken);
void waiting_drop(struct waiting_room *room, struct waiting *waiting);

#endif /* SKUA_DISSECT_WAITING_H */
