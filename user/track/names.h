/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names seen on the wire, each kept once and known elsewhere by its hash.  A
 * bounded table: the name not used for longest is forgotten when it is full.
 */
#ifndef SKUA_TRACK_NAMES_H
#define SKUA_TRACK_NAMES_H

#include "base/table.h"

struct names {
	struct table table;
};

/* Never 0, so that 0 can stand for "no name". */
uint64_t name_hash(const char *name);

int names_init(struct names *names, uint32_t capacity);
void names_fini(struct names *names);
/* Returns the hash of the name. */
uint64_t names_add(struct names *names, const char *name, uint64_t now_ns);
/* Borrowed until the next names_add(); "" when the name is unknown or forgotten. */
const char *names_text(const struct names *names, uint64_t hash);

#endif /* SKUA_TRACK_NAMES_H */
