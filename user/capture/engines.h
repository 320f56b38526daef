/* SPDX-License-Identifier: BSD-2-Clause */
/* Either engine behind one face: replay does not care which of them looks at its frames. */
#ifndef SKUA_CAPTURE_ENGINES_H
#define SKUA_CAPTURE_ENGINES_H

#include "capture/engine.h"
#include "capture/testrun.h"

enum engine_choice {
	ENGINE_NATIVE,    /* user space */
	ENGINE_KERNEL,    /* the kernel programs: XDP, and tc for what our side sends */
	ENGINE_KERNEL_TC, /* the kernel programs: every frame through tc */
};
#define ENGINE_CHOICES "native kernel kernel-tc"

/* One of the two is NULL. */
struct engines {
	struct engine *native;
	struct testrun *kernel;
	struct skua_sighting *seen; /* kernel: a second look at the frame, for its addresses */
	struct engine_options options;
	struct skua_locals locals; /* kernel: who sent a frame */
	uint64_t skipped;
	int err; /* first error of the kernel engine, which ends the run */
};

int engines_open(struct engines *engines, enum engine_choice choice,
		 const struct engine_options *options, source_event_fn *deliver, void *arg,
		 char error[LOADER_ERROR_SIZE]);
void engines_close(struct engines *engines);
/* As engine_frame() and so on. */
const struct skua_packet *engines_frame(struct engines *engines, const struct engine_frame *frame);
void engines_skip(struct engines *engines);
void engines_tick(struct engines *engines, uint64_t now_s);
uint64_t engines_next(struct engines *engines);
void engines_stop(struct engines *engines, uint64_t now_ns);
void engines_counters(const struct engines *engines, uint64_t out[SKUA_COUNTERS]);
/* Samples that will be missing so far: lost, or refused; cheap enough to ask at each finding. */
uint64_t engines_samples_lost(const struct engines *engines);
int engines_arm(struct engines *engines, const struct skua_armed_key *key, uint64_t until_ns);
uint64_t engines_arms_given_up(const struct engines *engines);
/* Entries that a table gave up; the kernel does not tell. */
uint64_t engines_evictions(const struct engines *engines, enum skua_table which);

#endif /* SKUA_CAPTURE_ENGINES_H */
