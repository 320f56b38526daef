/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capture files as a source of events: frames through either engine, with
 * packet time as the only clock.  Before each frame the whole seconds that
 * have passed are told as ticks; in long silences, when ninety of them passed,
 * the clock jumps to the next second at which something is due.
 */
#ifndef SKUA_CAPTURE_REPLAY_H
#define SKUA_CAPTURE_REPLAY_H

#include "capture/engines.h"
#include "capture/file_in.h"
#include "capture/source.h"

/* Shown each frame that was parsed, after its events; for analysts who count packets. */
typedef void replay_packet_fn(void *arg, const struct skua_packet *pkt, uint64_t time_ns);

/* The same with its bytes, all that were captured; for those who read conversations. */
struct replay_bytes {
	const struct skua_packet *pkt;
	const struct frame *frame;
	uint64_t number; /* in the whole input, from 1 */
};
typedef void replay_bytes_fn(void *arg, const struct replay_bytes *bytes);

struct replay_options {
	struct file_in_options input;
	struct engine_options engine;
	enum engine_choice choice;
	replay_packet_fn *packet; /* may be NULL */
	void *packet_arg;
	replay_bytes_fn *bytes; /* may be NULL */
	void *bytes_arg;
};

struct replay_totals {
	uint64_t packets, bytes;    /* on the wire */
	uint64_t first_ns, last_ns; /* earliest and latest */
	uint64_t backwards;         /* steps of the clock */
	bool at_end;                /* every frame was read; what comes now is decided by silence */
};

struct replay;

/* On failure -errno and one line in error. */
int replay_open(struct replay **out, const struct replay_options *options,
		char error[FILE_IN_ERROR_SIZE]);
/* The source, borrowed; its close() frees the replay. */
struct source *replay_source(struct replay *replay);
/* Nobody wants the rest of the input: say now what its end would have decided.  Once, and only
 * between two polls. */
void replay_stop(struct replay *replay, source_event_fn *deliver, void *arg);
/* From the next frame on every packet of these is sampled until then, in packet time; 0: no longer.
 * 0 or -errno.  May be called while an event is delivered. */
int replay_arm(struct replay *replay, const struct skua_armed_key *key, uint64_t until_ns);
const struct replay_totals *replay_totals(const struct replay *replay);
const struct file_in *replay_input(const struct replay *replay);
const struct engines *replay_engines(const struct replay *replay);

#endif /* SKUA_CAPTURE_REPLAY_H */
