// SPDX-License-Identifier: BSD-2-Clause
/* Which clients ask for many registered domains that do not exist. */
#include <stdio.h>
#include <string.h>
#include "skua/hash.h"
#include "skua/flow.h"
#include "track/askers.h"

#define HOUR_S 3600ull
#define JUDGE_FROM 16 /* fewer are typing errors and search lists */

static uint64_t asker_worth(const void *value)
{
	return ((const struct asker *)value)->last_ns;
}

int askers_init(struct askers *askers, uint32_t capacity)
{
	struct table_options options = { .key_size = sizeof(struct address),
					 .value_size = sizeof(struct asker),
					 .capacity = capacity,
					 .worth = asker_worth };

	return table_init(&askers->table, &options);
}

void askers_fini(struct askers *askers)
{
	table_fini(&askers->table);
}

static bool recent(const struct asker *asker, unsigned i, uint32_t now_s)
{
	return asker->seconds[i] && asker->seconds[i] + HOUR_S > now_s;
}

uint32_t asker_count(const struct asker *asker, uint64_t now_ns)
{
	uint32_t now_s = now_ns / SKUA_SECOND_NS, count = 0;

	for (unsigned i = 0; i < ASKER_DOMAINS; i++)
		count += recent(asker, i, now_s);
	return count;
}

/* The domain takes its own place, or that of the one that failed longest ago. */
static void remember(struct asker *asker, uint32_t hash, uint32_t now_s)
{
	unsigned place = 0;

	for (unsigned i = 0; i < ASKER_DOMAINS; i++) {
		if (asker->seconds[i] && asker->hashes[i] == hash) {
			place = i;
			break;
		}
		if (asker->seconds[i] < asker->seconds[place])
			place = i;
	}
	asker->hashes[place] = hash;
	asker->seconds[place] = now_s;
}

static uint32_t domain_hash(const char *domain, struct asker *asker)
{
	char text[ASKER_SAMPLE] = { 0 };

	snprintf(text, sizeof(text), "%s", domain);
	memcpy(asker->sample, text, sizeof(text));
	return skua_hash(text, sizeof(text), 0);
}

/* When domains grew, and once an hour while they last. */
static bool judge_due(struct asker *asker, uint64_t now_ns)
{
	uint32_t count = asker_count(asker, now_ns);

	if (count < asker->judged)
		asker->judged = count;
	if (now_ns > asker->judged_ns + HOUR_S * SKUA_SECOND_NS)
		asker->judged = 0;
	if (count < JUDGE_FROM || count <= asker->judged)
		return false;
	asker->judged = count;
	asker->judged_ns = now_ns;
	return true;
}

const struct asker *askers_failure(struct askers *askers, const struct asker_failure *failure)
{
	struct asker *asker = table_get(&askers->table, failure->client, NULL);
	uint32_t now_s = failure->now_ns / SKUA_SECOND_NS;

	if (!asker->first_ns) {
		asker->client = *failure->client;
		asker->first_ns = failure->now_ns;
	}
	asker->resolver = *failure->resolver;
	if (failure->now_ns > asker->last_ns)
		asker->last_ns = failure->now_ns;
	asker->nxdomain++;
	remember(asker, domain_hash(failure->domain, asker), now_s ? now_s : 1);
	return judge_due(asker, failure->now_ns) ? asker : NULL;
}
