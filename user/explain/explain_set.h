/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings that are to be explained, each as it was told last and as it was
 * told last with how its score came about.  Filled by a replay, as a sink, or
 * from JSON lines; at most EXPLAIN_MAX of them, more are counted.
 */
#ifndef SKUA_EXPLAIN_EXPLAIN_SET_H
#define SKUA_EXPLAIN_EXPLAIN_SET_H

struct json_t;
#include "report/sink.h"

#define EXPLAIN_MAX 4096
#define EXPLAIN_PREFIX_MIN 4 /* hexadecimal digits that name a finding */

struct explain_entry {
	char id[FINDING_ID];
	struct json_t *last;     /* never NULL */
	struct json_t *derived;  /* the last that has a derivation; NULL: none has */
	struct json_t *evidence; /* the last that says where its packets are; NULL: none does */
};

struct explain_set {
	struct explain_entry *entries; /* in the order in which they came first */
	unsigned count, room;
	uint64_t refused;  /* beyond EXPLAIN_MAX, or out of memory */
	const char *until; /* later lines have no say in how scores came about; NULL: all have */
	uint64_t foreign;  /* lines that are no findings */
};

void explain_set_fini(struct explain_set *set);
/* A finding that was read; others are counted. */
void explain_set_put(struct explain_set *set, struct json_t *line);
/* Whole lines; those that are no findings are counted. */
void explain_set_add(struct explain_set *set, const char *lines, size_t length);
/* Which entries' ids begin so; *first is one of them, if there is any. */
unsigned explain_set_match(const struct explain_set *set, const char *prefix,
			   const struct explain_entry **first);
/*
 * The same beacon under its other id: it is told by its server or by its name, whichever was
 * judged worth telling first, and that depends on what else was seen.  NULL: it is not there.
 */
const struct explain_entry *explain_set_twin(const struct explain_set *set,
					     const struct json_t *beacon);
/*
 * The finding as it was recorded or told last, with derivation and snapshot: a
 * new reference, or NULL when out of memory.
 */
struct json_t *explain_merged(const struct explain_entry *entry);
/* A sink that adds findings to the set; its close leaves it usable.  0 or -ENOMEM. */
int explain_sink_open(struct sink **out, struct explain_set *set);
void explain_sink_close(struct sink *sink);

#endif /* SKUA_EXPLAIN_EXPLAIN_SET_H */
