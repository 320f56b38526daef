// SPDX-License-Identifier: BSD-2-Clause
/* Replays a snapshot in a new process. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "replay/proof_replay.h"
#include "record/strip.h"

#define ARGUMENTS (16 + 2 * OPTION_NETWORKS + 4 * OPTION_TEXTS_MAX)
#define NETWORK_TEXT (ADDRESS_TEXT + 5)

int proof_replay_copy(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC), copy, err;

	if (from < 0)
		return -errno;
	copy = memfd_create("snapshot", MFD_CLOEXEC);
	err = copy < 0 ? -errno : strip_comments(from, copy);
	close(from);
	if (err && copy >= 0)
		close(copy);
	return err ? err : copy;
}

/* Only what may be called between fork and exec. */
static void become_replay(int in, int out, char *const *arguments)
{
	int nothing = open("/dev/null", O_WRONLY);

	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(nothing, STDERR_FILENO) >= 0)
		execv("/proc/self/exe", arguments);
	_exit(127);
}

struct arguments {
	char *words[ARGUMENTS];
	unsigned count;
	char networks[OPTION_NETWORKS][NETWORK_TEXT];
};

static void add(struct arguments *arguments, const char *word)
{
	if (arguments->count + 1 < ARGUMENTS) /* the last is NULL */
		arguments->words[arguments->count++] = (char *)word;
}

static void add_each(struct arguments *arguments, const char *option,
		     const struct option_texts *texts)
{
	for (unsigned i = 0; i < texts->count; i++) {
		add(arguments, option);
		add(arguments, texts->texts[i]);
	}
}

/* Our side as it was told. */
static void add_locals(struct arguments *arguments, const struct option_networks *locals)
{
	for (unsigned i = 0; locals && i < locals->count; i++) {
		const struct network *network = &locals->networks[i];
		char address[ADDRESS_TEXT];
		unsigned mapped = address_is_ipv4(&network->address) ? 96 : 0;

		snprintf(arguments->networks[i], NETWORK_TEXT, "%s/%u",
			 address_format(&network->address, address), network->prefix - mapped);
		add(arguments, "--local");
		add(arguments, arguments->networks[i]);
	}
}

static void fill(struct arguments *arguments, const struct proof_options *options, bool told_totals)
{
	static const char *const always[] = { "skua",  "replay",        "-q", "--format",
					      "json",  "--min-score",   "0",  "--progress",
					      "never", "--every-update" };

	arguments->count = 0;
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		add(arguments, always[i]);
	add_locals(arguments, options->locals);
	if (options->triggers) {
		add_each(arguments, "--indicators", &options->triggers->indicators);
		add_each(arguments, "--trigger-filter", &options->triggers->filters);
	}
	if (options->no_tunnels)
		add(arguments, "--no-tunnels");
	if (told_totals)
		add(arguments, "--told-totals");
	/* Not "-": with totals it is read more than once. */
	add(arguments, "/proc/self/fd/0");
	arguments->words[arguments->count] = NULL;
}

pid_t proof_replay_start(int copy, const struct proof_options *options, bool told_totals, int *out)
{
	struct arguments arguments;
	int pipes[2];
	pid_t pid;

	fill(&arguments, options, told_totals);
	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		become_replay(copy, pipes[1], arguments.words);
	close(pipes[1]);
	if (pid < 0) {
		int err = -errno;

		close(pipes[0]);
		return err;
	}
	*out = pipes[0];
	return pid;
}

bool proof_replay_ended(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}
