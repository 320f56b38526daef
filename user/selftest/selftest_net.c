// SPDX-License-Identifier: BSD-2-Clause
/* Two network namespaces at a bridge, for the traffic of a self-test; gone when it ends. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/log.h"
#include "selftest/selftest.h"

#define WORDS 16

/* Runs `ip` with these words; 0 or -errno.  quiet: what it says is nobody's business. */
static int run_ip(bool quiet, const char *format, ...)
{
	char text[160], *words[WORDS + 2] = { "ip" }, *rest = text;
	unsigned count = 1;
	va_list arguments;
	int status;
	pid_t pid;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	while (count <= WORDS && (words[count] = strsep(&rest, " ")))
		count++;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		if (quiet && !freopen("/dev/null", "w", stderr))
			_exit(126);
		execvp("ip", words);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -ENOENT;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

/*
 * Of a private network that hardly anybody uses, drawn anew each time: an agent
 * says a finding that it knows already only when it has changed.
 */
static void draw_addresses(struct selftest_plan *plan)
{
	uint8_t random[3] = { 0 };

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		random[0] = getpid();
	plan->source = (struct address){ 0 };
	plan->source.bytes[10] = plan->source.bytes[11] = 0xff;
	plan->source.bytes[12] = 10;
	plan->source.bytes[13] = 254;
	plan->source.bytes[14] = random[0];
	plan->source.bytes[15] = 1 + random[1] % 100;
	plan->target = plan->source;
	plan->target.bytes[15] = 101 + random[2] % 100;
}

static int configure(const struct address *own)
{
	char text[ADDRESS_TEXT];
	int err = run_ip(false, "addr add %s/24 dev eth0", address_format(own, text));

	if (!err)
		err = run_ip(false, "link set eth0 up");
	return err;
}

/* The end of the pipe is the end of whoever made us, however that came about. */
static bool wait_for_go(int fd)
{
	char go;

	return read(fd, &go, 1) == 1;
}

static void become_client(int go, int results, const struct selftest_plan *plan)
{
	static const volatile int never;
	struct selftest_plan told;
	struct selftest_sent sent = { 0 };

	if (!wait_for_go(go))
		return;
	sent.error = configure(&plan->source);
	if (write(results, "", 1) != 1 || read(go, &told, sizeof(told)) != sizeof(told))
		return;
	if (!sent.error)
		selftest_send(&told, &sent, &never);
	if (write(results, &sent, sizeof(sent)) != sizeof(sent))
		return;
	wait_for_go(go);
}

static void become_server(int go, const struct selftest_plan *plan)
{
	if (wait_for_go(go) && !configure(&plan->target))
		wait_for_go(go);
}

/* A process in a namespace of its own: its pid, or -errno.  results: -1, it is the server. */
static pid_t start(int *go, int *results, const struct selftest_plan *plan)
{
	int to[2], from[2];
	char ready;
	pid_t pid;

	if (pipe2(to, O_CLOEXEC))
		return -errno;
	if (pipe2(from, O_CLOEXEC)) {
		close(to[0]);
		close(to[1]);
		return -EMFILE;
	}
	pid = fork();
	if (!pid) {
		int err;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGINT, SIG_IGN); /* whoever made us ends us */
		signal(SIGTERM, SIG_DFL);
		close(to[1]);
		close(from[0]);
		err = unshare(CLONE_NEWNET) ? errno : 0;
		ready = err;
		if (write(from[1], &ready, 1) != 1 || err)
			_exit(1);
		if (results)
			become_client(to[0], from[1], plan);
		else
			become_server(to[0], plan);
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	*go = to[1];
	if (pid < 0 || read(from[0], &ready, 1) != 1)
		ready = EIO;
	if (results)
		*results = from[0];
	else
		close(from[0]);
	return pid < 0 ? pid : ready ? -ready : pid;
}

static int connect_end(const struct selftest_net *net, const char *name, pid_t pid)
{
	int err = run_ip(false, "link add %s type veth peer name eth0 netns %d", name, (int)pid);

	if (!err)
		err = run_ip(false, "link set %s master %s", name, net->bridge);
	return err ? err : run_ip(false, "link set %s up", name);
}

static int make_links(struct selftest_net *net)
{
	int err = run_ip(false, "link add %s type bridge forward_delay 0 mcast_snooping 0",
			 net->bridge);

	net->made = !err;
	if (!err)
		err = run_ip(false, "link set %s up", net->bridge);
	if (!err)
		err = connect_end(net, net->watched, net->client);
	return err ? err : connect_end(net, net->other, net->server);
}

static void say(int err)
{
	if (err == -EPERM)
		log_error("cannot make a network namespace: be root, or name a --target");
	else if (err == -ENOENT)
		log_error("cannot make links: 'ip' is not installed (package iproute2)");
	else if (err == -EIO)
		log_error(
			"cannot make two namespaces and a bridge: 'ip' said why, above; be root of "
			"the machine, or name a --target");
	else
		log_error("cannot make two namespaces and a bridge: %s; or name a --target",
			  strerror(-err));
}

static int make(struct selftest_net *net, struct selftest_plan *plan)
{
	char done;
	int err;

	net->client = start(&net->client_go, &net->results, plan);
	if (net->client < 0)
		return net->client;
	net->server = start(&net->server_go, NULL, plan);
	if (net->server < 0)
		return net->server;
	err = make_links(net);
	if (err)
		return err;
	if (write(net->server_go, "", 1) != 1 || write(net->client_go, "", 1) != 1 ||
	    read(net->results, &done, 1) != 1)
		return -EIO;
	return 0;
}

int selftest_net_open(struct selftest_net *net, struct selftest_plan *plan)
{
	int err;

	*net = (struct selftest_net){ .client_go = -1, .results = -1, .server_go = -1 };
	snprintf(net->bridge, sizeof(net->bridge), "skst%dbr", (int)getpid());
	snprintf(net->watched, sizeof(net->watched), "skst%da", (int)getpid());
	snprintf(net->other, sizeof(net->other), "skst%db", (int)getpid());
	draw_addresses(plan);
	err = make(net, plan);
	if (err) {
		say(err);
		selftest_net_close(net);
	}
	return err;
}

void selftest_net_start(struct selftest_net *net, const struct selftest_plan *plan)
{
	if (write(net->client_go, plan, sizeof(*plan)) != sizeof(*plan))
		log_error("the sender has ended: %s", strerror(errno));
}

static void end_process(pid_t pid, int fd)
{
	if (fd >= 0)
		close(fd);
	if (pid <= 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void selftest_net_close(struct selftest_net *net)
{
	/* Namespaces go some time after their last process: their links are taken at once. */
	if (net->made) {
		run_ip(true, "link del %s", net->watched);
		run_ip(true, "link del %s", net->other);
		run_ip(true, "link del %s", net->bridge);
	}
	end_process(net->client, net->client_go);
	end_process(net->server, net->server_go);
	if (net->results >= 0)
		close(net->results);
	*net = (struct selftest_net){ .client_go = -1, .results = -1, .server_go = -1 };
}
