// SPDX-License-Identifier: BSD-2-Clause
/*
 * user/capture/pcap_live.h behind a pipeline: source_driver [OPTION]... NAME=ROLE...
 * -f FILTER  -b BYTES of the ring  -t: look each 3 ms, also when there is nothing  -l: stop without
 * a last look, and then lose the processor for 300 ms as soon as the clock was read.
 * Findings as JSON on standard output; until SIGTERM, then what was counted, one word and numbers
 * a line, on standard error.  SIGUSR1: from now on only the first interface; SIGUSR2: how many
 * packets were read so far.  Both are answered when they are done.
 */
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "capture/pcap_live.h"
#include "pipeline/pipeline.h"

#define INTERFACES_MAX 4
#define OUTCOMES 16
#define MARK "skua-mark"

#define LATE_US 300000

static volatile sig_atomic_t stopped, fewer, asked;
static bool late; /* the next reading of the wall clock is told late */

struct seen {
	struct pipeline *pipeline;
	struct pcap_live *live;
	unsigned long contacts[2][OUTCOMES]; /* [ours] */
	unsigned long flows[8];              /* by reason */
	unsigned long ticks, ended, unsteady, marks, marks_ours;
	uint64_t tick_ns;
};

int clock_gettime(clockid_t clock, struct timespec *out)
{
	int err = (int)syscall(SYS_clock_gettime, clock, out);

	if (late && clock == CLOCK_REALTIME) {
		late = false;
		usleep(LATE_US);
	}
	return err;
}

static void on_signal(int signal)
{
	if (signal == SIGUSR1)
		fewer = 1;
	else if (signal == SIGUSR2)
		asked = 1;
	else
		stopped = 1;
}

static void on_tick(struct seen *seen, uint64_t now_ns)
{
	bool at_end = pcap_live_totals(seen->live)->at_end;

	if (at_end)
		pipeline_ending(seen->pipeline);
	pipeline_tick(seen->pipeline, now_ns);
	seen->unsteady += seen->tick_ns && !at_end && now_ns != seen->tick_ns + SKUA_SECOND_NS;
	seen->tick_ns = now_ns;
	seen->ticks++;
	seen->ended += at_end;
}

static void on_sample(struct seen *seen, const struct skua_sample_event *sample,
		      const uint8_t *bytes)
{
	if (sample->offset + strlen(MARK) > sample->captured ||
	    memcmp(bytes + sample->offset, MARK, strlen(MARK)))
		return;
	seen->marks += sample->link == SKUA_LINK_SLL2 && sample->payload >= strlen(MARK);
	seen->marks_ours += sample->ours;
}

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	const struct skua_contact_event *contact = (const void *)event;
	struct seen *seen = arg;

	if (!event) {
		on_tick(seen, now_ns);
		return;
	}
	if (event->kind == SKUA_EVENT_CONTACT)
		seen->contacts[contact->ours & 1][contact->outcome % OUTCOMES]++;
	if (event->kind == SKUA_EVENT_FLOW)
		seen->flows[((const struct skua_flow_event *)event)->reason % 8]++;
	if (event->kind == SKUA_EVENT_SAMPLE)
		on_sample(seen, (const void *)event, bytes);
	pipeline_event(seen->pipeline, event, bytes);
}

static bool read_interface(struct cooked_interface *to, char *text)
{
	static const char *const roles[SKUA_ROLES] = { "none", "uplink", "workload", "tap" };
	char *role = strchr(text, '=');

	if (!role)
		return false;
	*role++ = '\0';
	to->ifindex = if_nametoindex(text);
	for (int i = SKUA_ROLE_UPLINK; i < SKUA_ROLES; i++)
		if (!strcmp(roles[i], role))
			to->role = i;
	return to->ifindex && to->role;
}

static void report(const struct seen *seen)
{
	const struct pcap_live_totals *totals = pcap_live_totals(seen->live);
	uint64_t counters[SKUA_COUNTERS], sum = 0;

	engines_counters(pcap_live_engines(seen->live), counters);
	for (int row = 0; row <= SKUA_COUNT_LOST_TABLE; row++)
		sum += counters[row];
	fprintf(stderr, "packets %llu\nbytes %llu\nsum %llu\ndropped %llu\nunwanted %llu\n",
		(unsigned long long)totals->packets, (unsigned long long)totals->bytes,
		(unsigned long long)sum, (unsigned long long)totals->losses.dropped,
		(unsigned long long)totals->unwanted);
	fprintf(stderr, "late %llu\nbackwards %llu\nspan_ms %llu\n",
		(unsigned long long)totals->late, (unsigned long long)totals->backwards,
		(unsigned long long)((totals->last_ns - totals->first_ns) / SKUA_MS_NS));
	fprintf(stderr, "ticks %lu\nended %lu\nunsteady %lu\nmarks %lu\nmarks_ours %lu\n",
		seen->ticks, seen->ended, seen->unsteady, seen->marks, seen->marks_ours);
	fprintf(stderr, "refused_theirs %lu\nrefused_ours %lu\nunanswered_ours %lu\n",
		seen->contacts[0][SKUA_REFUSED], seen->contacts[1][SKUA_REFUSED],
		seen->contacts[1][SKUA_UNANSWERED]);
	fprintf(stderr, "flows_end %lu\nflows_stop %lu\n", seen->flows[SKUA_FLOW_END],
		seen->flows[SKUA_FLOW_STOP]);
}

static void obey(struct seen *seen, const struct cooked_interface *first)
{
	if (fewer) {
		fewer = 0;
		pcap_live_watch(seen->live, first, 1);
		fprintf(stderr, "fewer 1\n");
	}
	if (asked) {
		asked = 0;
		fprintf(stderr, "so_far %llu\n",
			(unsigned long long)pcap_live_totals(seen->live)->packets);
	}
}

static int run(struct seen *seen, const struct cooked_interface *first, bool restless, bool slow)
{
	struct source *source = pcap_live_source(seen->live);
	struct pollfd ready = { .fd = source->wait_fd, .events = POLLIN };
	int state = SOURCE_AGAIN;

	fprintf(stderr, "listening\n");
	while (state == SOURCE_AGAIN && !stopped) {
		if (restless)
			usleep(3000);
		else
			poll(&ready, 1, 100);
		obey(seen, first);
		if (!slow || !stopped)
			state = source->poll(source, on_event, seen);
	}
	late = slow;
	pcap_live_stop(seen->live, on_event, seen);
	pipeline_finish(seen->pipeline);
	report(seen);
	return state < 0;
}

int main(int argc, char **argv)
{
	struct cooked_interface interfaces[INTERFACES_MAX] = {};
	struct pcap_live_options options = { .interfaces = interfaces,
					     .engine = ENGINE_OPTIONS_DEFAULT };
	struct pipeline_options pipeline = PIPELINE_OPTIONS_DEFAULT;
	const struct sink_envelope envelope = { .mode = "live" };
	char error[PCAP_DEVICE_ERROR];
	struct seen seen = {};
	bool restless = false, slow = false;
	int letter, status;

	signal(SIGTERM, on_signal);
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	while ((letter = getopt(argc, argv, "f:b:tl")) >= 0) {
		if (letter == 'f')
			options.filter = optarg;
		else if (letter == 'b')
			options.buffer_bytes = (uint32_t)strtoul(optarg, NULL, 10);
		else if (letter == 't')
			restless = true;
		else if (letter == 'l')
			slow = true;
		else
			return 2;
	}
	for (; optind < argc && options.interface_count < INTERFACES_MAX; optind++)
		if (!read_interface(&interfaces[options.interface_count++], argv[optind]))
			return 2;
	if (pcap_live_open(&seen.live, &options, error)) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	if (sink_json_open(&pipeline.sinks[0], stdout, &envelope) ||
	    pipeline_open(&seen.pipeline, &pipeline))
		return 1;
	status = run(&seen, interfaces, restless, slow);
	pipeline_close(seen.pipeline);
	pipeline.sinks[0]->close(pipeline.sinks[0]);
	pcap_live_source(seen.live)->close(pcap_live_source(seen.live));
	return status;
}
