// SPDX-License-Identifier: BSD-2-Clause
/* Logins of a client at a server are put into runs. */
#include <errno.h>
#include "analyze/login_runs.h"

static uint64_t last_seen(const void *value)
{
	return ((const struct login_run *)value)->span.last_ns;
}

/* false: it was too short. */
static bool end_run(struct login_runs *runs, const struct login_run_key *run_key,
		    const struct login_run *run)
{
	const struct sighting_key key = { .src = run_key->client,
					  .dst = run_key->server,
					  .port = run_key->port,
					  .kind = run_key->kind };

	if (run->count < runs->enough)
		return false;
	sightings_add_many(&runs->found, &key, &run->span, run->count);
	return true;
}

static void evicted(void *arg, const void *key, void *value)
{
	struct login_runs *runs = arg;

	runs->lost += !end_run(runs, key, value);
}

int login_runs_init(struct login_runs *runs, uint64_t enough)
{
	const struct table_options options = { .key_size = sizeof(struct login_run_key),
					       .value_size = sizeof(struct login_run),
					       .capacity = LOGIN_RUNS,
					       .worth = last_seen,
					       .evicted = evicted,
					       .arg = runs };

	*runs = (struct login_runs){ .enough = enough };
	if (table_init(&runs->table, &options))
		return -ENOMEM;
	if (sightings_init(&runs->found)) {
		table_fini(&runs->table);
		return -ENOMEM;
	}
	return 0;
}

void login_runs_fini(struct login_runs *runs)
{
	table_fini(&runs->table);
	sightings_fini(&runs->found);
}

struct login_run *login_runs_find(struct login_runs *runs, const struct login_run_key *key,
				  uint64_t now_ns)
{
	struct login_run *run = table_find(&runs->table, key);

	if (!run || now_ns <= run->span.last_ns || now_ns - run->span.last_ns <= LOGIN_PAUSE_NS)
		return run;
	end_run(runs, key, run);
	table_remove(&runs->table, run);
	return NULL;
}

void login_runs_add(struct login_runs *runs, const struct login_run_key *key,
		    const struct suspicion_span *span, uint64_t bytes)
{
	struct login_run *run = login_runs_find(runs, key, span->first_ns);

	if (!run) {
		run = table_get(&runs->table, key, NULL);
		run->span = *span;
	}
	run->count++;
	run->bytes += bytes;
	suspicion_span_join(&run->span, span);
}

void login_runs_finish(struct login_runs *runs, const char *what,
		       const struct sighting_words *words, suspicion_fn *say, void *arg)
{
	struct login_run *run = NULL;

	while ((run = table_next(&runs->table, run))) {
		end_run(runs, table_key(&runs->table, run), run);
		table_remove(&runs->table, run);
	}
	sightings_say(&runs->found, what, sighting_fill, (void *)words, say, arg);
	suspicious_say_lost(runs->lost, "runs of logins");
}
