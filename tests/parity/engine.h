/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two engines that are shown the same frames: the kernel programs through
 * BPF_PROG_TEST_RUN, and the native engine of user/capture.  What they
 * remember, say and count can be compared byte for byte.
 */
#ifndef PARITY_ENGINE_H
#define PARITY_ENGINE_H

#include <assert.h>
#include <string.h>
#include "capture/engine.h"
#include "capture/testrun.h"

/* What was said, in order; records are padded with zeros to the largest. */
union said {
	struct skua_event head;
	unsigned char bytes[sizeof(struct skua_dns_event)];
};
#define SAID_MAX 4096

struct said_list {
	union said items[SAID_MAX];
	unsigned count;
};

/* A sample and as many of its bytes as there is room for. */
static inline void said_sample(struct said_list *said, const struct skua_sample_event *sample,
			       const unsigned char *bytes)
{
	union said *item = &said->items[said->count++];
	size_t room = sizeof(*item) - sizeof(*sample);

	assert(said->count <= SAID_MAX);
	memset(item, 0, sizeof(*item));
	memcpy(item, sample, sizeof(*sample));
	memcpy(item->bytes + sizeof(*sample), bytes,
	       sample->captured < room ? sample->captured : room);
}

struct native {
	struct engine *engine;
	struct said_list said;
};

/* A source_event_fn that writes into a said_list. */
void write_down(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns);

int native_open(struct native *native, const struct skua_config *config);
void native_show(struct native *native, const struct engine_frame *frame);
void native_close(struct native *native);

struct kernel;
int kernel_open(struct kernel **out, const struct skua_config *config);
int kernel_show(struct kernel *kernel, const struct engine_frame *frame, bool all_through_tc);
int kernel_tick(struct kernel *kernel, uint64_t now_s, bool all_through_tc);
int kernel_arm(struct kernel *kernel, const struct skua_armed_key *key, uint64_t until_ns,
	       bool all_through_tc);
/* Forget entries, events and counters. */
int kernel_forget(struct kernel *kernel);
void kernel_close(struct kernel *kernel);

/* NULL: both engines said the same; else what differs. */
const char *kernel_said_differs(const struct kernel *kernel, const struct native *native);
/* NULL: both know and counted the same. */
const char *kernel_differs(struct kernel *kernel, const struct native *native, bool all_through_tc);

#endif /* PARITY_ENGINE_H */
