/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The attacher: the only privileged process of a live agent.  It loads the
 * programs, attaches them to the wanted interfaces as these come and go, and
 * speaks nothing but netlink and bpf(2); it never sees a byte of a packet.  It
 * is forked before the worker does anything else and ends when the worker does,
 * however that ends; attachments end with it.
 */
#ifndef SKUA_CAPTURE_ATTACHER_H
#define SKUA_CAPTURE_ATTACHER_H

#include <sys/types.h>
#include "capture/channel.h"
#include "capture/hook.h"
#include "capture/wanted.h"

struct attacher_options {
	struct loader_options loader;
	struct wanted wanted;
	enum hook_choice hook;
};

struct attacher {
	pid_t pid;
	int channel; /* the worker's end */
};

/* Forks it: 0 or -errno.  What it says comes by the channel. */
int attacher_start(struct attacher *attacher, const struct attacher_options *options);
/* Asks it to detach (keep: to leave what is pinned), and waits for its end, at most a few seconds;
 * each message that it still sends is told. */
typedef void attacher_said_fn(void *arg, const struct channel_message *message);
void attacher_stop(struct attacher *attacher, bool keep, attacher_said_fn *said, void *arg);

/* The attacher's own main loop; returns its exit status. */
int attacher_main(const struct attacher_options *options, int channel);

#endif /* SKUA_CAPTURE_ATTACHER_H */
