// SPDX-License-Identifier: BSD-2-Clause
/* Hands worlds to processes. */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/log.h"
#include "mix_rivals.h"
#include "runner.h"
#include "world.h"

#define FOUND 0.5
#define JOBS_MAX 16
#define RANKED_MAX (WORLD_ACTORS + WORLD_ALARMS)

const unsigned ranks[RANKS] = { 10, 50 };

struct shared {
	atomic_uint next;   /* batch */
	atomic_uint failed; /* workers */
};

struct worker {
	const struct design *design;
	const struct runner_options *options;
	struct outcome *outcomes;
	struct verdict *verdicts;
	struct shared *shared;
	struct mix *mix; /* that of the last world */
	char mix_path[512];
};

static int take_mix(struct worker *worker, const struct batch *batch)
{
	char path[sizeof(worker->mix_path)];
	int err;

	if (!worker->options->mixes || batch->kind == BATCH_NOISE) {
		mix_close(worker->mix);
		worker->mix = NULL;
		worker->mix_path[0] = 0;
		return 0;
	}
	snprintf(path, sizeof(path), "%.400s/%s-%llu", worker->options->mixes,
		 view_names[batch->view], (unsigned long long)batch->seed);
	if (!strcmp(path, worker->mix_path))
		return 0;
	mix_close(worker->mix);
	worker->mix = NULL;
	worker->mix_path[0] = 0;
	err = mix_open(&worker->mix, path);
	if (!err)
		strcpy(worker->mix_path, path);
	return err;
}

struct ranked {
	float score;
	bool right;
};

/* Of equal scores the wrong ones first: nobody is flattered. */
static int by_score(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return (int)x->right - (int)y->right;
}

static int rank(const struct world *world, struct verdict *verdict)
{
	struct ranked *all = calloc(RANKED_MAX, sizeof(*all));
	unsigned count = 0;

	if (!all)
		return -ENOMEM;
	for (unsigned i = 0; i < world->options->count && i < WORLD_ACTORS; i++)
		all[count++] = (struct ranked){ world->options->outcomes[i].best[1], true };
	for (unsigned i = 0; i < world->alarm_count; i++)
		all[count++] = (struct ranked){ world->alarms[i].best, false };
	qsort(all, count, sizeof(*all), by_score);
	for (unsigned i = 0; i < count && all[i].score >= FOUND; i++)
		for (unsigned j = 0; j < RANKS; j++) {
			verdict->ranked[j] += i < ranks[j];
			verdict->right[j] += i < ranks[j] && all[i].right;
		}
	free(all);
	return 0;
}

static int weigh_mix(const struct world *world, const struct mix *mix, struct verdict *verdict)
{
	verdict->hosts = mix->client_count;
	verdict->hours = (mix->last_ns - mix->first_ns) / 3600e9;
	for (unsigned i = 0; i < world->alarm_count; i++) {
		const struct alarm *alarm = &world->alarms[i];

		verdict->kinds[alarm->kind] += alarm->best >= FOUND;
		if (alarm->best > verdict->highest)
			verdict->highest = alarm->best;
		for (unsigned j = 0; j < THRESHOLDS; j++)
			verdict->skua[j] += alarm->best >= threshold_at(j);
	}
	return mix_rivals(mix, verdict);
}

static int run_batch(struct worker *worker, unsigned number)
{
	const struct batch *batch = &worker->design->batches[number];
	struct verdict *verdict = &worker->verdicts[number];
	int err = take_mix(worker, batch);
	struct world_options options = {
		.plans = worker->design->plans + batch->first,
		.outcomes = worker->outcomes + batch->first,
		.count = batch->count,
		.duration_ns = batch->hours * 3600ull * SKUA_SECOND_NS,
		.without_rules = worker->options->without_rules,
		.without_rule_count = worker->options->without_rule_count,
	};
	struct world *world;

	if (err)
		return err;
	options.mix = worker->mix;
	if (batch->kind == BATCH_MIX)
		options.duration_ns = worker->mix->last_ns - worker->mix->first_ns + 1;
	err = world_run(&world, &options);
	if (err)
		return err;
	if (batch->kind == BATCH_MIX)
		err = weigh_mix(world, worker->mix, verdict);
	else if (batch->kind != BATCH_NOISE)
		err = rank(world, verdict);
	world_close(world);
	return err;
}

static void work(struct worker *worker)
{
	unsigned number;

	while ((number = atomic_fetch_add(&worker->shared->next, 1)) <
	       worker->design->batch_count) {
		int err = run_batch(worker, number);

		if (err) {
			log_error("world %u: %s", number, strerror(-err));
			worker->verdicts[number].failed = true;
			atomic_fetch_add(&worker->shared->failed, 1);
			break;
		}
		if (!worker->options->quiet && isatty(STDERR_FILENO))
			fprintf(stderr, "\r%u of %u worlds ", number + 1,
				worker->design->batch_count);
	}
	mix_close(worker->mix);
	worker->mix = NULL;
}

static int work_apart(struct worker *worker, unsigned jobs)
{
	pid_t pids[JOBS_MAX];
	unsigned started = 0;
	int err = 0;

	for (; started < jobs; started++) {
		pids[started] = fork();
		if (pids[started] < 0) {
			err = -errno;
			break;
		}
		if (!pids[started]) {
			work(worker);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < started; i++) {
		int status;

		if (waitpid(pids[i], &status, 0) < 0 || status)
			err = -EIO;
	}
	return err;
}

static void *share(size_t size)
{
	void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return block == MAP_FAILED ? NULL : block;
}

int runner_run(const struct design *design, const struct runner_options *options,
	       struct outcome **outcomes, struct verdict **verdicts)
{
	struct worker worker = { .design = design, .options = options };
	unsigned jobs = options->jobs < JOBS_MAX ? options->jobs : JOBS_MAX;
	int err = 0;

	worker.outcomes = share((design->plan_count + 1) * sizeof(struct outcome));
	worker.verdicts = share((design->batch_count + 1) * sizeof(struct verdict));
	worker.shared = share(sizeof(struct shared));
	if (!worker.outcomes || !worker.verdicts || !worker.shared)
		return -ENOMEM;
	if (jobs > 1)
		err = work_apart(&worker, jobs);
	else
		work(&worker);
	if (atomic_load(&worker.shared->failed))
		err = -EIO;
	munmap(worker.shared, sizeof(struct shared));
	*outcomes = worker.outcomes;
	*verdicts = worker.verdicts;
	return err;
}
