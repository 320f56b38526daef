/* SPDX-License-Identifier: BSD-2-Clause */
/* Network namespaces of our own, and a mirror of what is told of the links in one. */
#ifndef TESTS_LINKS_STAGE_H
#define TESTS_LINKS_STAGE_H

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "capture/links.h"
#include "tap.h"

#define STAGE_TOLD 4096

struct told {
	enum link_change change;
	struct link link;
};

struct stage {
	struct links *links;
	struct link mirror[LINKS_MAX]; /* built from nothing but what was told */
	uint32_t count;
	struct told told[STAGE_TOLD]; /* since stage_do() */
	uint32_t told_count;
	unsigned nonsense; /* gone or changed what was not there, appeared what was */
	uint32_t own;      /* links of a new namespace: loopback, and what modules put into each */
	pid_t other;       /* lives in another namespace */
};

static inline void stage_told(void *arg, enum link_change change, const struct link *link)
{
	struct stage *stage = arg;
	uint32_t at = 0;

	if (stage->told_count < STAGE_TOLD)
		stage->told[stage->told_count++] = (struct told){ change, *link };
	while (at < stage->count && stage->mirror[at].ifindex != link->ifindex)
		at++;
	stage->nonsense += (at < stage->count) == (change == LINK_APPEARED);
	if (change == LINK_APPEARED && at == stage->count && at < LINKS_MAX)
		stage->mirror[stage->count++] = *link;
	else if (change == LINK_CHANGED && at < stage->count)
		stage->mirror[at] = *link;
	else if (change == LINK_GONE && at < stage->count)
		stage->mirror[at] = stage->mirror[--stage->count];
}

/* Runs a command of the shell; what was told before is forgotten. */
static inline void stage_do(struct stage *stage, const char *command)
{
	stage->told_count = 0;
	if (system(command))
		printf("# failed: %s\n", command);
}

static inline double stage_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* For what certainly comes, however busy the machine. */
#define STAGE_WAIT_MS 30000

/* Waits for news as an agent would, and polls.  False: there was none. */
static inline bool stage_poll(struct stage *stage, int wait_ms)
{
	struct pollfd wait = { .fd = links_fd(stage->links), .events = POLLIN };

	if (poll(&wait, 1, wait_ms) <= 0)
		return false;
	if (links_poll(stage->links, stage_told, stage))
		printf("# the poll failed\n");
	return true;
}

static inline void stage_settle(struct stage *stage)
{
	while (stage_poll(stage, 100))
		;
}

static inline bool stage_same(const struct link *a, uint32_t a_count, const struct link *b,
			      uint32_t b_count)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < a_count; i++) {
		for (uint32_t k = 0; k < b_count; k++)
			found += !memcmp(&a[i], &b[k], sizeof(a[i]));
	}
	return found == a_count && found == b_count;
}

/* What was told adds up to what another watcher finds, and to what ours says it knows. */
static inline bool stage_true(struct stage *stage)
{
	static struct stage fresh;
	const struct link *known;
	uint32_t count;
	bool good;

	memset(&fresh, 0, sizeof(fresh));
	if (links_open(&fresh.links) || links_poll(fresh.links, stage_told, &fresh))
		return false;
	known = links_known(stage->links, &count);
	good = stage_same(stage->mirror, stage->count, fresh.mirror, fresh.count) &&
	       stage_same(stage->mirror, stage->count, known, count) && !stage->nonsense;
	if (!good)
		printf("# %u links told, %u there, %u known; %u times nonsense\n", stage->count,
		       fresh.count, count, stage->nonsense);
	links_close(fresh.links);
	return good;
}

/* A process in a namespace of its own, that others may be moved to; $OTHER in commands. */
static inline pid_t stage_other(void)
{
	char text[16], ready;
	int ends[2];
	pid_t child;

	if (pipe(ends))
		return -1;
	child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET) || write(ends[1], "r", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ends[1]);
	if (child > 0 && read(ends[0], &ready, 1) != 1) {
		waitpid(child, NULL, 0);
		child = -1;
	}
	close(ends[0]);
	snprintf(text, sizeof(text), "%d", (int)child);
	setenv("OTHER", text, 1);
	return child;
}

/* Tunnels have a link in every namespace once their module is loaded. */
static inline uint32_t stage_count_own(void)
{
	FILE *devices = fopen("/proc/self/net/dev", "r");
	uint32_t count = 0;
	char line[512];

	while (devices && fgets(line, sizeof(line), devices))
		count += strchr(line, ':') != NULL; /* but for two lines above them */
	if (devices)
		fclose(devices);
	return count;
}

/* False, with a reason printed: not here.  Both namespaces vanish with us. */
static inline bool stage_enter(struct stage *stage)
{
	if (system("ip -V >/dev/null 2>&1")) {
		puts("1..0 # SKIP there is no ip(8)");
		return false;
	}
	if (geteuid() || unshare(CLONE_NEWNET)) {
		puts("1..0 # SKIP making network namespaces is not permitted");
		return false;
	}
	stage->own = stage_count_own();
	stage->other = stage_other();
	if (stage->other < 0) {
		puts("1..0 # SKIP no second network namespace");
		return false;
	}
	return true;
}

static inline void stage_leave(struct stage *stage)
{
	links_close(stage->links);
	kill(stage->other, SIGKILL);
	waitpid(stage->other, NULL, 0);
}

#endif /* TESTS_LINKS_STAGE_H */
