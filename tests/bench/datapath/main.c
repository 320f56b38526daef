// SPDX-License-Identifier: BSD-2-Clause
/*
 * datapath [cost|flood|large|drain]...: what the kernel programs and their
 * reader cost; all parts without an argument.  ROW=words in the environment:
 * only rows of costs whose name holds them.  Needs root, touches no interface.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <bpf/libbpf.h>
#include "datapath.h"
#include "stage.h"

#define EXIT_SKIP 77

static int be_silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

static void stay_on_one_cpu(void)
{
	cpu_set_t here;

	CPU_ZERO(&here);
	CPU_SET(sched_getcpu(), &here);
	sched_setaffinity(0, sizeof(here), &here);
}

static bool wanted(int argc, char **argv, const char *part)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], part))
			return true;
	return argc == 1;
}

static int show_usual(bool cost, bool flood)
{
	const struct skua_config config = SKUA_CONFIG_DEFAULT;
	struct stage stage;
	int err = stage_open(&stage, COST_FLOWS, config.sample_rate);

	if (!err && cost)
		err = cost_show(&stage, COST_USUAL);
	if (!err && flood)
		err = flood_show(&stage);
	stage_close(&stage);
	return err;
}

static int show_sampled(void)
{
	struct stage stage;
	int err = stage_open(&stage, COST_FLOWS, UINT32_MAX);

	if (!err)
		err = cost_show(&stage, COST_SAMPLED);
	stage_close(&stage);
	return err;
}

static int show_large(void)
{
	const struct skua_config config = SKUA_CONFIG_DEFAULT;
	struct stage stage;
	int err = stage_open(&stage, COST_FLOWS_LARGE, config.sample_rate);

	if (!err)
		err = cost_show(&stage, COST_LARGE);
	if (!err)
		err = memory_show(&stage);
	stage_close(&stage);
	return err;
}

int main(int argc, char **argv)
{
	bool cost = wanted(argc, argv, "cost"), flood = wanted(argc, argv, "flood");
	int err = 0;

	if (unshare(CLONE_NEWNET)) {
		printf("1..0 # SKIP cannot make a network namespace: %s\n", strerror(errno));
		return EXIT_SKIP;
	}
	libbpf_set_print(be_silent);
	stay_on_one_cpu();
	if (cost || flood)
		err = show_usual(cost, flood);
	if (err == -EPERM || err == -ENOSYS)
		return EXIT_SKIP;
	if (!err && cost)
		err = show_sampled();
	if (!err && wanted(argc, argv, "large"))
		err = show_large();
	if (!err && wanted(argc, argv, "drain"))
		err = drain_show();
	return err ? 1 : 0;
}
