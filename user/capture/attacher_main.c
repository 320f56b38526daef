// SPDX-License-Identifier: BSD-2-Clause
/* The attacher's main loop: links come and go, programs are attached to them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <linux/capability.h>
#include "base/privs.h"
#include "capture/attacher.h"
#include "capture/watch.h"

#define LEASE_NS (10 * SKUA_SECOND_NS) /* how long programs observe for an agent that is gone */
#define WAIT_MS 1000
#define COUNTERS_NS (5 * SKUA_SECOND_NS) /* between two looks at the interfaces' own counters */

struct process {
	const struct attacher_options *options;
	int channel;
	struct loader *loader;
	struct links *links;
	struct watch *watch;
};

static int fail(int channel, int err, const char *text)
{
	struct channel_message message = { .kind = CHANNEL_FAILED, .ifindex = err };

	snprintf(message.text, sizeof(message.text), "%s", text);
	channel_send(channel, &message, NULL);
	return 1;
}

/* It ends when the worker does, so that signals to both leave the order to the worker; and a pipe
 * behind the worker's output must not stay open for it. */
static void settle_in(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (unsigned i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	prctl(PR_SET_NAME, "skua-attacher");
	if (null < 0)
		return;
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close(null);
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SKUA_SECOND_NS + now.tv_nsec;
}

static void renew(const struct process *process)
{
	bool pinned = process->options->loader.pin_path != NULL;

	loader_renew(process->loader, pinned ? UINT64_MAX : monotonic_ns() + LEASE_NS);
}

static int say_ready(const struct process *process)
{
	struct channel_message message = { .kind = CHANNEL_READY,
					   .adopted = loader_adopted(process->loader),
					   .packets = loader_memory(process->loader) };
	int fds[LOADER_MAPS];

	for (int i = 0; i < LOADER_MAPS; i++)
		fds[i] = loader_map_fd(process->loader, i);
	return channel_send(process->channel, &message, fds);
}

/* A directory on bpffs, for --pin.  It holds programs of the whole host: nobody else's business. */
static int make_pin_path(const char *path)
{
	if (!path || !mkdir(path, 0700) || errno == EEXIST)
		return 0;
	return -errno;
}

/* Where tc was asked for, XDP is never attached. */
static bool is_tc(enum hook_choice hook)
{
	return hook == HOOK_WANT_TC || hook == HOOK_WANT_CLSACT;
}

/*
 * The kernel takes most of a start to verify programs, and tens of MiB for
 * each meanwhile: those that the links here do not need come behind.
 */
static int load_programs(struct process *process, char text[CHANNEL_TEXT])
{
	struct loader_options options = process->options->loader;
	uint32_t count;
	const struct link *links = links_known(process->links, &count);
	unsigned needed = watch_programs(process->options, links, count);

	options.later = ~(needed | 1u << LOADER_TC_EGRESS);
	return loader_open(&process->loader, &options, text);
}

static int load(struct process *process)
{
	static const int needed[] = { CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON };
	const char *pin_path = process->options->loader.pin_path;
	char text[CHANNEL_TEXT];
	int err = make_pin_path(pin_path);

	if (err) {
		snprintf(text, sizeof(text), "cannot create %s: %s; mount bpffs at /sys/fs/bpf",
			 pin_path, strerror(-err));
		return fail(process->channel, err, text);
	}
	/* What is missing of them shows when the programs are loaded; pinning needs the account's
	 * right to the directory, no capability. */
	err = privs_keep(needed, 3);
	if (err)
		return fail(process->channel, err, "cannot give up capabilities");
	err = load_programs(process, text);
	if (err)
		return fail(process->channel, err, text);
	err = loader_set_clock(process->loader);
	if (err) {
		snprintf(text, sizeof(text), "cannot read the kernel's clock: %s", strerror(-err));
		return fail(process->channel, err, text);
	}
	return 0;
}

/* What is loaded can be attached without these rights.  A program that cannot be loaded now is told
 * with the link that it is refused to. */
static int complete(const struct process *process)
{
	static const int needed[] = { CAP_NET_ADMIN };

	if (!is_tc(process->options->hook))
		loader_complete(process->loader);
	return privs_keep(needed, 1) ? fail(process->channel, -EPERM, "cannot give up capabilities")
				     : 0;
}

static void look_only(void *arg, enum link_change change, const struct link *link)
{
	(void)arg, (void)change, (void)link;
}

/* Which links there are decides what is loaded first. */
static int look(struct process *process)
{
	char text[CHANNEL_TEXT];
	int err = links_open(&process->links);

	if (!err)
		err = links_poll(process->links, look_only, NULL);
	if (!err)
		return 0;
	snprintf(text, sizeof(text), "cannot ask the kernel for its interfaces: %s",
		 strerror(-err));
	return fail(process->channel, err, text);
}

/* Those that were there before the programs, and what has become of them meanwhile. */
static int attach(struct process *process)
{
	uint32_t count;
	const struct link *links = links_known(process->links, &count);

	for (uint32_t i = 0; i < count; i++)
		watch_link(process->watch, LINK_APPEARED, &links[i]);
	return links_poll(process->links, watch_link, process->watch);
}

/* What is wanted, and there already. */
static int begin(struct process *process)
{
	char text[WANTED_ERROR_SIZE];
	const struct link *links;
	uint32_t count;
	int err = watch_open(&process->watch, process->loader, process->links, process->options,
			     process->channel);

	if (err)
		return fail(process->channel, err, "cannot start: out of memory");
	if (say_ready(process))
		return 1;
	renew(process);
	err = attach(process);
	links = links_known(process->links, &count);
	if (!err)
		err = wanted_check(&process->options->wanted, links, count, text);
	if (err)
		return fail(process->channel, err, text);
	loader_begin(process->loader);
	watch_say_started(process->watch);
	return 0;
}

/* Returns what the worker said last: CHANNEL_STOP also when it is gone. */
static int serve(struct process *process)
{
	struct pollfd waits[] = { { .fd = process->channel, .events = POLLIN },
				  { .fd = links_fd(process->links), .events = POLLIN } };
	struct channel_message message;
	uint64_t counted_ns = monotonic_ns();

	for (;;) {
		int got;

		poll(waits, 2, WAIT_MS);
		renew(process);
		got = channel_receive(process->channel, &message, NULL);
		if (got < 0)
			return process->options->loader.pin_path ? CHANNEL_KEEP : CHANNEL_STOP;
		if (got && (message.kind == CHANNEL_STOP || message.kind == CHANNEL_KEEP))
			return message.kind;
		/* Also when nothing came: what failed before is told now.  And counters are due by
		 * the clock, or a node whose pods come and go would never compare them. */
		links_poll(process->links, watch_link, process->watch);
		if (monotonic_ns() - counted_ns < COUNTERS_NS)
			continue;
		counted_ns = monotonic_ns();
		watch_say_counters(process->watch);
	}
}

int attacher_main(const struct attacher_options *options, int channel)
{
	struct process process = { .options = options, .channel = channel };
	struct channel_message stopped = { .kind = CHANNEL_STOPPED };
	int status, said = CHANNEL_STOP;

	settle_in();
	status = look(&process);
	if (!status)
		status = load(&process);
	if (!status)
		status = begin(&process);
	if (!status)
		status = complete(&process);
	if (!status)
		said = serve(&process);
	watch_close(process.watch, said == CHANNEL_KEEP);
	if (process.watch)
		channel_send(channel, &stopped, NULL);
	links_close(process.links);
	loader_close(process.loader);
	return status;
}
