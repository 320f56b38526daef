// SPDX-License-Identifier: BSD-2-Clause
/* Remembers who on this machine opened conversations. */
#include <string.h>
#include "track/origins.h"

#define HALF_NS                                                                                    \
	(60 * SKUA_SECOND_NS) /* what is older weighs half, so that a scan outweighs a day */

struct met {
	uint64_t cgroup;
	uint32_t uid;
	uint32_t weight; /* conversations of late, never less than one; 0: a free place */
};

struct row {
	uint64_t last_ns;
	uint64_t halved_ns;
	struct met met[ORIGINS_OF];
};

struct name_key {
	uint64_t cgroup;
	uint64_t uid;
};

struct named {
	uint64_t last_ns;
	struct fact_origin fact;
};

static uint64_t last_met(const void *value)
{
	return ((const struct row *)value)->last_ns;
}

static uint64_t last_named(const void *value)
{
	return ((const struct named *)value)->last_ns;
}

int origins_init(struct origins *origins)
{
	const struct table_options rows = { .key_size = sizeof(struct origin_ends),
					    .value_size = sizeof(struct row),
					    .capacity = ORIGINS_ROWS,
					    .worth = last_met };
	const struct table_options names = { .key_size = sizeof(struct name_key),
					     .value_size = sizeof(struct named),
					     .capacity = ORIGINS_NAMES,
					     .worth = last_named };
	int err = table_init(&origins->rows, &rows);

	return err ? err : table_init(&origins->names, &names);
}

void origins_fini(struct origins *origins)
{
	table_fini(&origins->rows);
	table_fini(&origins->names);
}

static void age(struct row *row, uint64_t now_ns)
{
	if (now_ns < row->halved_ns + HALF_NS)
		return;
	row->halved_ns = now_ns;
	for (int i = 0; i < ORIGINS_OF; i++)
		if (row->met[i].weight > 1)
			row->met[i].weight /= 2;
}

/* Newest first; the one that was met least lately makes room. */
static void meet(struct row *row, uint64_t cgroup, uint32_t uid)
{
	struct met met = { cgroup, uid, 0 };
	int at = 0;

	while (at < ORIGINS_OF - 1 && row->met[at].weight &&
	       (row->met[at].cgroup != cgroup || row->met[at].uid != uid))
		at++;
	if (row->met[at].cgroup == cgroup && row->met[at].uid == uid)
		met = row->met[at];
	if (met.weight < UINT32_MAX)
		met.weight++;
	memmove(row->met + 1, row->met, at * sizeof(met));
	row->met[0] = met;
}

static void note(struct origins *origins, const struct origin_ends *ends,
		 const struct skua_identity_event *event)
{
	struct row *row = table_get(&origins->rows, ends, NULL);

	row->last_ns = event->head.time_ns;
	age(row, event->head.time_ns);
	meet(row, event->cgroup, event->uid);
}

void origins_identity(struct origins *origins, const struct skua_identity_event *event)
{
	const struct skua_flow_key *key = &event->head.key;
	bool low = event->client == SKUA_LOW;
	struct origin_ends exact = { .client = address_from(low ? key->low : key->high),
				     .server = address_from(low ? key->high : key->low),
				     .port = low ? key->high_port : key->low_port,
				     .proto = key->proto };
	struct origin_ends server = { .client = exact.client, .server = exact.server };
	struct origin_ends port = { .client = exact.client,
				    .port = exact.port,
				    .proto = exact.proto };
	struct origin_ends client = { .client = exact.client };

	note(origins, &exact, event);
	note(origins, &server, event);
	note(origins, &port, event);
	note(origins, &client, event);
}

void origins_fact(struct origins *origins, const struct fact_origin *fact, uint64_t now_ns)
{
	const struct name_key key = { fact->cgroup, fact->uid };
	struct named *named = table_get(&origins->names, &key, NULL);

	named->last_ns = now_ns;
	named->fact = *fact;
}

bool origins_find(const struct origins *origins, const struct origin_ends *ends, struct origin *out)
{
	const struct row *row = table_find(&origins->rows, ends);
	const struct met *most;
	const struct named *named;
	struct name_key key;

	if (!row)
		return false;
	most = &row->met[0];
	*out = (struct origin){ 0 };
	for (int i = 1; i < ORIGINS_OF && row->met[i].weight; i++) {
		out->others++;
		if (row->met[i].weight > most->weight)
			most = &row->met[i];
	}
	out->cgroup = most->cgroup;
	out->uid = most->uid;
	key = (struct name_key){ most->cgroup, most->uid };
	named = table_find(&origins->names, &key);
	out->name = named ? &named->fact : NULL;
	return true;
}
