// SPDX-License-Identifier: BSD-2-Clause
/* A live run by the kernel programs: the worker's end of its attacher. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "skua/watched.h"
#include "base/log.h"
#include "capture/attacher.h"
#include "run/run_capture.h"
#include "run/run_profile.h"

#define START_MS 120000 /* verification takes a second on slow machines, 20 on emulated ones */

struct run_kernel {
	struct run_capture capture; /* first: it is what others see */
	struct attacher_options options;
	struct attacher attacher;
	struct live *live;
	struct live_options live_options;
	bool keep; /* pinned: the next agent goes on */
};

static struct run_kernel *kernel_of(struct run_capture *capture)
{
	return (struct run_kernel *)capture;
}

static void take(struct run_kernel *kernel, const struct channel_message *message)
{
	struct run_link *blind;

	if (!run_links_take(&kernel->capture.links, message, &blind))
		return;
	kernel->capture.turned_blind = true;
	memcpy(kernel->capture.blind, blind->name, sizeof(blind->name));
}

static int kernel_look(struct run_capture *capture, bool second)
{
	struct run_kernel *kernel = kernel_of(capture);
	struct channel_message message;
	int got;

	while ((got = channel_receive(kernel->attacher.channel, &message, NULL)) > 0)
		take(kernel, &message);
	if (second)
		run_links_count(&capture->links, kernel->live);
	return got;
}

static void said_at_end(void *arg, const struct channel_message *message)
{
	take(arg, message);
}

static int kernel_stop(struct run_capture *capture, source_event_fn *deliver, void *arg)
{
	struct run_kernel *kernel = kernel_of(capture);

	if (kernel->keep)
		run_links_count(&capture->links, kernel->live);
	attacher_stop(&kernel->attacher, kernel->keep, said_at_end, kernel);
	capture->detached = !kernel->keep;
	return live_stop(kernel->live, kernel->keep, deliver, arg);
}

static void kernel_account(struct run_capture *capture, struct accounting *out)
{
	struct run_kernel *kernel = kernel_of(capture);
	struct live_totals totals;

	live_counters(kernel->live, out->counters);
	live_totals(kernel->live, &totals);
	memcpy(out->evicted, totals.evicted, sizeof(out->evicted));
	out->alien = totals.alien;
	out->skipped_ticks = totals.skipped_ticks;
	out->backwards = totals.clock_steps;
}

static int kernel_arm(struct run_capture *capture, const struct skua_armed_key *key,
		      uint64_t until_ns)
{
	return live_arm(((struct run_kernel *)capture)->live, key, until_ns);
}

static uint64_t kernel_samples_lost(const struct run_capture *capture)
{
	return live_samples_lost(((const struct run_kernel *)capture)->live);
}

static void kernel_show(struct run_capture *capture, struct status_view *out)
{
	static const char *const names[SKUA_TABLES] = { "flows_out", "flows_in", "attempts",
							"records" };
	static const char *const rings[] = { "events", "samples" };
	struct run_kernel *kernel = kernel_of(capture);
	const struct engine_options *o = &kernel->live_options.engine;
	const uint64_t capacities[SKUA_TABLES] = { o->flows, o->flows, o->pending, o->sources };
	struct live_totals totals;

	live_totals(kernel->live, &totals);
	for (int i = 0; i < SKUA_TABLES; i++)
		view_add_table(out, names[i], totals.present[i], capacities[i]);
	for (int i = 0; i < 2; i++)
		view_add_ring(out, rings[i], live_ring_used(kernel->live, LOADER_EVENTS + i),
			      kernel->options.loader.ring_bytes);
}

static void kernel_close(struct run_capture *capture)
{
	struct run_kernel *kernel = kernel_of(capture);

	if (!kernel)
		return;
	attacher_stop(&kernel->attacher, kernel->keep, NULL, NULL);
	if (kernel->live)
		live_source(kernel->live)->close(live_source(kernel->live));
	free(kernel);
}

/* Reads what it says up to the first word of kind; 0 or -errno and one line in error. */
static int wait_for(struct run_kernel *kernel, enum channel_kind kind, int *fds,
		    char error[RUN_ERROR_SIZE])
{
	struct pollfd wait = { .fd = kernel->attacher.channel, .events = POLLIN };

	snprintf(error, RUN_ERROR_SIZE, "the attacher does not answer: is the machine overloaded?");
	for (;;) {
		struct channel_message message;
		int got = channel_receive(wait.fd, &message, fds);

		errno = 0;
		if (!got && poll(&wait, 1, START_MS) <= 0)
			return errno == EINTR ? -EINTR : -ETIMEDOUT;
		if (got < 0) {
			snprintf(error, RUN_ERROR_SIZE, "the attacher is gone: was it killed?");
			return got;
		}
		if (got && message.kind == CHANNEL_FAILED) {
			snprintf(error, RUN_ERROR_SIZE, "%s", message.text);
			return message.ifindex ? message.ifindex : -EIO;
		}
		if (got && message.kind == CHANNEL_READY) {
			kernel->capture.adopted = kernel->live_options.adopted = message.adopted;
			kernel->capture.memory = message.packets;
		}
		if (got && message.kind == kind)
			return 0;
		if (got)
			take(kernel, &message);
	}
}

static int set_options(struct run_kernel *kernel, const struct run_settings *settings,
		       char error[RUN_ERROR_SIZE])
{
	struct attacher_options *o = &kernel->options;
	int err;

	o->loader.engine = (struct engine_options)ENGINE_OPTIONS_DEFAULT;
	o->loader.engine.config.look_through = !settings->no_tunnels;
	run_profile_engine(settings, &o->loader.engine);
	o->loader.engine.locals = settings->locals.networks;
	o->loader.engine.local_count = settings->locals.count;
	o->loader.ring_bytes = settings->ring_mb << 20;
	o->loader.pin_path = settings->pin ? settings->pin_path : NULL;
	o->hook = settings->hook;
	err = run_wanted(&o->wanted, settings, error);
	/* A tap may show one direction only. */
	for (unsigned i = 0; i < o->wanted.count; i++)
		if (o->wanted.patterns[i].role == SKUA_ROLE_TAP)
			o->loader.engine.config.one_way = 1;
	kernel->live_options.engine = o->loader.engine;
	kernel->keep = settings->pin;
	return err;
}

int run_kernel_open(struct run_capture **out, const struct run_settings *settings,
		    char error[RUN_ERROR_SIZE])
{
	struct run_kernel *kernel = calloc(1, sizeof(*kernel));
	int err;

	snprintf(error, RUN_ERROR_SIZE, "cannot start: out of memory");
	if (!kernel)
		return -ENOMEM;
	kernel->capture = (struct run_capture){ .channel = -1,
						.look = kernel_look,
						.stop = kernel_stop,
						.account = kernel_account,
						.show = kernel_show,
						.arm = kernel_arm,
						.samples_lost = kernel_samples_lost,
						.close = kernel_close };
	err = set_options(kernel, settings, error);
	if (!err) {
		err = attacher_start(&kernel->attacher, &kernel->options);
		kernel->capture.channel = kernel->attacher.channel;
	}
	if (!err)
		err = wait_for(kernel, CHANNEL_READY, kernel->live_options.fds, error);
	if (!err)
		err = live_open(&kernel->live, &kernel->live_options);
	if (!err)
		err = wait_for(kernel, CHANNEL_STARTED, NULL, error);
	if (!err && kernel->capture.links.refused && !kernel->capture.links.count) {
		snprintf(error, RUN_ERROR_SIZE, "no interface is left to watch");
		err = -EBUSY;
	}
	if (err) {
		kernel_close(&kernel->capture);
		return err;
	}
	kernel->capture.source = live_source(kernel->live);
	*out = &kernel->capture;
	return 0;
}
