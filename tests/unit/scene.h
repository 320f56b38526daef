/* SPDX-License-Identifier: BSD-2-Clause */
/* One beacon in its surroundings, and what context makes of it, for tests of context. */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/lists.h"
#include "detect/context.h"
#include "detect/detect.h"
#include "track/pairs.h"
#include "tap.h"

#define SECOND 1000000000ull
#define NOW (1700000000 * SECOND)

/* One beacon in its surroundings: everything neutral until a test says otherwise. */
struct scene {
	struct census census;
	struct context context;
	struct pair pair;
	struct finding finding;
};

static struct lists *lists;

static inline struct scene *new_scene(const char *client, const char *server, uint8_t proto,
				      uint16_t port)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	if (census_init(&scene->census, 64, NULL, 0) ||
	    address_parse(&scene->pair.key.client, client) ||
	    address_parse(&scene->pair.key.server, server))
		abort();
	scene->context = (struct context){ .census = &scene->census, .lists = lists };
	scene->pair.key.kind = PAIR_SERVER;
	scene->pair.key.proto = proto;
	scene->pair.key.port = port;
	scene->pair.exchanges = 100;
	scene->finding.kind = FINDING_BEACON;
	scene->finding.score_raw = 0.8;
	scene->finding.beacon.interval_s = 60;
	beacon_entities(&scene->pair.key, &scene->finding);
	return scene;
}

static inline struct scene *web(void)
{
	return new_scene("10.0.0.5", "203.0.113.9", 6, 443);
}

static inline void free_scene(struct scene *scene)
{
	census_fini(&scene->census);
	free(scene);
}

static inline void apply(struct scene *scene)
{
	struct subject subject = { .kind = SUBJECT_PAIR, .now_ns = NOW, .pair = &scene->pair };

	context_apply(&scene->context, &subject, &scene->finding);
}

static inline const struct finding_factor *factor(const struct finding *finding, const char *name)
{
	for (unsigned i = 0; i < finding->factor_count; i++)
		if (!strcmp(finding->factors[i].name, name))
			return &finding->factors[i];
	return NULL;
}

/* Applies context; the rule must give this factor (or raise), or none where it is 0. */
static inline void expect(struct scene *scene, const char *name, double value, const char *sentence)
{
	const struct finding_factor *found;

	apply(scene);
	found = factor(&scene->finding, name);
	ok(value ? found && fabs(found->factor - value) < 1e-9 && found->why[0] : !found, sentence);
}

static inline void say_hello(struct scene *scene, const char *name, bool tls)
{
	const struct pair_key *key = &scene->pair.key;
	struct fact_hello hello = { .tls = tls, .client = SKUA_LOW };

	hello.key.proto = key->proto;
	hello.key.high_port = key->port;
	memcpy(hello.key.low, &key->client, sizeof(key->client));
	memcpy(hello.key.high, &key->server, sizeof(key->server));
	snprintf(hello.name, sizeof(hello.name), "%s", name);
	census_hello(&scene->census, &hello, NOW);
}

static inline void answer_client(struct scene *scene, const char *address)
{
	struct fact_name name = { .client = scene->pair.key.client,
				  .name = "somewhere.example",
				  .address_count = 1 };

	address_parse(&name.addresses[0], address);
	census_name(&scene->census, &name, NOW);
}

#endif /* TESTS_SCENE_H */
