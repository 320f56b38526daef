// SPDX-License-Identifier: BSD-2-Clause
/* Capture files as a source of events: frames through the native engine on packet time. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/contact.h"
#include "skua/testrun.h"
#include "base/log.h"
#include "capture/file_reader.h"
#include "capture/replay.h"

#define FRAMES_PER_POLL 1024
#define IDLE_TICKS_MAX 90 /* seconds of silence that are ticked one by one */
#define END_TICKS 60      /* seconds the clock goes on behind the last packet */
#define LINKTYPES_NAMED 16

struct replay {
	struct source source;
	struct replay_options options;
	struct file_in *input;
	struct engines engines;
	struct replay_totals totals;
	source_event_fn *deliver;
	void *arg;
	uint64_t tick_s;    /* the last one */
	bool ticked;        /* there was one: captures may begin at second zero */
	uint64_t before_ns; /* time of the frame before */
	uint16_t named[LINKTYPES_NAMED];
	unsigned named_count;
};

static void replay_deliver(void *arg, const struct skua_event *event, const __u8 *bytes,
			   __u64 now_ns)
{
	struct replay *replay = arg;

	replay->deliver(replay->arg, event, bytes, now_ns);
}

static void replay_tick(struct replay *replay, uint64_t second)
{
	engines_tick(&replay->engines, second);
	replay->deliver(replay->arg, NULL, NULL, second * SKUA_SECOND_NS);
	replay->tick_s = second;
	replay->ticked = true;
}

/* Packet time has reached second: everything due up to it is decided first. */
static void replay_advance(struct replay *replay, uint64_t second)
{
	unsigned ticks = 0;

	if (!replay->ticked) {
		replay_tick(replay, second);
		return;
	}
	while (replay->tick_s < second) {
		uint64_t next_s = replay->tick_s + 1;

		if (++ticks > IDLE_TICKS_MAX) {
			next_s = engines_next(&replay->engines);
			if (next_s > second)
				next_s = second;
		}
		replay_tick(replay, next_s);
	}
}

static void name_linktype(struct replay *replay, const struct frame *frame)
{
	for (unsigned i = 0; i < replay->named_count; i++)
		if (replay->named[i] == frame->linktype)
			return;
	if (replay->named_count == LINKTYPES_NAMED)
		return;
	replay->named[replay->named_count++] = frame->linktype;
	log_warning("%s: link type %u is not followed: its packets are counted and skipped",
		    file_in_path(replay->input, frame->file), frame->linktype);
}

static int origin_of(enum frame_direction direction)
{
	return direction == FRAME_OUT ? SKUA_OURS : direction == FRAME_IN ? SKUA_THEIRS : -1;
}

static void replay_count(struct replay *replay, const struct frame *frame)
{
	struct replay_totals *totals = &replay->totals;

	if (!totals->packets || frame->time_ns < totals->first_ns)
		totals->first_ns = frame->time_ns;
	if (frame->time_ns < replay->before_ns)
		totals->backwards++;
	if (frame->time_ns > totals->last_ns)
		totals->last_ns = frame->time_ns;
	replay->before_ns = frame->time_ns;
	totals->packets++;
	totals->bytes += frame->length;
}

static void show_bytes(struct replay *replay, const struct skua_packet *pkt,
		       const struct frame *frame)
{
	const struct replay_bytes bytes = { pkt, frame, replay->totals.packets };

	replay->options.bytes(replay->options.bytes_arg, &bytes);
}

static void replay_frame(struct replay *replay, const struct frame *frame)
{
	int link = file_reader_link(frame->linktype);
	struct engine_frame shown = { .bytes = frame->bytes,
				      .captured = frame->captured,
				      .length = frame->length,
				      .ifindex = frame->interface,
				      .time_ns = frame->time_ns,
				      .link = link,
				      .origin = origin_of(frame->direction) };
	const struct skua_packet *pkt;

	replay_count(replay, frame);
	if (!replay->ticked || frame->time_ns / SKUA_SECOND_NS > replay->tick_s)
		replay_advance(replay, frame->time_ns / SKUA_SECOND_NS);
	/* Both engines see no more than a test run of the kernel programs takes. */
	if (shown.captured > SKUA_TESTRUN_CAPTURED_MAX)
		shown.captured = SKUA_TESTRUN_CAPTURED_MAX;
	if (link < 0) {
		engines_skip(&replay->engines);
		name_linktype(replay, frame);
		return;
	}
	pkt = engines_frame(&replay->engines, &shown);
	if (pkt && replay->options.packet)
		replay->options.packet(replay->options.packet_arg, pkt, frame->time_ns);
	if (pkt && replay->options.bytes)
		show_bytes(replay, pkt, frame);
}

static void replay_finish(struct replay *replay)
{
	uint64_t end_s = replay->tick_s + END_TICKS;

	replay->totals.at_end = true;
	while (replay->ticked && replay->tick_s < end_s)
		replay_tick(replay, replay->tick_s + 1);
	engines_stop(&replay->engines, replay->tick_s * SKUA_SECOND_NS);
	replay->deliver(replay->arg, NULL, NULL, replay->tick_s * SKUA_SECOND_NS);
}

void replay_stop(struct replay *replay, source_event_fn *deliver, void *arg)
{
	replay->deliver = deliver;
	replay->arg = arg;
	if (!replay->totals.at_end)
		replay_finish(replay);
}

static int replay_poll(struct source *source, source_event_fn *deliver, void *arg)
{
	struct replay *replay = (struct replay *)source;

	replay->deliver = deliver;
	replay->arg = arg;
	for (int i = 0; i < FRAMES_PER_POLL; i++) {
		struct frame frame;
		int n = file_in_next(replay->input, &frame);

		if (n < 0)
			return n;
		if (!n) {
			replay_finish(replay);
			return SOURCE_END;
		}
		replay_frame(replay, &frame);
		if (replay->engines.err) {
			log_error("the kernel refused a test run: %s",
				  strerror(-replay->engines.err));
			return replay->engines.err;
		}
	}
	return SOURCE_AGAIN;
}

static void replay_close(struct source *source)
{
	struct replay *replay = (struct replay *)source;

	if (!replay)
		return;
	file_in_close(replay->input);
	engines_close(&replay->engines);
	free(replay);
}

int replay_open(struct replay **out, const struct replay_options *options,
		char error[FILE_IN_ERROR_SIZE])
{
	struct replay *replay = calloc(1, sizeof(*replay));
	int err;

	if (!replay)
		return -ENOMEM;
	replay->source = (struct source){
		.name = "replay", .poll = replay_poll, .close = replay_close, .wait_fd = -1
	};
	replay->options = *options;
	err = file_in_open(&replay->input, &options->input, error);
	if (err)
		goto out;
	err = engines_open(&replay->engines, options->choice, &options->engine, replay_deliver,
			   replay, error);
out:
	if (err)
		replay_close(&replay->source);
	else
		*out = replay;
	return err;
}

struct source *replay_source(struct replay *replay)
{
	return &replay->source;
}

int replay_arm(struct replay *replay, const struct skua_armed_key *key, uint64_t until_ns)
{
	return engines_arm(&replay->engines, key, until_ns);
}

const struct replay_totals *replay_totals(const struct replay *replay)
{
	return &replay->totals;
}

const struct file_in *replay_input(const struct replay *replay)
{
	return replay->input;
}

const struct engines *replay_engines(const struct replay *replay)
{
	return &replay->engines;
}
