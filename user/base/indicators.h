/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of what others know to be bad: files of addresses, networks, names and
 * JA4 fingerprints (indicator_set.h), read at start and again when they have
 * changed.  A list that became unreadable, or makes no sense any more, leaves
 * those in force that were read before.  While a new one is read, both are in
 * memory.  Not thread-safe.
 */
#ifndef SKUA_BASE_INDICATORS_H
#define SKUA_BASE_INDICATORS_H

#include "base/indicator_set.h"

#define INDICATORS_CHECK_NS (60 * 1000000000ull)

struct indicators;

/*
 * paths: files, or directories, of which every file counts whose name neither
 * begins with a dot nor ends in "~"; the caller's, for as long as this lives.
 * 0 or -errno, which has been logged, with file and line.
 */
int indicators_open(struct indicators **out, const char *const *paths, unsigned count);
void indicators_close(struct indicators *indicators);

/* Borrowed until the next call of the two below. */
const struct indicator_set *indicators_set(const struct indicators *indicators);
/* Reads the files again.  0, or -errno: it was logged, and the old lists stay. */
int indicators_reload(struct indicators *indicators);
/* The same when a file has changed, looked at once a minute; now_ns: any clock that only rises. */
void indicators_tick(struct indicators *indicators, uint64_t now_ns);

#endif /* SKUA_BASE_INDICATORS_H */
