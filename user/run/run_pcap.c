// SPDX-License-Identifier: BSD-2-Clause
/* A live run by libpcap and the native engine: one process, no attacher, CAP_NET_RAW. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "capture/pcap_live.h"
#include "capture/wanted.h"
#include "logs/logs.h"
#include "run/run_capture.h"
#include "run/run_profile.h"

struct run_pcap {
	struct run_capture capture; /* first: it is what others see */
	struct wanted wanted;
	struct links *known;
	struct pcap_live *live;
	struct cooked_interface interfaces[PCAP_LIVE_INTERFACES_MAX];
	size_t count;
	bool changed;
};

static struct run_pcap *pcap_of(struct run_capture *capture)
{
	return (struct run_pcap *)capture;
}

/* true: it was watched. */
static bool forget(struct run_pcap *pcap, int ifindex)
{
	for (size_t i = 0; i < pcap->count; i++) {
		if (pcap->interfaces[i].ifindex == (uint32_t)ifindex) {
			pcap->interfaces[i] = pcap->interfaces[--pcap->count];
			return true;
		}
	}
	return false;
}

static void on_link(void *arg, enum link_change change, const struct link *link)
{
	struct run_pcap *pcap = arg;
	struct channel_message message = { .ifindex = link->ifindex };
	enum skua_role role = wanted_role(&pcap->wanted, link);
	bool was_watched = forget(pcap, link->ifindex);

	pcap->changed = true;
	memcpy(message.name, link->name, sizeof(message.name));
	message.role = role;
	message.kind = CHANNEL_GONE;
	if (change != LINK_GONE && role && pcap->count < PCAP_LIVE_INTERFACES_MAX) {
		pcap->interfaces[pcap->count++] =
			(struct cooked_interface){ .ifindex = link->ifindex, .role = role };
		message.kind = CHANNEL_WATCHED;
	}
	/* Nobody has heard of one that was not watched, and is not now. */
	if (was_watched || message.kind == CHANNEL_WATCHED)
		run_links_take(&pcap->capture.links, &message, NULL);
}

/* libpcap does not count by interface. */
static void count(struct run_pcap *pcap)
{
	const struct pcap_live_totals *totals = pcap_live_totals(pcap->live);

	pcap->capture.links.gone_packets = totals->packets;
	pcap->capture.links.gone_bytes = totals->bytes;
}

static int pcap_look(struct run_capture *capture, bool second)
{
	struct run_pcap *pcap = pcap_of(capture);

	/* What fails now is told by the next poll. */
	links_poll(pcap->known, on_link, pcap);
	if (pcap->changed && pcap_live_watch(pcap->live, pcap->interfaces, pcap->count))
		log_warning("interfaces changed, but cannot be followed");
	pcap->changed = false;
	if (second)
		count(pcap);
	return 0;
}

static int pcap_end(struct run_capture *capture, source_event_fn *deliver, void *arg)
{
	struct run_pcap *pcap = pcap_of(capture);

	pcap_live_stop(pcap->live, deliver, arg);
	count(pcap);
	capture->detached = true;
	return 0;
}

static void pcap_account(struct run_capture *capture, struct accounting *out)
{
	struct run_pcap *pcap = pcap_of(capture);
	const struct pcap_live_totals *totals = pcap_live_totals(pcap->live);
	const struct engines *engines = pcap_live_engines(pcap->live);

	engines_counters(engines, out->counters);
	for (int i = 0; i < SKUA_TABLES; i++)
		out->evicted[i] = engines_evictions(engines, i);
	out->dropped = totals->losses.dropped + totals->losses.interface_dropped;
	out->backwards = totals->backwards;
}

static int pcap_arm(struct run_capture *capture, const struct skua_armed_key *key,
		    uint64_t until_ns)
{
	return pcap_live_arm(((struct run_pcap *)capture)->live, key, until_ns);
}

static uint64_t pcap_samples_lost(const struct run_capture *capture)
{
	return engines_samples_lost(pcap_live_engines(((const struct run_pcap *)capture)->live));
}

static void pcap_show(struct run_capture *capture, struct status_view *out)
{
	static const char *const names[SKUA_TABLES] = { "flows_out", "flows_in", "attempts",
							"records" };
	const struct engines *engines = pcap_live_engines(pcap_of(capture)->live);

	for (int i = 0; i < SKUA_TABLES; i++) {
		const struct table *table = engine_table(engines->native, i);

		view_add_table(out, names[i], table->used, table->options.capacity);
	}
}

static void pcap_end_of_all(struct run_capture *capture)
{
	struct run_pcap *pcap = pcap_of(capture);

	if (!pcap)
		return;
	if (pcap->live)
		pcap_live_source(pcap->live)->close(pcap_live_source(pcap->live));
	links_close(pcap->known);
	free(pcap);
}

static int find_links(struct run_pcap *pcap, char error[RUN_ERROR_SIZE])
{
	char why[WANTED_ERROR_SIZE];
	const struct link *links;
	uint32_t link_count;
	int err = links_open(&pcap->known);

	if (!err)
		err = links_poll(pcap->known, on_link, pcap);
	if (err) {
		snprintf(error, RUN_ERROR_SIZE, "cannot ask the kernel for its interfaces: %s",
			 strerror(-err));
		return err;
	}
	links = links_known(pcap->known, &link_count);
	err = wanted_check(&pcap->wanted, links, link_count, why);
	if (err)
		snprintf(error, RUN_ERROR_SIZE, "%s", why);
	return err;
}

static void on_packet(void *arg, const struct pcap_live_bytes *bytes)
{
	const struct run_pcap *pcap = arg;
	struct skua_packet pkt = *bytes->pkt;
	const struct logs_packet packet = { .pkt = &pkt,
					    .bytes = bytes->bytes,
					    .captured = bytes->captured,
					    .time_ns = bytes->time_ns };

	pkt.length = bytes->length;
	if (pcap->capture.logs)
		logs_packet(pcap->capture.logs, &packet);
}

static int open_live(struct run_pcap *pcap, const struct run_settings *settings,
		     char error[RUN_ERROR_SIZE])
{
	struct pcap_live_options options = { .interfaces = pcap->interfaces,
					     .interface_count = pcap->count,
					     .filter = settings->filter,
					     .engine = ENGINE_OPTIONS_DEFAULT,
					     .buffer_bytes = settings->ring_mb << 20 };
	char why[PCAP_DEVICE_ERROR];
	int err;

	if (!pcap->count) {
		snprintf(error, RUN_ERROR_SIZE,
			 "no interface that is wanted is there yet: libpcap needs one to begin");
		return -ENODEV;
	}
	options.engine.config.look_through = !settings->no_tunnels;
	run_profile_engine(settings, &options.engine);
	options.engine.locals = settings->locals.networks;
	options.engine.local_count = settings->locals.count;
	if (settings->records.kinds) {
		options.whole = true;
		options.shown = on_packet;
		options.shown_arg = pcap;
	}
	err = pcap_live_open(&pcap->live, &options, why);
	if (err)
		snprintf(error, RUN_ERROR_SIZE, "%s", why);
	pcap->changed = false;
	return err;
}

int run_pcap_open(struct run_capture **out, const struct run_settings *settings,
		  char error[RUN_ERROR_SIZE])
{
	struct run_pcap *pcap = calloc(1, sizeof(*pcap));
	int err;

	snprintf(error, RUN_ERROR_SIZE, "cannot start: out of memory");
	if (!pcap)
		return -ENOMEM;
	pcap->capture = (struct run_capture){ .whole = true,
					      .look = pcap_look,
					      .stop = pcap_end,
					      .account = pcap_account,
					      .show = pcap_show,
					      .arm = pcap_arm,
					      .samples_lost = pcap_samples_lost,
					      .close = pcap_end_of_all };
	err = run_wanted(&pcap->wanted, settings, error);
	if (!err)
		err = find_links(pcap, error);
	if (!err)
		err = open_live(pcap, settings, error);
	if (err) {
		pcap_end_of_all(&pcap->capture);
		return err;
	}
	pcap->capture.channel = links_fd(pcap->known);
	pcap->capture.source = pcap_live_source(pcap->live);
	*out = &pcap->capture;
	return 0;
}
