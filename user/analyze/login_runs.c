// SPDX-License-Identifier: BSD-2-Clause
/* Logins of a client at a server are put into runs. */
#include "analyze/login_runs.h"

static uint64_t last_seen(const void *value)
{
	return ((const struct login_run *)value)->span.last_ns;
}

static void evicted(void *arg, const void *key, void *value)
{
	const struct login_runs *runs = arg;

	runs->over(runs->arg, key, value);
}

int login_runs_init(struct login_runs *runs, login_run_fn *over, void *arg)
{
	const struct table_options options = { .key_size = sizeof(struct login_run_key),
					       .value_size = sizeof(struct login_run),
					       .capacity = LOGIN_RUNS,
					       .worth = last_seen,
					       .evicted = evicted,
					       .arg = runs };

	*runs = (struct login_runs){ .over = over, .arg = arg };
	return table_init(&runs->table, &options);
}

void login_runs_fini(struct login_runs *runs)
{
	table_fini(&runs->table);
}

struct login_run *login_runs_find(struct login_runs *runs, const struct login_run_key *key,
				  uint64_t now_ns)
{
	struct login_run *run = table_find(&runs->table, key);

	if (!run || now_ns <= run->span.last_ns || now_ns - run->span.last_ns <= LOGIN_PAUSE_NS)
		return run;
	runs->over(runs->arg, key, run);
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
	if (span->first_frame < run->span.first_frame) {
		run->span.first_frame = span->first_frame;
		run->span.first_ns = span->first_ns;
	}
	if (span->last_frame > run->span.last_frame) {
		run->span.last_frame = span->last_frame;
		run->span.last_ns = span->last_ns;
	}
}

void login_runs_finish(struct login_runs *runs)
{
	struct login_run *run = NULL;

	while ((run = table_next(&runs->table, run))) {
		runs->over(runs->arg, table_key(&runs->table, run), run);
		table_remove(&runs->table, run);
	}
}
