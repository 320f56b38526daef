// SPDX-License-Identifier: BSD-2-Clause
/* Replays a snapshot in a new process and compares what it finds. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "base/time_text.h"
#include "proof.h"
#include "record/strip.h"

#define ARGUMENTS (16 + 2 * OPTION_NETWORKS)
#define CLOCK_SLACK_NS 1000000000ull /* the kernel's coarse clock, and ticks of a second */
#define NETWORK_TEXT (ADDRESS_TEXT + 5)

/* The stripped copy, at its beginning; or -errno. */
static int open_copy(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC), copy, err;

	if (from < 0)
		return -errno;
	copy = memfd_create("snapshot", MFD_CLOEXEC);
	err = copy < 0 ? -errno : strip_comments(from, copy);
	if (!err && lseek(copy, 0, SEEK_SET) < 0)
		err = -errno;
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

/* Our side as it was told. */
static unsigned add_locals(char **arguments, unsigned count,
			   char texts[OPTION_NETWORKS][NETWORK_TEXT],
			   const struct option_networks *locals)
{
	for (unsigned i = 0; locals && i < locals->count && count + 3 < ARGUMENTS; i++) {
		const struct network *network = &locals->networks[i];
		char address[ADDRESS_TEXT];
		unsigned mapped = address_is_ipv4(&network->address) ? 96 : 0;

		snprintf(texts[i], NETWORK_TEXT, "%s/%u",
			 address_format(&network->address, address), network->prefix - mapped);
		arguments[count++] = (char *)"--local";
		arguments[count++] = texts[i];
	}
	return count;
}

/* Starts the replay: its pid, and its output in *out; or -errno. */
static pid_t start(int copy, const struct proof_options *options, int *out)
{
	char texts[OPTION_NETWORKS][NETWORK_TEXT];
	char *arguments[ARGUMENTS] = { "skua",  "replay",        "-q", "--format",
				       "json",  "--min-score",   "0",  "--progress",
				       "never", "--every-update" };
	unsigned count = 10;
	int pipes[2];
	pid_t pid;

	count = add_locals(arguments, count, texts, options->locals);
	if (options->no_tunnels)
		arguments[count++] = (char *)"--no-tunnels";
	arguments[count++] = (char *)"-";
	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (!pid)
		become_replay(copy, pipes[1], arguments);
	close(pipes[1]);
	if (pid < 0) {
		int err = -errno;

		close(pipes[0]);
		return err;
	}
	*out = pipes[0];
	return pid;
}

/* Later judgements know more than was known then: an attempt has timed out since. */
static bool is_later(const char *line, const struct proof_claim *claim)
{
	char until[TIME_TEXT];
	const char *at = strstr(line, "\"timestamp\":\"");

	time_format(until, claim->judged_ns + CLOCK_SLACK_NS);
	return !claim->at_end && at &&
	       strncmp(at + strlen("\"timestamp\":\""), until, TIME_TEXT - 1) > 0;
}

/* Our own output: one finding on each line, its id before its score. */
static bool line_shows(const char *line, const struct proof_claim *claim, double *score)
{
	char wanted[FINDING_ID + 24];
	const char *at;

	snprintf(wanted, sizeof(wanted), "\"finding_id\":\"%s\"", claim->id);
	at = strstr(line, wanted);
	at = at ? strstr(at, "\"score_raw\":") : NULL;
	if (!at || is_later(line, claim))
		return false;
	*score = strtod(at + strlen("\"score_raw\":"), NULL);
	return true;
}

/* What the replay said last of the finding; false: nothing. */
static bool read_score(int fd, const struct proof_claim *claim, double *score)
{
	FILE *stream = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	if (!stream) {
		close(fd);
		return false;
	}
	while (getline(&line, &size, stream) > 0)
		found |= line_shows(line, claim, score);
	free(line);
	fclose(stream);
	return found;
}

static bool ended_well(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

const char *proof_of(const char *path, const struct proof_claim *claim,
		     const struct proof_options *options)
{
	int copy = open_copy(path), out;
	pid_t pid = copy < 0 ? copy : start(copy, options, &out);
	bool found;
	double score;

	if (copy >= 0)
		close(copy);
	if (pid < 0) {
		log_error("%s: cannot replay it: %s", path, strerror(-pid));
		return NULL;
	}
	found = read_score(out, claim, &score);
	if (!ended_well(pid)) {
		log_error("%s: its replay failed: try 'skua replay' on it", path);
		return NULL;
	}
	if (found && fabs(score - claim->score_raw) <= PROOF_SCORE)
		return "packets";
	return claim->incomplete ? "unprovable" : "failed";
}

/* What follows the name in a record that we wrote ourselves; NULL: it is not there. */
static const char *value_of(const char *json, const char *name)
{
	char wanted[40];
	const char *at;

	snprintf(wanted, sizeof(wanted), "\"%s\":", name);
	at = strstr(json, wanted);
	return at ? at + strlen(wanted) : NULL;
}

static bool is_true(const char *json, const char *name)
{
	const char *at = value_of(json, name);

	return at && !strncmp(at, "true", 4);
}

static int parse_claim(const char *json, struct proof_claim *out)
{
	const char *id = value_of(json, "finding_id"), *score = value_of(json, "score_raw");
	const char *time = value_of(json, "timestamp"), *lost = value_of(json, "ring_dropped");
	struct tm broken = {};
	const char *fraction = time ? strptime(time, "\"%Y-%m-%dT%H:%M:%S.", &broken) : NULL;

	if (!id || !score || !fraction || strcspn(id + 1, "\"") != FINDING_ID - 1)
		return -EBADMSG;
	memset(out, 0, sizeof(*out));
	memcpy(out->id, id + 1, FINDING_ID - 1);
	out->score_raw = strtod(score, NULL);
	out->judged_ns = (uint64_t)timegm(&broken) * 1000000000 + strtoull(fraction, NULL, 10);
	out->at_end = is_true(json, "at_end");
	out->incomplete = is_true(json, "truncated") || (lost && strtoull(lost, NULL, 10));
	return 0;
}

int proof_claim_read(const char *path, struct proof_claim *out)
{
	FILE *stream = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int err;

	if (!stream)
		return -errno;
	err = getline(&line, &size, stream) > 0 ? parse_claim(line, out) : -EBADMSG;
	free(line);
	fclose(stream);
	return err;
}

struct proof_claim proof_claim_of(const struct finding *finding)
{
	struct proof_claim claim = { .score_raw = finding->score_raw,
				     .judged_ns = finding->trigger_ns,
				     .at_end = finding->at_end,
				     .incomplete = finding->snapshot.truncated ||
						   finding->snapshot.ring_dropped };

	memcpy(claim.id, finding->id, sizeof(claim.id));
	return claim;
}
