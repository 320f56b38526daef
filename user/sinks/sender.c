// SPDX-License-Identifier: BSD-2-Clause
/* The worker's side of a process that sends: starts it, hands over, counts, ends it. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/child.h"
#include "base/log.h"
#include "sinks/sender.h"

#define CHANNEL_BYTES (4 << 20) /* what may wait between the two, if the kernel grants it */
#define GRACE_MS 500            /* for a process to end */

struct sender {
	const char *name;
	pid_t pid;
	int channel;
	uint64_t offered, dropped[SENDER_CAUSES]; /* those that the process never had */
	bool finished;
	uint64_t until_ms; /* CLOCK_MONOTONIC: how long it is waited for; 0: it was not told yet */
	struct sender_counts *counts;
};

static const char *const causes[SENDER_CAUSES] = {
	"channel_full", "queue_full", "too_large", "rejected", "sender_gone", "at_end",
};
_Static_assert(SENDER_CAUSES <= SINK_CAUSES, "all of them are told");

/* SIGTERM and SIGINT are for the worker, who closes the channel. */
static int sender_main(struct sender_end *end, const struct privs_account *account,
		       sender_run_fn *run, void *arg)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const int ignored[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGPIPE };
	int err;

	if (end->channel > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, end->channel - 1, 0);
	close_range(end->channel + 1, ~0U, 0);
	for (unsigned i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		sigaction(ignored[i], &ignore, NULL);
	err = privs_drop(account);
	if (err) {
		log_error("%s: the sender cannot give up privileges: %s", end->name,
			  strerror(-err));
		return 1;
	}
	run(end, arg);
	return 0;
}

static int start(struct sender *sender, const struct privs_account *account, sender_run_fn *run,
		 void *arg)
{
	struct sender_end *end;
	int ends[2], size = CHANNEL_BYTES;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends))
		return -errno;
	/* The second is for who may go beyond the system's bound. */
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	sender->pid = fork();
	if (!sender->pid) {
		end = calloc(1, sizeof(*end));
		if (!end)
			_exit(1);
		end->channel = ends[1];
		end->name = sender->name;
		end->counts = sender->counts;
		end->waiting.max_count = WAITING_MESSAGES;
		end->waiting.max_bytes = WAITING_BYTES;
		_exit(sender_main(end, account, run, arg));
	}
	close(ends[1]);
	if (sender->pid < 0) {
		close(ends[0]);
		return -errno;
	}
	sender->channel = ends[0];
	return 0;
}

int sender_open(struct sender **out, const char *name, const struct privs_account *account,
		sender_run_fn *run, void *arg)
{
	struct sender *sender = calloc(1, sizeof(*sender));
	int err;

	if (!sender)
		return -ENOMEM;
	sender->name = name;
	sender->channel = -1;
	sender->counts = mmap(NULL, sizeof(*sender->counts), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sender->counts == MAP_FAILED) {
		free(sender);
		return -ENOMEM;
	}
	err = start(sender, account, run, arg);
	if (err) {
		sender_close(sender);
		return err;
	}
	*out = sender;
	return 0;
}

void sender_put(struct sender *sender, const void *bytes, size_t length)
{
	enum sender_cause cause = SENDER_TOO_LARGE;

	sender->offered++;
	if (length <= SENDER_MESSAGE) {
		if (send(sender->channel, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return;
		if (errno == EAGAIN || errno == ENOBUFS)
			cause = SENDER_CHANNEL_FULL;
		else if (errno != EMSGSIZE)
			cause = SENDER_GONE;
	}
	if (cause == SENDER_GONE && !sender->dropped[cause])
		log_error("%s: the process that sends has died; nothing is sent any more",
			  sender->name);
	sender->dropped[cause]++;
}

void sender_end_input(struct sender *sender)
{
	if (sender->until_ms)
		return;
	sender->until_ms = sender_now_ms() + SENDER_FLUSH_MS + GRACE_MS;
	shutdown(sender->channel, SHUT_WR);
}

/* It hangs up when it ends, and it ends in time. */
static bool hangs_up(const struct sender *sender)
{
	struct pollfd ended = { .fd = sender->channel };
	int ready;

	do {
		uint64_t now_ms = sender_now_ms();

		ready = poll(&ended, 1, now_ms < sender->until_ms ? sender->until_ms - now_ms : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

void sender_finish(struct sender *sender)
{
	if (sender->finished)
		return;
	sender->finished = true;
	sender_end_input(sender);
	if (!child_end(sender->pid, hangs_up(sender) ? GRACE_MS : 0))
		log_warning("%s: the process that sends does not end, and is killed", sender->name);
	close(sender->channel);
	sender->channel = -1;
}

void sender_tally(const struct sender *sender, struct sink_tally *out)
{
	const struct sender_counts *counts = sender->counts;
	uint64_t told = counts->delivered;

	*out = (struct sink_tally){ .name = sender->name,
				    .offered = sender->offered,
				    .delivered = counts->delivered,
				    .retries = counts->retries,
				    .capacity = WAITING_MESSAGES,
				    .cause_count = SENDER_CAUSES };
	for (unsigned i = 0; i < SENDER_CAUSES; i++) {
		out->dropped[i].name = causes[i];
		out->dropped[i].packets = counts->dropped[i] + sender->dropped[i];
		told += out->dropped[i].packets;
	}
	if (told >= sender->offered)
		return;
	if (sender->finished)
		out->dropped[SENDER_AT_END].packets += sender->offered - told;
	else
		out->waiting = sender->offered - told;
}

void sender_close(struct sender *sender)
{
	if (!sender)
		return;
	if (sender->channel >= 0)
		sender_finish(sender);
	munmap(sender->counts, sizeof(*sender->counts));
	free(sender);
}
