/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gives way when the keep area has no room: for keep.c only. */
#ifndef SKUA_RECORD_KEEP_ROOM_H
#define SKUA_RECORD_KEEP_ROOM_H

#include "record/keep.h"

/* The pair has KEEP_EXCHANGES: one in the middle goes. */
void keep_thin(struct keep *keep, struct keep_pair *pair);
/* For a sample of this pair; false: so many blocks cannot be had now. */
bool keep_make_room(struct keep *keep, const struct keep_pair *whose, uint32_t blocks);

#endif /* SKUA_RECORD_KEEP_ROOM_H */
