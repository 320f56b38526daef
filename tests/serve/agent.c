// SPDX-License-Identifier: BSD-2-Clause
/*
 * Answers on a control socket as an agent does, or as it should not:
 * agent PATH [good|plain|large|hang|version|garbage].  Says "ready", then
 * serves until SIGTERM.  good: keeps a packet more each tenth of a second, and
 * a finding more each; plain: has a status only; large: a snapshot of 64 MB.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "serve/control.h"
#include "serve/history.h"
#include "../unit/serve_sample.h"
#include "packets.h"

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

#define TENTH_NS 100000000ull
#define LARGE (64u << 20)
#define BEFORE 20 /* packets and findings of before it began */

struct agent {
	struct history *history;
	uint64_t begun_ns, findings;
	bool large;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* How many there have been. */
static uint64_t kept_by(const struct agent *agent)
{
	return BEFORE + (now_ns() - agent->begun_ns) / TENTH_NS;
}

static void fill(void *arg, struct status_view *out)
{
	(void)arg;
	sample_view(out);
}

/* 10.0.0.5 is who talked, with whomever else. */
static bool has_packets_of(const struct control_selector *selector)
{
	return !selector->has_a || !memcmp(selector->a + 12, "\x0a\0\0\5", 4);
}

static int snapshot(void *arg, const struct control_selector *selector,
		    const struct reader_rights *rights, struct control_answer *out)
{
	struct agent *agent = arg;
	uint64_t kept = kept_by(agent), first = 0;
	struct control_answer answer = { .next = agent->begun_ns + kept };
	FILE *stream;

	(void)rights; /* it knows no pods */
	if (selector->since >= agent->begun_ns)
		first = selector->since - agent->begun_ns;
	if (!has_packets_of(selector) || first >= kept)
		return -ENOENT;
	stream = open_memstream(&answer.bytes, &answer.length);
	put_section(stream);
	put_interface(stream, "lan0");
	for (uint64_t i = first; i < kept; i++)
		put_packet(stream, 0, agent->begun_ns + i * TENTH_NS - BEFORE * TENTH_NS, i);
	put_statistics(stream);
	if (fclose(stream))
		return -ENOMEM;
	if (agent->large) { /* nobody looks into it */
		answer.bytes = realloc(answer.bytes, LARGE);
		answer.length = LARGE;
	}
	*out = answer;
	return 0;
}

static int arm(void *arg, const struct control_selector *selector,
	       const struct reader_rights *rights, uint32_t seconds)
{
	(void)arg;
	(void)rights;
	(void)seconds;
	return has_packets_of(selector) ? 0 : -EIO;
}

static void find(struct agent *agent)
{
	struct sink *sink = history_sink(agent->history);
	struct finding finding = { .kind = FINDING_SCAN, .score = 0.9, .has_dst = true };
	const struct record record = { .kind = RECORD_FINDING, .finding = &finding };

	address_parse(&finding.src, "10.9.0.12");
	address_parse(&finding.dst, "10.9.0.7");
	for (; agent->findings < kept_by(agent); agent->findings++) {
		finding.trigger_ns = agent->begun_ns;
		snprintf(finding.id, sizeof(finding.id), "%032llx",
			 (unsigned long long)agent->findings);
		snprintf(finding.reason, sizeof(finding.reason), "scan %llu",
			 (unsigned long long)agent->findings);
		sink->write(sink, &record);
	}
}

static int findings(void *arg, uint64_t next, const struct reader_rights *rights,
		    struct control_answer *out)
{
	struct agent *agent = arg;

	find(agent);
	return history_answer(agent->history, next, rights, out);
}

static void say_ready(void)
{
	puts("ready");
	fflush(stdout);
}

static int serve(const char *path, const char *mode)
{
	const struct sink_envelope envelope = { .mode = "live" };
	struct agent agent = { .begun_ns = now_ns(), .large = !strcmp(mode, "large") };
	struct control_ops ops = { &agent, NULL, fill, snapshot, arm, findings, NULL };
	struct control *control;
	int err;

	if (history_open(&agent.history, HISTORY_BYTES, &envelope, agent.begun_ns))
		return 1;
	if (!strcmp(mode, "plain"))
		ops = (struct control_ops){ .status = fill };
	err = control_open(&control, path, &ops);

	if (err) {
		fprintf(stderr, "agent: %s: %s\n", path, control_open_error(err));
		return 1;
	}
	say_ready();
	while (!stopped) {
		struct pollfd waited = { .fd = control_fd(control), .events = POLLIN };
		struct timespec now;

		poll(&waited, 1, 1000);
		clock_gettime(CLOCK_MONOTONIC, &now);
		control_poll(control, now.tv_sec * 1000000000ull + now.tv_nsec);
	}
	control_close(control);
	history_close(agent.history);
	return 0;
}

/* Takes whoever comes and says these bytes. */
static int say_only(const char *path, const void *bytes, size_t length)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 8)) {
		fprintf(stderr, "agent: %s: %s\n", path, strerror(errno));
		return 1;
	}
	say_ready();
	while (!stopped) {
		struct pollfd waited = { .fd = listener, .events = POLLIN };
		/* Never for good: the signal may come before it waits. */
		int fd = poll(&waited, 1, 1000) > 0 ? accept(listener, NULL, NULL) : -1;

		if (fd >= 0 && send(fd, bytes, length, MSG_NOSIGNAL) < 0)
			close(fd);
	}
	unlink(path);
	return 0;
}

int main(int argc, char **argv)
{
	const struct control_head newer = { sizeof(newer), CONTROL_VERSION + 1,
					    CONTROL_BAD_VERSION };
	const struct sigaction stopping = { .sa_handler = stop };
	const char *mode = argc > 2 ? argv[2] : "good";

	if (argc < 2)
		return 2;
	sigaction(SIGTERM, &stopping, NULL);
	if (!strcmp(mode, "good") || !strcmp(mode, "plain") || !strcmp(mode, "large"))
		return serve(argv[1], mode);
	if (!strcmp(mode, "hang"))
		return say_only(argv[1], "", 0);
	if (!strcmp(mode, "version"))
		return say_only(argv[1], &newer, sizeof(newer));
	if (!strcmp(mode, "garbage"))
		return say_only(argv[1], "220 mail.example ESMTP\r\n", 24);
	return 2;
}
