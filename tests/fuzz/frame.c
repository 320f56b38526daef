// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as frames, through the native engine and everything behind it.
 * Input: per frame a byte of link type and time step, two of length, then the
 * frame; each lies flush against a page that must not be touched.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "capture/engine.h"
#include "pipeline/pipeline.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define FRAMES_MAX 400

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	if (event)
		pipeline_event(arg, event, bytes);
	else
		pipeline_tick(arg, now_ns);
}

#define FRAME_ROOM 65536

/* Room for a frame, and behind it a page without any rights. */
static uint8_t *guarded(void)
{
	uint8_t *room = mmap(NULL, FRAME_ROOM + 4096, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (room == MAP_FAILED || mprotect(room + FRAME_ROOM, 4096, PROT_NONE))
		abort();
	return room;
}

static void show(struct engine *engine, const uint8_t *bytes, uint32_t length, uint8_t kind,
		 uint64_t now_ns)
{
	static uint8_t *room;
	struct engine_frame frame = { .captured = length,
				      .length = length + (kind & 16 ? 100 : 0),
				      .ifindex = 1 + (kind >> 7),
				      .time_ns = now_ns,
				      .link = kind % 5,
				      .origin = (kind >> 5) % 3 };

	if (!room)
		room = guarded();
	frame.bytes = memcpy(room + FRAME_ROOM - length, bytes, length);
	engine_frame(engine, &frame);
}

static void run(struct engine *engine, struct pipeline *pipeline, const uint8_t *bytes, size_t size)
{
	uint64_t now_ns = 1700000000 * SKUA_SECOND_NS, second = now_ns / SKUA_SECOND_NS;

	for (int i = 0; i < FRAMES_MAX && size > 3; i++) {
		uint32_t length = bytes[1] << 8 | bytes[2];
		uint8_t kind = bytes[0];

		bytes += 3;
		size -= 3;
		if (length > size)
			length = size;
		now_ns += (kind & 8 ? 1300 : 7) * SKUA_MS_NS;
		while (second < now_ns / SKUA_SECOND_NS) {
			engine_tick(engine, ++second);
			pipeline_tick(pipeline, second * SKUA_SECOND_NS);
		}
		show(engine, bytes, length, kind, now_ns);
		bytes += length;
		size -= length;
	}
	engine_stop(engine, now_ns);
	pipeline_finish(pipeline);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct engine_options engine_options = ENGINE_OPTIONS_DEFAULT;
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	struct pipeline *pipeline = NULL;
	struct engine *engine = NULL;

	/* Small, so that tables fill and evict. */
	engine_options.flows = engine_options.pending = engine_options.sources = 8;
	engine_options.config.one_way = 1;
	options.pairs = options.sources = options.census = options.heads = options.findings = 8;
	if (!pipeline_open(&pipeline, &options) &&
	    !engine_open(&engine, &engine_options, on_event, pipeline))
		run(engine, pipeline, bytes, size);
	engine_close(engine);
	pipeline_close(pipeline);
	return 0;
}
