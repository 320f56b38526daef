// SPDX-License-Identifier: BSD-2-Clause
/* Bytes that wait for more behind them. */
#include <stdlib.h>
#include <string.h>
#include "dissect/waiting.h"

#define ROOM_FIRST 2048

void waiting_drop(struct waiting_room *room, struct waiting *waiting)
{
	room->used -= waiting->room;
	free(waiting->bytes);
	*waiting = (struct waiting){ 0 };
}

bool waiting_add(struct waiting_room *room, struct waiting *waiting, const uint8_t *bytes,
		 uint32_t length)
{
	uint32_t need = waiting->length + length, size = waiting->room ? waiting->room : ROOM_FIRST;
	uint8_t *grown;

	if (length > WAITING_MAX || need > WAITING_MAX) {
		room->overlong++;
		return false;
	}
	while (size < need)
		size *= 2;
	if (size > waiting->room) {
		grown = room->used + size > room->limit ? NULL : realloc(waiting->bytes, size);
		if (!grown) {
			room->no_memory++;
			return false;
		}
		room->used += size - waiting->room;
		waiting->bytes = grown;
		waiting->room = size;
	}
	memcpy(waiting->bytes + waiting->length, bytes, length);
	waiting->length = need;
	return true;
}

void waiting_take(struct waiting_room *room, struct waiting *waiting, size_t taken)
{
	waiting->length -= taken;
	if (waiting->length)
		memmove(waiting->bytes, waiting->bytes + taken, waiting->length);
	else
		waiting_drop(room, waiting);
}
