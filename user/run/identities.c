// SPDX-License-Identifier: BSD-2-Clause
/* Tells the names of control groups and accounts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/accounts.h"
#include "base/log.h"
#include "base/table.h"
#include "run/identities.h"

struct key {
	uint64_t cgroup;
	uint64_t uid;
};

struct told {
	uint64_t met; /* the how manieth meeting was the last */
	unsigned tries;
	bool named;
};

struct identities {
	struct table told;
	struct cgroups *cgroups;   /* NULL: none can be seen */
	struct accounts *accounts; /* NULL: none can be read */
	uint64_t met, unnamed;
	bool waiting; /* some are not named yet */
};

static uint64_t last_met(const void *value)
{
	return ((const struct told *)value)->met;
}

int identities_open(struct identities **out)
{
	const struct table_options told = { .key_size = sizeof(struct key),
					    .value_size = sizeof(struct told),
					    .capacity = IDENTITIES_TOLD,
					    .worth = last_met };
	struct identities *identities = calloc(1, sizeof(*identities));
	int err = identities ? table_init(&identities->told, &told) : -ENOMEM;

	if (err) {
		free(identities);
		return err;
	}
	err = cgroups_open(&identities->cgroups, NULL);
	if (err)
		log_warning("control groups cannot be named: %s; findings say their numbers alone, "
			    "unless the unified hierarchy is mounted",
			    err == -ENOENT ? "no unified hierarchy is mounted" : strerror(-err));
	accounts_open(&identities->accounts, "/etc/passwd"); /* else they are numbers */
	*out = identities;
	return 0;
}

void identities_close(struct identities *identities)
{
	if (!identities)
		return;
	cgroups_close(identities->cgroups);
	accounts_close(identities->accounts);
	table_fini(&identities->told);
	free(identities);
}

/* Looked for again later if the path is not known, up to the last try. */
static void try(struct identities *identities, const struct key *key, struct told *told,
		uint64_t time_ns, uint64_t now_ns, fact_fn *tell, void *arg)
{
	const char *path =
		identities->cgroups ? cgroups_path(identities->cgroups, key->cgroup, now_ns) : NULL;
	struct fact fact;

	if (told->named || (!path && identities->cgroups && ++told->tries < IDENTITIES_TRIES)) {
		identities->waiting |= !told->named;
		return;
	}
	told->named = true;
	identities->unnamed += !path;
	memset(&fact, 0, sizeof(fact));
	fact.kind = FACT_ORIGIN;
	fact.time_ns = time_ns;
	fact.origin.cgroup = key->cgroup;
	fact.origin.uid = (uint32_t)key->uid;
	snprintf(fact.origin.path, sizeof(fact.origin.path), "%s", path ? path : "");
	snprintf(fact.origin.account, sizeof(fact.origin.account), "%s",
		 accounts_name(identities->accounts, (uint32_t)key->uid));
	tell(arg, &fact);
}

void identities_event(struct identities *identities, const struct skua_identity_event *event,
		      uint64_t now_ns, fact_fn *tell, void *arg)
{
	const struct key key = { event->cgroup, event->uid };
	bool is_new;
	struct told *told = table_get(&identities->told, &key, &is_new);

	told->met = ++identities->met;
	if (is_new)
		try(identities, &key, told, event->head.time_ns, now_ns, tell, arg);
}

void identities_tick(struct identities *identities, uint64_t time_ns, uint64_t now_ns,
		     fact_fn *tell, void *arg)
{
	if (!identities || !identities->waiting)
		return;
	identities->waiting = false;
	for (struct told *told = table_next(&identities->told, NULL); told;
	     told = table_next(&identities->told, told))
		if (!told->named)
			try(identities, table_key(&identities->told, told), told, time_ns, now_ns,
			    tell, arg);
}

void identities_count(const struct identities *identities, struct identities_counts *out)
{
	*out = (struct identities_counts){ 0 };
	if (!identities)
		return;
	out->unnamed = identities->unnamed;
	if (identities->cgroups)
		cgroups_count(identities->cgroups, &out->groups);
}
