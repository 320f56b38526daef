/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures made frame by frame and replayed, with what the replay said written down. */
#ifndef TESTS_REPLAY_PLAYER_H
#define TESTS_REPLAY_PLAYER_H

#include <time.h>
#include "capture_bytes.h"
#include "capture/replay.h"
#define frame parsed_frame /* the readers have a struct of that name */
#include "../parity/frames.h"
#undef frame
#include "tap.h"

#define BASE 1700000000u
#define TICKS_MAX 4096
#define EVENTS_MAX 256
#define YEAR_S (365u * 86400)

#define UDP_OURS IP4("0020", "11") UDP("000c") BYTES4
#define SYN_OURS ETH "0800 4500 0028 0000 0000 4006 0000 0a000001 cb007109" TCP_SYN
#define SYN_WORLD ETH "0800 4500 0028 0000 0000 4006 0000 cb007109 0a000001" TCP_SYN

struct event {
	uint64_t time_ns;
	unsigned kind, ticks; /* ticks before it */
	bool ours;
};

/* What a capture was replayed as. */
struct played {
	struct replay *replay;
	uint64_t ticks[TICKS_MAX]; /* seconds */
	unsigned tick_count, ended_count, event_count, packet_count;
	struct event events[EVENTS_MAX];
	struct replay_totals totals;
	uint64_t counters[SKUA_COUNTERS];
	uint64_t packet_ns;   /* of the last one shown */
	unsigned packet_port; /* its destination's */
	uint32_t captured;    /* of the last sample */
	unsigned samples, armed_samples;
	int status;
	double elapsed_s;
	char said[1024];
};

static struct bytes made;
static struct played played;

/* What the first event arms, and for how long; 0: nothing. */
static struct skua_armed_key arm_key;
static uint64_t arm_ns;

static inline void on_event(void *arg, const struct skua_event *event, const __u8 *bytes,
			    __u64 now_ns)
{
	struct played *p = arg;
	struct event *to = &p->events[p->event_count % EVENTS_MAX];

	(void)bytes;
	if (!event) {
		p->ended_count += replay_totals(p->replay)->at_end;
		p->ticks[p->tick_count++ % TICKS_MAX] = now_ns / SKUA_SECOND_NS;
		return;
	}
	if (event->kind == SKUA_EVENT_SAMPLE) {
		p->captured = ((const struct skua_sample_event *)event)->captured;
		p->armed_samples += (((const struct skua_sample_event *)event)->flags &
				     SKUA_SAMPLE_WHY) == SKUA_SAMPLE_ARMED;
		p->samples++;
		return;
	}
	if (arm_ns && !p->event_count)
		replay_arm(p->replay, &arm_key, event->time_ns + arm_ns);
	*to = (struct event){ event->time_ns, event->kind, p->tick_count, false };
	if (event->kind == SKUA_EVENT_EXCHANGE)
		to->ours = ((const struct skua_exchange_event *)event)->ours;
	p->event_count++;
}

static inline void on_packet(void *arg, const struct skua_packet *pkt, uint64_t time_ns)
{
	struct played *p = arg;

	p->packet_count++;
	p->packet_ns = time_ns;
	p->packet_port = pkt->dport;
}

static inline void play_options(const struct replay_options *options)
{
	char error[FILE_IN_ERROR_SIZE];
	struct timespec begun, ended;
	struct source *source;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	if (replay_open(&played.replay, options, error))
		abort();
	source = replay_source(played.replay);
	do
		played.status = source->poll(source, on_event, &played);
	while (played.status == SOURCE_AGAIN);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	played.elapsed_s = (double)(ended.tv_sec - begun.tv_sec) +
			   (double)(ended.tv_nsec - begun.tv_nsec) / 1e9;
	played.totals = *replay_totals(played.replay);
	engines_counters(replay_engines(played.replay), played.counters);
	source->close(source);
}

/* Replays what was made, with standard error caught. */
static inline void play(void)
{
	char *path = write_file(made.at, made.size);
	struct replay_options options = { .input = { (const char *const *)&path, 1, NULL },
					  .engine = ENGINE_OPTIONS_DEFAULT,
					  .packet = on_packet,
					  .packet_arg = &played };
	int old = dup(STDERR_FILENO), caught = memfd_create("stderr", 0);
	ssize_t got;

	memset(&played, 0, sizeof(played));
	options.engine.flows = options.engine.pending = options.engine.sources = 256;
	options.engine.config.sample_snaplen = 9000;
	fflush(stderr);
	dup2(caught, STDERR_FILENO);
	play_options(&options);
	fflush(stderr);
	dup2(old, STDERR_FILENO);
	got = pread(caught, played.said, sizeof(played.said) - 1, 0);
	played.said[got > 0 ? got : 0] = '\0';
	close(old);
	close(caught);
	unlink(path);
	free(path);
}

static inline void begin(uint32_t network)
{
	made.size = 0;
	put_pcap_header(&made, PCAP_NANO, network);
}

static inline void put_frame(uint32_t seconds, uint32_t nanoseconds, const char *hex)
{
	uint8_t bytes[FRAME_BUFFER];
	unsigned size = frame_bytes(bytes, hex);

	put_number(&made, seconds, 4);
	put_number(&made, nanoseconds, 4);
	put_number(&made, size, 4);
	put_number(&made, size, 4);
	put(&made, bytes, size);
}

#endif /* TESTS_REPLAY_PLAYER_H */
