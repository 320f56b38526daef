// SPDX-License-Identifier: BSD-2-Clause
/* The worker's view of the attacher: its start and its end. */
#include <errno.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/log.h"
#include "capture/attacher.h"

#define STOP_MS 3000 /* detaching takes the kernel's grace periods, tens of milliseconds each */

int attacher_start(struct attacher *attacher, const struct attacher_options *options)
{
	int ends[2], err = channel_open(ends);
	pid_t pid;

	if (err)
		return err;
	pid = fork();
	if (pid < 0) {
		err = -errno;
		close(ends[0]);
		close(ends[1]);
		return err;
	}
	if (!pid) {
		close(ends[0]);
		_exit(attacher_main(options, ends[1]));
	}
	close(ends[1]);
	*attacher = (struct attacher){ .pid = pid, .channel = ends[0] };
	return 0;
}

/* A signal that comes meanwhile, such as a second Ctrl-C, is no reason to leave it alone. */
static bool answers(struct pollfd *wait)
{
	int ready;

	do
		ready = poll(wait, 1, STOP_MS);
	while (ready < 0 && errno == EINTR);
	return ready > 0;
}

void attacher_stop(struct attacher *attacher, bool keep, attacher_said_fn *said, void *arg)
{
	struct channel_message message = { .kind = keep ? CHANNEL_KEEP : CHANNEL_STOP };
	struct pollfd wait = { .fd = attacher->channel, .events = POLLIN };
	int got = 1;

	if (attacher->pid <= 0)
		return;
	channel_send(attacher->channel, &message, NULL);
	while (got >= 0 && (got > 0 || answers(&wait))) {
		got = channel_receive(attacher->channel, &message, NULL);
		if (got > 0 && said)
			said(arg, &message);
	}
	close(attacher->channel);
	/* It closed its end; one that hangs sees ours closed sooner or later, and waiting would
	 * hang as well. */
	if (got < 0)
		waitpid(attacher->pid, NULL, 0);
	else
		log_warning("the attacher (pid %d) does not answer: it detaches when it is back",
			    (int)attacher->pid);
	attacher->pid = 0;
}
