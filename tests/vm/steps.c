// SPDX-License-Identifier: BSD-2-Clause
/* Loads the kernel programs and says how many steps the verifier needed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <bpf/bpf.h>
#include "skua/clock.h"
#include "skua/local.h"
#include "skua/sighting.h"
#include "skua/watched.h"
#include "agent.skel.h" /* last: it names types of skua/ without including them */
#include "../unit/tap.h"

#define TAIL 12      /* lines */
#define STEPS 800000 /* of a million that the kernel allows: before it is too late */

/* The verifier's reason stands in the last lines of a log of megabytes. */
static int print_tail(enum libbpf_print_level level, const char *format, va_list args)
{
	char *text, *line;
	int newlines = 0;

	if (level == LIBBPF_DEBUG || vasprintf(&text, format, args) < 0)
		return 0;
	line = text + strlen(text);
	while (line > text && (line[-1] != '\n' || newlines++ < TAIL))
		line--;
	for (line = strtok(line, "\n"); line; line = strtok(NULL, "\n"))
		printf("# %s\n", line);
	free(text);
	return 0;
}

/* Returns the most that one of them needed. */
static unsigned say_steps(const struct agent *skel, const char *command)
{
	struct bpf_program *program = NULL;
	struct utsname kernel;
	unsigned most = 0;

	uname(&kernel);
	printf("# figure: verifier steps for %s, %s, Linux %s:", command, COMPILER, kernel.release);
	while ((program = bpf_object__next_program(skel->obj, program))) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			continue;
		printf(" %s %u", bpf_program__name(program) + strlen("skua_"), info.verified_insns);
		most = info.verified_insns > most ? info.verified_insns : most;
	}
	printf("\n");
	return most;
}

/* What a constant rules out is not verified: each command has steps of its own. */
static void test_load(const char *command, bool test_run)
{
	struct agent *skel = agent__open();
	char sentence[128];
	int err = -1;

	if (skel) {
		skel->rodata->test_run = test_run;
		err = agent__load(skel);
	}
	snprintf(sentence, sizeof(sentence), "what %s built loads for %s", COMPILER, command);
	ok(!err, sentence);
	if (err) {
		printf("# %s\n", strerror(-err));
	} else {
		snprintf(sentence, sizeof(sentence), "in less than %d verifier steps each", STEPS);
		ok(say_steps(skel, command) < STEPS, sentence);
	}
	agent__destroy(skel);
}

int main(void)
{
	libbpf_set_print(print_tail);
	test_load("run", false);
	test_load("replay", true);
	return done();
}
