// SPDX-License-Identifier: BSD-2-Clause
/* skua-gen: makes a capture file from a text scenario. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "sim.h"

enum { EXIT_USAGE = 2 };

struct job {
	const char *scenario, *output, *truth;
};

static const char usage[] =
	"Usage: skua-gen SCENARIO [-o FILE] [--seed N] [--set NAME=VALUE]... [--truth FILE]\n"
	"Make a capture file from a text scenario: the same scenario and seed, the same bytes.\n"
	"\n"
	"  -o, --output FILE      write the pcap there; - is standard output (default)\n"
	"  -s, --seed N           use this seed instead of the scenario's\n"
	"      --set NAME=VALUE   change a variable the scenario declares with \"set\"\n"
	"      --truth FILE       write what the capture contains, as tab-separated values\n"
	"  -h, --help             show this\n"
	"\n"
	"SCENARIO may be - for standard input; the language is in tests/scenarios/README.md.\n";

static int read_seed(struct scenario *scenario, const char *text)
{
	if (value_count(&scenario->seed, text)) {
		log_error("--seed %s: not a number; write one such as 7", text);
		return -EINVAL;
	}
	scenario->seed_fixed = true;
	return 0;
}

static int read_assignment(struct scenario *scenario, const char *text)
{
	if (!variables_assign(&scenario->variables, text))
		return 0;
	log_error("--set %s: not a variable; write NAME=VALUE, at most %d of them", text,
		  VARIABLES);
	return -EINVAL;
}

/* 0 to go on, 1 after --help, -EINVAL after a message. */
static int read_command_line(int argc, char **argv, struct job *job, struct scenario *scenario)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "set", required_argument, NULL, 'S' },
		{ "truth", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int letter, err = 0;

	while (!err && (letter = getopt_long(argc, argv, "o:s:h", options, NULL)) >= 0) {
		if (letter == 'o')
			job->output = optarg;
		else if (letter == 't')
			job->truth = optarg;
		else if (letter == 's')
			err = read_seed(scenario, optarg);
		else if (letter == 'S')
			err = read_assignment(scenario, optarg);
		else if (letter == 'h')
			return fputs(usage, stdout) < 0 ? -EINVAL : 1;
		else
			err = -EINVAL;
	}
	if (!err && optind + 1 != argc) {
		log_error("name one scenario; see skua-gen --help");
		err = -EINVAL;
	}
	job->scenario = argv[optind];
	return err;
}

static int generate(const struct job *job, const struct scenario *scenario)
{
	static struct tap tap;
	static struct sim sim;
	int err, closed;

	tap.link = scenario->link;
	err = output_open(&tap.output, job->output, scenario->link.type, scenario->snaplen);
	if (err) {
		log_error("cannot write %s: %s", job->output, strerror(-err));
		return err;
	}
	sim_init(&sim, scenario, &tap);
	err = sim_run(&sim);
	if (err)
		log_error("stopped after %" PRIu64 " packets: %s", output_packets(tap.output),
			  strerror(-err));
	closed = output_close(tap.output);
	if (closed)
		log_error("cannot write %s: %s", job->output, strerror(-closed));
	err = err ? err : closed;
	if (!err && job->truth) {
		err = truth_write(&sim.truth, job->truth);
		if (err)
			log_error("cannot write %s: %s", job->truth, strerror(-err));
	}
	sim_fini(&sim);
	return err;
}

int main(int argc, char **argv)
{
	struct job job = { .output = "-" };
	static struct scenario scenario;
	int err;

	scenario_init(&scenario);
	err = read_command_line(argc, argv, &job, &scenario);
	if (err)
		return err < 0 ? EXIT_USAGE : EXIT_SUCCESS;
	err = scenario_read(&scenario, job.scenario);
	if (err && err != -EINVAL)
		log_error("cannot read %s: %s", job.scenario, strerror(-err));
	if (err) {
		scenario_fini(&scenario);
		return EXIT_USAGE;
	}
	err = generate(&job, &scenario);
	scenario_fini(&scenario);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
