/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts what a rule of skua suspicious saw, by who, to whom, kind and name,
 * within a bound: the one that was silent longest gives way, and is counted.
 */
#ifndef SKUA_ANALYZE_SIGHTINGS_H
#define SKUA_ANALYZE_SIGHTINGS_H

#include "analyze/suspicious.h"
#include "base/table.h"

#define SIGHTINGS 16384 /* of a rule, 4 MB: more rows nobody reads */
#define SIGHTING_NAME 128

/* Zeroed before it is filled, for all of it is compared. */
struct sighting_key {
	struct address src, dst;
	uint16_t port;
	uint16_t kind; /* the rule's own */
	uint16_t length;
	uint16_t cut;             /* the name went on; it is told with "..." behind it */
	char name[SIGHTING_NAME]; /* hostile bytes */
};

struct sighting {
	struct suspicion_span span;
	uint64_t count;
};

struct sightings {
	struct table table;
};

/* 0 or -ENOMEM. */
int sightings_init(struct sightings *sightings);
void sightings_fini(struct sightings *sightings);
/* A long one is cut, before a character of UTF-8. */
void sighting_name(struct sighting_key *key, const void *name, size_t length);
/* Once more; or so many times. */
void sightings_add(struct sightings *sightings, const struct sighting_key *key,
		   const struct suspicion_span *span);
void sightings_add_many(struct sightings *sightings, const struct sighting_key *key,
			const struct suspicion_span *span, uint64_t count);
struct suspicion_span sighting_at(const struct item_place *place);
/* One frame more. */
void sighting_extend(struct suspicion_span *span, const struct item_place *place);

/* Fills in what the kind and the name mean. */
typedef void sighting_fn(void *arg, const struct sighting_key *key, struct suspicion *suspicion);
/* Where the kind alone tells: arg is an array of these. */
struct sighting_words {
	const char *finding, *severity, *trigger, *why;
};
sighting_fn sighting_fill;
/*
 * A row for each, by first frame; what: of the rule, for the warning when some
 * gave way.
 */
void sightings_say(struct sightings *sightings, const char *what, sighting_fn *fill, void *fill_arg,
		   suspicion_fn *say, void *arg);

#endif /* SKUA_ANALYZE_SIGHTINGS_H */
