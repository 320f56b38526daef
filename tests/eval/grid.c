// SPDX-License-Identifier: BSD-2-Clause
/* The evaluation of beacons: simulates, counts, reports. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/log.h"
#include "bound.h"
#include "mirror.h"
#include "report.h"

#define RULES_MAX 16

struct settings {
	struct design_options design;
	struct runner_options runner;
	const char *rules[RULES_MAX];
	const char *out;
	const char *mirror;
};

static const char usage[] = "Usage: grid [--mixes DIR] [--lists DIR] [--out FILE] [--jobs N] "
			    "[--per-group N] [--noise N]\n"
			    "            [--all] [--ablate RULE]...\n"
			    "       grid --mirror JOURNAL\n"
			    "  --mixes DIR      journals of harmless traffic, VIEW-SEED "
			    "(tests/eval/mixes.sh makes them)\n"
			    "  --lists DIR      where tune.txt and report.txt are (tests/eval)\n"
			    "  --out FILE       write the figures there, as JSON\n"
			    "  --jobs N         processes (1)\n"
			    "  --per-group N    beacons of each law, jitter and loss (300); with "
			    "--all of each cell and seed (2)\n"
			    "  --noise N        aperiodic pairs (104000)\n"
			    "  --all            every cell of the grid\n"
			    "  --ablate RULE    leave out this rule of context; repeatable\n"
			    "  --mirror JOURNAL play the beacons of a journal again as events, and "
			    "print their scores\n";

static int bad_usage(void)
{
	fputs(usage, stderr);
	return 2;
}

/* -1, or the exit status. */
static int parse(int argc, char **argv, struct settings *settings)
{
	static const struct option options[] = {
		{ "mixes", required_argument, NULL, 'm' },
		{ "lists", required_argument, NULL, 'l' },
		{ "out", required_argument, NULL, 'o' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "per-group", required_argument, NULL, 'n' },
		{ "noise", required_argument, NULL, 'z' },
		{ "all", no_argument, NULL, 'a' },
		{ "ablate", required_argument, NULL, 'x' },
		{ "mirror", required_argument, NULL, 'i' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == 'm')
			settings->runner.mixes = optarg;
		else if (option == 'l')
			settings->design.directory = optarg;
		else if (option == 'o')
			settings->out = optarg;
		else if (option == 'j')
			settings->runner.jobs = strtoul(optarg, NULL, 10);
		else if (option == 'n')
			settings->design.per_group = strtoul(optarg, NULL, 10);
		else if (option == 'z')
			settings->design.noise = strtoul(optarg, NULL, 10);
		else if (option == 'a')
			settings->design.all = true;
		else if (option == 'i')
			settings->mirror = optarg;
		else if (option == 'x' && settings->runner.without_rule_count < RULES_MAX)
			settings->rules[settings->runner.without_rule_count++] = optarg;
		else
			return option == 'h' ? (fputs(usage, stdout), 0) : bad_usage();
	}
	return optind == argc ? -1 : bad_usage();
}

static int simulate_bounds(struct results *results)
{
	const struct design *design = results->design;
	int err = 0;

	results->bounds = calloc(design->group_count, sizeof(*results->bounds));
	if (!results->bounds)
		return -ENOMEM;
	for (unsigned i = 0; !err && i < design->group_count; i++)
		err = bound_simulate(design->groups[i].law, design->groups[i].shape,
				     design->groups[i].loss, results->bounds[i]);
	return err;
}

static int write_out(const struct results *results, const char *path)
{
	FILE *file = fopen(path, "we");
	int err;

	if (!file) {
		err = -errno;
		log_error("cannot write %s: %s", path, strerror(-err));
		return err;
	}
	err = report_json(results, file);
	if (fclose(file) && !err)
		err = -errno;
	if (err)
		log_error("cannot write %s: %s", path, strerror(-err));
	return err;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static int evaluate(struct settings *settings)
{
	struct design design = { 0 };
	struct results results = { .design = &design,
				   .all = settings->design.all,
				   .without_rules = settings->rules,
				   .without_rule_count = settings->runner.without_rule_count };
	struct outcome *outcomes;
	struct verdict *verdicts;
	double began_s = now_s();
	int err = design_open(&design, &settings->design);

	if (err)
		return err;
	err = runner_run(&design, &settings->runner, &outcomes, &verdicts);
	results.outcomes = outcomes;
	results.verdicts = verdicts;
	if (!err)
		err = simulate_bounds(&results);
	results.seconds = now_s() - began_s;
	if (!err)
		err = report_tables(&results, stdout);
	if (!err && settings->out)
		err = write_out(&results, settings->out);
	if (!err)
		fprintf(stderr, "%u pairs in %u worlds, %.0f s\n", design.plan_count,
			design.batch_count, results.seconds);
	free(results.bounds);
	design_close(&design);
	return err;
}

int main(int argc, char **argv)
{
	struct settings settings = { .design = { .directory = "tests/eval", .noise = 104000 },
				     .runner = { .jobs = 1 } };
	int status = parse(argc, argv, &settings);

	if (status >= 0)
		return status;
	if (settings.mirror)
		return mirror_journal(settings.mirror, stdout) ? 1 : 0;
	if (!settings.design.per_group)
		settings.design.per_group = settings.design.all ? 2 : 300;
	settings.design.mixes = settings.runner.mixes != NULL;
	settings.runner.without_rules = settings.rules;
	return evaluate(&settings) ? 1 : 0;
}
