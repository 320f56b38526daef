// SPDX-License-Identifier: BSD-2-Clause
/* Sightings are counted, and told in the order in which they began. */
#include <errno.h>
#include <string.h>
#include "analyze/sightings.h"
#include "base/log.h"

#define CUT "..."

static uint64_t last_seen(const void *value)
{
	return ((const struct sighting *)value)->span.last_ns;
}

int sightings_init(struct sightings *sightings)
{
	const struct table_options options = { .key_size = sizeof(struct sighting_key),
					       .value_size = sizeof(struct sighting),
					       .capacity = SIGHTINGS,
					       .worth = last_seen };

	return table_init(&sightings->table, &options);
}

void sightings_fini(struct sightings *sightings)
{
	table_fini(&sightings->table);
}

void sighting_name(struct sighting_key *key, const void *name, size_t length)
{
	const uint8_t *bytes = name;
	size_t end = length < SIGHTING_NAME ? length : SIGHTING_NAME;

	key->cut = end < length;
	/* A character has at most three bytes behind its first. */
	while (end < length && end > SIGHTING_NAME - 3 && (bytes[end] & 0xc0) == 0x80)
		end--;
	key->length = end;
	if (key->length)
		memcpy(key->name, name, key->length);
}

struct suspicion_span sighting_at(const struct item_place *place)
{
	return (struct suspicion_span){ place->frame, place->frame, place->time_ns,
					place->time_ns };
}

void sighting_extend(struct suspicion_span *span, const struct item_place *place)
{
	span->last_frame = place->frame;
	span->last_ns = place->time_ns;
}

void sightings_add(struct sightings *sightings, const struct sighting_key *key,
		   const struct suspicion_span *span)
{
	sightings_add_many(sightings, key, span, 1);
}

void sightings_add_many(struct sightings *sightings, const struct sighting_key *key,
			const struct suspicion_span *span, uint64_t count)
{
	bool is_new;
	struct sighting *sighting = table_get(&sightings->table, key, &is_new);

	sighting->count += count;
	if (is_new)
		sighting->span = *span;
	suspicion_span_join(&sighting->span, span);
}

void sighting_fill(void *arg, const struct sighting_key *key, struct suspicion *suspicion)
{
	const struct sighting_words *words = &((const struct sighting_words *)arg)[key->kind];

	suspicion->finding = words->finding;
	suspicion->severity = words->severity;
	suspicion->trigger = words->trigger;
	suspicion->why = words->why;
}

static int by_frame(const void *x, const void *y)
{
	const struct sighting *a = *(struct sighting *const *)x;
	const struct sighting *b = *(struct sighting *const *)y;

	if (a->span.first_frame != b->span.first_frame)
		return a->span.first_frame < b->span.first_frame ? -1 : 1;
	if (a->span.last_frame != b->span.last_frame)
		return a->span.last_frame < b->span.last_frame ? -1 : 1;
	return a->count < b->count ? -1 : a->count > b->count;
}

struct saying {
	const struct sightings *sightings;
	sighting_fn *fill;
	void *fill_arg;
	suspicion_fn *say;
	void *arg;
};

static void say_one(void *arg, void *value)
{
	const struct saying *saying = arg;
	const struct sighting *sighting = value;
	const struct sighting_key *key = table_key(&saying->sightings->table, sighting);
	char what[SIGHTING_NAME + sizeof(CUT)];
	struct suspicion suspicion = { .span = sighting->span,
				       .src = &key->src,
				       .dst = &key->dst,
				       .port = key->port,
				       .count = sighting->count,
				       .what = what,
				       .what_length = key->length };

	memcpy(what, key->name, key->length);
	if (key->cut) {
		memcpy(what + key->length, CUT, strlen(CUT));
		suspicion.what_length += strlen(CUT);
	}
	saying->fill(saying->fill_arg, key, &suspicion);
	saying->say(saying->arg, &suspicion);
}

void sightings_say(struct sightings *sightings, const char *what, sighting_fn *fill, void *fill_arg,
		   suspicion_fn *say, void *arg)
{
	struct saying saying = { sightings, fill, fill_arg, say, arg };

	if (!table_show_sorted(&sightings->table, by_frame, say_one, &saying))
		log_warning("findings on %s are not sorted: out of memory", what);
	if (sightings->table.evictions)
		log_warning("%llu findings on %s gave way to later ones: use a filter",
			    (unsigned long long)sightings->table.evictions, what);
}
