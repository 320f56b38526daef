// SPDX-License-Identifier: BSD-2-Clause
/* A self-test from its first packet to the verdict. */
#include "base/exit.h"
#include "selftest/selftest_watch.h"

#ifdef HAVE_JANSSON
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "client/agent_error.h"
#include "base/log.h"

struct watch {
	const struct selftest_settings *settings;
	struct selftest_plan plan;
	struct selftest_net net;
	struct selftest_agent agent;
	struct client client;
	struct selftest_sent sent;
	pid_t sender; /* without namespaces: a process of ours */
	int results;
	bool has_sent;
	uint64_t next; /* cursor in the agent's findings */
	double begun_s;
	struct selftest_verdict verdicts[SELFTEST_PATTERNS];
};

static volatile int stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* Findings name the registered domain, which may be what lies above the one that was asked for. */
static bool lies_below(const char *name, const char *domain)
{
	size_t length = strlen(name), tail = strlen(domain);

	return tail && tail <= length && !strcmp(name + length - tail, domain) &&
	       (tail == length || name[length - tail - 1] == '.');
}

/* Which of the patterns a finding is about; SELFTEST_PATTERNS: none. */
static enum selftest_pattern pattern_of(const struct watch *watch, const json_t *finding)
{
	char source[ADDRESS_TEXT], target[ADDRESS_TEXT];
	const char *kind = text_of(finding, "event_type");
	const json_t *dns = json_object_get(finding, "dns_exfil");

	address_format(&watch->plan.source, source);
	address_format(&watch->plan.target, target);
	if (strcmp(text_of(finding, "src_ip"), source))
		return SELFTEST_PATTERNS;
	if (!strcmp(kind, selftest_kinds[SELFTEST_SCAN]))
		return SELFTEST_SCAN;
	if (!strcmp(kind, selftest_kinds[SELFTEST_DNS]) &&
	    lies_below(watch->plan.domain, text_of(dns, "domain")))
		return SELFTEST_DNS;
	if (!strcmp(kind, selftest_kinds[SELFTEST_BEACON]) &&
	    !strcmp(text_of(finding, "dest_ip"), target) &&
	    json_integer_value(json_object_get(finding, "dest_port")) == watch->plan.beacon_port)
		return SELFTEST_BEACON;
	return SELFTEST_PATTERNS;
}

/* before: what the agent had found when nothing was sent yet. */
static void take(struct watch *watch, const json_t *finding, bool before)
{
	enum selftest_pattern pattern = pattern_of(watch, finding);
	struct selftest_verdict *verdict = &watch->verdicts[pattern % SELFTEST_PATTERNS];

	if (pattern == SELFTEST_PATTERNS)
		return;
	if (before) {
		verdict->known = strcmp(text_of(finding, "state"), "closed");
		return;
	}
	if (!verdict->found)
		verdict->after_s = now_s() - watch->begun_s;
	verdict->found = true;
	verdict->score = json_number_value(json_object_get(finding, "score"));
	snprintf(verdict->id, sizeof(verdict->id), "%s", text_of(finding, "finding_id"));
}

static void take_lines(struct watch *watch, const char *lines, size_t length, bool before)
{
	while (length) {
		const char *end = memchr(lines, '\n', length);
		size_t size = end ? (size_t)(end - lines) + 1 : length;
		json_t *line = json_loadb(lines, size, 0, NULL);

		if (line)
			take(watch, line, before);
		json_decref(line);
		lines += size;
		length -= size;
	}
}

/* 0 or -errno of the client. */
static int ask(struct watch *watch, bool before)
{
	for (;;) {
		struct control_answer answer;
		int err = client_findings(&watch->client, watch->next, &answer);

		if (err)
			return err;
		watch->next = answer.next;
		if (!answer.length)
			return 0;
		take_lines(watch, answer.bytes, answer.length, before);
		free(answer.bytes);
	}
}

/* Ports that nobody listens on, drawn so that a run of today is not that of yesterday. */
static void draw_ports(struct selftest_plan *plan)
{
	uint16_t random[2] = { 0 };

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		random[0] = random[1] = getpid();
	plan->scan_port = 20000 + random[0] % 8000;
	plan->beacon_port = 47000 + random[1] % 1000;
}

static int open_target(struct watch *watch)
{
	int err = selftest_source(&watch->plan.target, &watch->plan.source);

	if (!err)
		return -1;
	log_error("cannot send to %s: %s; name a --target that this host has a way to",
		  watch->settings->target, strerror(-err));
	return EXIT_RUNTIME;
}

/* -1, or the exit status. */
static int open_watch(struct watch *watch)
{
	const struct selftest_settings *settings = watch->settings;
	int status = -1, err;

	if (settings->target && address_parse(&watch->plan.target, settings->target)) {
		log_error("--target: '%s' is no address such as 10.0.0.5", settings->target);
		return EXIT_USAGE;
	}
	draw_ports(&watch->plan);
	snprintf(watch->plan.domain, sizeof(watch->plan.domain), "%s", settings->domain);
	if (!settings->own) {
		struct status_view view;

		err = client_status(&watch->client, &view);
		if (err) {
			agent_error_say(&watch->client, err);
			log_info("'skua selftest --own' starts an agent for the test alone");
			return EXIT_RUNTIME;
		}
	}
	if (settings->target)
		status = open_target(watch);
	else if (selftest_net_open(&watch->net, &watch->plan))
		status = EXIT_RUNTIME;
	if (status >= 0)
		return status;
	if (settings->own && selftest_agent_open(&watch->agent, watch->net.watched))
		return EXIT_RUNTIME;
	if (settings->own)
		watch->client.path = watch->agent.socket;
	err = ask(watch, true);
	if (!err)
		return -1;
	agent_error_say(&watch->client, err);
	return EXIT_RUNTIME;
}

static int start_here(struct watch *watch)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return -errno;
	watch->sender = fork();
	if (!watch->sender) {
		struct selftest_sent sent;

		selftest_send(&watch->plan, &sent, &stopped);
		_exit(write(pipes[1], &sent, sizeof(sent)) != sizeof(sent));
	}
	close(pipes[1]);
	watch->results = pipes[0];
	return watch->sender < 0 ? -errno : 0;
}

static int begin(struct watch *watch)
{
	log_info("selftest: sending and waiting for findings takes half a minute, at most %u s",
		 (unsigned)watch->settings->timeout_s);
	watch->begun_s = now_s();
	if (watch->settings->target)
		return start_here(watch);
	watch->results = watch->net.results;
	selftest_net_start(&watch->net, &watch->plan);
	return 0;
}

/* A second, or until the sender says what it has sent. */
static void wait_for_sender(struct watch *watch)
{
	struct pollfd waited = { .fd = watch->has_sent ? -1 : watch->results, .events = POLLIN };

	if (poll(&waited, 1, 1000) > 0)
		watch->has_sent = read(watch->results, &watch->sent, sizeof(watch->sent)) ==
				  sizeof(watch->sent);
	if (!watch->has_sent && waited.revents & POLLHUP) {
		watch->sent.error = -EPIPE;
		watch->has_sent = true;
	}
}

/* Until everything was sent and found, or time is over.  0 or -errno of the client. */
static int wait_for_findings(struct watch *watch)
{
	int err = 0;

	while (!err && !stopped && !(watch->has_sent && selftest_all_found(watch->verdicts)) &&
	       now_s() < watch->begun_s + watch->settings->timeout_s) {
		wait_for_sender(watch);
		err = ask(watch, false);
	}
	return err;
}

static int say(const struct watch *watch)
{
	bool table =
		watch->settings->format == 2 || (!watch->settings->format && isatty(STDOUT_FILENO));

	if (stopped) {
		log_error("stopped before the verdict");
		return EXIT_RUNTIME;
	}
	if (watch->sent.error || !watch->has_sent)
		log_error("not everything could be sent: %s",
			  watch->has_sent ? strerror(-watch->sent.error)
					  : "time was over; give a longer --timeout");
	selftest_print(table, &watch->plan, &watch->sent, watch->verdicts);
	if (!selftest_all_found(watch->verdicts) && !watch->settings->own &&
	    !watch->settings->target)
		log_info("the agent must watch %s, which a run with '-i any' does; 'skua status' "
			 "says what it watches",
			 "new interfaces");
	return selftest_all_found(watch->verdicts) ? EXIT_OK : EXIT_RUNTIME;
}

static void close_watch(struct watch *watch)
{
	if (watch->sender > 0) {
		kill(watch->sender, SIGTERM);
		while (waitpid(watch->sender, NULL, 0) < 0 && errno == EINTR)
			;
		close(watch->results);
	}
	selftest_agent_close(&watch->agent);
	selftest_net_close(&watch->net);
}

int selftest_watch(const struct selftest_settings *settings)
{
	static const struct sigaction stopping = { .sa_handler = stop };
	struct watch watch = { .settings = settings,
			       .net = { .client_go = -1, .results = -1, .server_go = -1 },
			       .client = { settings->socket ? settings->socket : CONTROL_PATH,
					   AGENT_TIMEOUT_MS, 0 } };
	int status, err;

	/* Without SA_RESTART, so that waiting ends and everything is taken down. */
	sigaction(SIGINT, &stopping, NULL);
	sigaction(SIGTERM, &stopping, NULL);
	sigaction(SIGHUP, &stopping, NULL);
	status = open_watch(&watch);
	if (status < 0) {
		err = begin(&watch);
		if (!err)
			err = wait_for_findings(&watch);
		if (err)
			agent_error_say(&watch.client, err);
		status = err ? EXIT_RUNTIME : say(&watch);
	}
	close_watch(&watch);
	return status;
}

#else
#include "base/log.h"

int selftest_watch(const struct selftest_settings *settings)
{
	(void)settings;
	log_error("selftest: built without jansson, which reads findings: install libjansson-dev "
		  "and build again");
	return EXIT_USAGE;
}

#endif
