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
	uint64_t skipped;
	int err; /* first error of the kernel engine, which ends the run */
};

int engines_open(struct engines *engines, enum engine_choice choice,
		 const struct engine_options *options, source_event_fn *deliver, void *arg,
		 char error[TESTRUN_ERROR_SIZE]);
void engines_close(struct engines *engines);
/* As engine_frame() and so on. */
const struct skua_packet *engines_frame(struct engines *engines, const struct engine_frame *frame);
void engines_skip(struct engines *engines);
void engines_tick(struct engines *engines, uint64_t now_s);
uint64_t engines_next(struct engines *engines);
void engines_stop(struct engines *engines, uint64_t now_ns);
uint64_t engines_counter(const struct engines *engines, enum skua_counter row);
/* Entries that a table gave up; the kernel does not tell. */
uint64_t engines_evictions(const struct engines *engines, enum engine_table which);

#endif /* SKUA_CAPTURE_ENGINES_H */
