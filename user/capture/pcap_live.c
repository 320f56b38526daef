// SPDX-License-Identifier: BSD-2-Clause
/* Live packets through libpcap and the native engine. */
#include <errno.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include "skua/testrun.h"
#include "base/log.h"
#include "capture/pcap_live.h"

#define PACKETS_PER_POLL 512
#define IDLE_TICKS_MAX 90 /* seconds the clock may jump and still be ticked one by one */
#define END_TICKS 60      /* seconds the clock goes on behind the stop */
#define LAG_NS (PCAP_LIVE_LAG_MS * SKUA_MS_NS)
#define DRAIN_TURNS_MAX 4096

/* The same bytes of each packet as replay judges, behind a longer header than Ethernet's. */
#define SNAPLEN_WHOLE 262144
#define SNAPLEN (SKUA_TESTRUN_CAPTURED_MAX + COOKED_HEADER - 14)

struct pcap_live {
	struct source source;
	struct pcap_device device;
	struct engines engines;
	struct pcap_live_totals totals;
	source_event_fn *deliver;
	void *arg;
	bool filtered; /* by the user's expression */
	uint32_t snaplen;
	pcap_live_bytes_fn *shown;
	void *shown_arg;
	uint64_t tick_s;
	bool ticked;
	uint64_t now_ns;  /* wall clock at the last poll */
	uint64_t stop_ns; /* packets behind it are not ours; 0: no stop */
	bool past_stop;   /* one of those was read */
	size_t count;
	struct cooked_interface interfaces[PCAP_LIVE_INTERFACES_MAX];
};

static uint64_t wall_clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * SKUA_SECOND_NS + (uint64_t)now.tv_nsec;
}

static void live_deliver(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct pcap_live *live = arg;

	live->deliver(live->arg, event, bytes, now_ns);
}

static void live_tick(struct pcap_live *live, uint64_t second)
{
	engines_tick(&live->engines, second);
	live->deliver(live->arg, NULL, NULL, second * SKUA_SECOND_NS);
	live->tick_s = second;
	live->ticked = true;
}

/* Everything before second has been seen. */
static void live_advance(struct pcap_live *live, uint64_t second)
{
	unsigned ticks = 0;

	if (!live->ticked)
		live_tick(live, second);
	while (live->tick_s < second) {
		uint64_t next_s = live->tick_s + 1;

		if (++ticks > IDLE_TICKS_MAX) { /* the machine slept, or its clock was set */
			next_s = engines_next(&live->engines);
			if (next_s > second)
				next_s = second;
		}
		live_tick(live, next_s);
	}
}

static void live_count(struct pcap_live *live, uint64_t time_ns, uint32_t length)
{
	struct pcap_live_totals *totals = &live->totals;

	if (!totals->packets || time_ns < totals->first_ns)
		totals->first_ns = time_ns;
	if (time_ns > totals->last_ns)
		totals->last_ns = time_ns;
	totals->late += time_ns < live->tick_s * SKUA_SECOND_NS;
	totals->packets++;
	totals->bytes += length;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	uint64_t time_ns = (uint64_t)header->ts.tv_sec * SKUA_SECOND_NS +
			   (uint64_t)header->ts.tv_usec; /* nanoseconds, as we asked for them */
	struct pcap_live *live = (struct pcap_live *)user;
	const struct cooked_interface *interface = NULL;
	const struct skua_packet *pkt;
	struct cooked cooked;
	struct engine_frame shown = { .bytes = bytes,
				      .captured = header->caplen,
				      .length = header->len,
				      .time_ns = time_ns,
				      .link = SKUA_LINK_SLL2 };

	if (live->stop_ns && time_ns > live->stop_ns) {
		live->past_stop = true;
		return;
	}
	if (cooked_read(&cooked, bytes, header->caplen, header->len))
		interface = cooked_find(live->interfaces, live->count, cooked.ifindex);
	if (!interface) {
		live->totals.unwanted++;
		return;
	}
	if (time_ns >= (live->tick_s + 1) * SKUA_SECOND_NS + LAG_NS) /* we are behind */
		live_advance(live, (time_ns - LAG_NS) / SKUA_SECOND_NS);
	live_count(live, time_ns, cooked.length);
	if (!cooked.followed) {
		engines_skip(&live->engines);
		return;
	}
	shown.ifindex = cooked.ifindex;
	shown.origin = cooked_origin(&cooked, interface->role);
	if (shown.captured > SNAPLEN)
		shown.captured = SNAPLEN;
	pkt = engines_frame(&live->engines, &shown);
	if (pkt && live->shown)
		live->shown(live->shown_arg, &(struct pcap_live_bytes){ pkt, bytes, header->caplen,
									cooked.length, time_ns });
}

/* A packet and tick clock that would go back stands still instead, so silence is decided late. */
static void live_read_clock(struct pcap_live *live)
{
	uint64_t now_ns = wall_clock_ns();

	if (now_ns + SKUA_SECOND_NS < live->now_ns) {
		live->totals.backwards++;
		log_warning("the clock was set back by %llu s: what silence decides, such as "
			    "unanswered attempts, waits until it has caught up",
			    (unsigned long long)((live->now_ns - now_ns) / SKUA_SECOND_NS));
	}
	live->now_ns = now_ns;
}

static int live_poll(struct source *source, source_event_fn *deliver, void *arg)
{
	struct pcap_live *live = (struct pcap_live *)source;
	uint64_t before_s = live->now_ns / SKUA_SECOND_NS;
	int n;

	live->deliver = deliver;
	live->arg = arg;
	live_read_clock(live);
	if (!live->ticked)
		live_tick(live, (live->now_ns - LAG_NS) / SKUA_SECOND_NS);
	if (live->now_ns / SKUA_SECOND_NS != before_s) {
		pcap_device_count(&live->device);
		live->totals.losses = live->device.losses;
	}
	n = pcap_dispatch(live->device.pcap, PACKETS_PER_POLL, on_packet, (u_char *)live);
	if (n < 0) {
		log_error("cannot capture any longer: %s", pcap_geterr(live->device.pcap));
		return pcap_device_errno(n);
	}
	if (n < PACKETS_PER_POLL) /* the ring is empty */
		live_advance(live, (live->now_ns - LAG_NS) / SKUA_SECOND_NS);
	return SOURCE_AGAIN;
}

/*
 * What arrived before the stop and still waits in the kernel.  It hands over what is not yet full
 * after a while, which is waited for; what it has handed over is read, however late we come.
 */
static void live_drain(struct pcap_live *live)
{
	struct pollfd ready = { .fd = live->source.wait_fd, .events = POLLIN };
	uint64_t end_ns = live->stop_ns + 3 * PCAP_DEVICE_WAIT_MS * SKUA_MS_NS;
	int n = 1;

	/* A clock that is set meanwhile must not hold us: so many turns are enough in any case. */
	for (int i = 0;
	     i < DRAIN_TURNS_MAX && n >= 0 && ((n && !live->past_stop) || wall_clock_ns() < end_ns);
	     i++) {
		n = pcap_dispatch(live->device.pcap, PACKETS_PER_POLL, on_packet, (u_char *)live);
		if (!n)
			poll(&ready, 1, PCAP_DEVICE_WAIT_MS / 2);
	}
}

void pcap_live_stop(struct pcap_live *live, source_event_fn *deliver, void *arg)
{
	uint64_t end_s;

	if (live->totals.at_end)
		return;
	live->deliver = deliver;
	live->arg = arg;
	live->stop_ns = wall_clock_ns();
	live_drain(live);
	pcap_device_count(&live->device);
	live->totals.losses = live->device.losses;
	live_advance(live, live->stop_ns / SKUA_SECOND_NS);
	live->totals.at_end = true;
	end_s = live->tick_s + END_TICKS;
	while (live->tick_s < end_s)
		live_tick(live, live->tick_s + 1);
	engines_stop(&live->engines, live->tick_s * SKUA_SECOND_NS);
	deliver(arg, NULL, NULL, live->tick_s * SKUA_SECOND_NS);
}

/* Mirror ports must hear what is sent to others.  The socket counts how often it was asked. */
static void make_promiscuous(struct pcap_live *live, const struct cooked_interface *interfaces,
			     size_t count, bool on)
{
	for (size_t i = 0; i < count; i++) {
		const struct packet_mreq wanted = { .mr_ifindex = (int)interfaces[i].ifindex,
						    .mr_type = PACKET_MR_PROMISC };

		if (interfaces[i].role != SKUA_ROLE_TAP)
			continue;
		if (setsockopt(pcap_fileno(live->device.pcap), SOL_PACKET,
			       on ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP, &wanted,
			       sizeof(wanted)) &&
		    on)
			log_warning("interface %u: cannot be made promiscuous: %s; of a mirror "
				    "only what is sent to this host will be seen",
				    interfaces[i].ifindex, strerror(errno));
	}
}

/* Those with a role, in order. */
static void take_interfaces(struct pcap_live *live, const struct cooked_interface *interfaces,
			    size_t count)
{
	live->count = 0;
	for (size_t i = 0; i < count; i++)
		if (interfaces[i].role != SKUA_ROLE_NONE)
			live->interfaces[live->count++] = interfaces[i];
	cooked_sort(live->interfaces, live->count);
}

/*
 * The kernel copies only what is wanted.  It takes a new filter without a gap,
 * where libpcap lets nothing through for a moment; so the user's own filter,
 * which only libpcap can translate, is never touched again, and with it user
 * space alone looks at interfaces.
 */
static void tell_kernel(struct pcap_live *live)
{
	struct sock_filter code[COOKED_PROGRAM];
	const struct sock_fprog program = {
		cooked_program(code, live->interfaces, live->count, live->snaplen), code
	};

	if (!live->filtered && setsockopt(pcap_fileno(live->device.pcap), SOL_SOCKET,
					  SO_ATTACH_FILTER, &program, sizeof(program)))
		log_debug("packets of all interfaces are copied, then chosen from: %s",
			  strerror(errno));
}

int pcap_live_watch(struct pcap_live *live, const struct cooked_interface *interfaces, size_t count)
{
	struct cooked_interface before[PCAP_LIVE_INTERFACES_MAX];
	size_t count_before = live->count;

	if (count > PCAP_LIVE_INTERFACES_MAX)
		return -E2BIG;
	memcpy(before, live->interfaces, sizeof(before));
	take_interfaces(live, interfaces, count);
	/* In this order, so that a tap that stays is promiscuous all the time. */
	make_promiscuous(live, live->interfaces, live->count, true);
	make_promiscuous(live, before, count_before, false);
	tell_kernel(live);
	return 0;
}

static void live_close(struct source *source)
{
	struct pcap_live *live = (struct pcap_live *)source;

	if (!live)
		return;
	pcap_device_fini(&live->device);
	engines_close(&live->engines);
	free(live);
}

static int open_engine(struct pcap_live *live, const struct pcap_live_options *options,
		       char error[PCAP_DEVICE_ERROR])
{
	struct engine_options engine = options->engine;
	char reason[1024] = "";
	int err;

	for (size_t i = 0; i < options->interface_count; i++)
		engine.config.one_way |= options->interfaces[i].role == SKUA_ROLE_TAP;
	err = engines_open(&live->engines, ENGINE_NATIVE, &engine, live_deliver, live, reason);
	if (err)
		snprintf(error, PCAP_DEVICE_ERROR, "%.*s", PCAP_DEVICE_ERROR - 1, reason);
	return err;
}

static int open_device(struct pcap_live *live, const struct pcap_live_options *options,
		       char error[PCAP_DEVICE_ERROR])
{
	const struct pcap_device_options device = { .name = PCAP_DEVICE_ANY,
						    .snaplen = live->snaplen,
						    .buffer_bytes = options->buffer_bytes,
						    .nanoseconds = true };
	int err = pcap_device_init(&live->device, &device, error);

	if (err)
		return err;
	live->source.wait_fd = pcap_get_selectable_fd(live->device.pcap);
	if (options->filter) {
		err = pcap_device_filter(&live->device, options->filter, error);
		if (err)
			return err;
		live->filtered = true;
	}
	err = pcap_live_watch(live, options->interfaces, options->interface_count);
	if (err)
		snprintf(error, PCAP_DEVICE_ERROR, "more than %d interfaces: name fewer with -i",
			 PCAP_LIVE_INTERFACES_MAX);
	return err;
}

int pcap_live_open(struct pcap_live **out, const struct pcap_live_options *options,
		   char error[PCAP_DEVICE_ERROR])
{
	struct pcap_live *live = calloc(1, sizeof(*live));
	int err;

	snprintf(error, PCAP_DEVICE_ERROR, "cannot capture: out of memory");
	if (!live)
		return -ENOMEM;
	live->source = (struct source){ .name = "pcap", .poll = live_poll, .close = live_close };
	live->snaplen = options->whole ? SNAPLEN_WHOLE : SNAPLEN;
	live->shown = options->shown;
	live->shown_arg = options->shown_arg;
	err = open_device(live, options, error);
	if (!err)
		err = open_engine(live, options, error);
	if (err)
		live_close(&live->source);
	else
		*out = live;
	return err;
}

struct source *pcap_live_source(struct pcap_live *live)
{
	return &live->source;
}

int pcap_live_arm(struct pcap_live *live, const struct skua_armed_key *key, uint64_t until_ns)
{
	return engines_arm(&live->engines, key, until_ns);
}

const struct pcap_live_totals *pcap_live_totals(const struct pcap_live *live)
{
	return &live->totals;
}

const struct engines *pcap_live_engines(const struct pcap_live *live)
{
	return &live->engines;
}
