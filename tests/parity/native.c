// SPDX-License-Identifier: BSD-2-Clause
/* The native engine as it is, with what it says written down. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "engine.h"

void write_down(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct said_list *said = arg;
	union said *item;

	(void)now_ns;
	if (!event)
		return;
	if (event->kind == SKUA_EVENT_SAMPLE) {
		said_sample(said, (const struct skua_sample_event *)event, bytes);
		return;
	}
	assert(said->count < SAID_MAX);
	item = &said->items[said->count++];
	memset(item, 0, sizeof(*item));
	memcpy(item, event, skua_event_size(event->kind));
}

int native_open(struct native *native, const struct skua_config *config)
{
	struct engine_options options = ENGINE_OPTIONS_DEFAULT;

	options.config = *config;
	options.flows = options.pending = options.sources = 4096;
	native->said.count = 0;
	return engine_open(&native->engine, &options, write_down, &native->said);
}

void native_show(struct native *native, const struct engine_frame *shown)
{
	/* On the heap and no longer than the capture, so that the sanitizer sees an overread. */
	unsigned char *exact = malloc(shown->captured ? shown->captured : 1);
	struct engine_frame frame = *shown;

	assert(exact);
	memcpy(exact, shown->bytes, shown->captured);
	frame.bytes = exact;
	engine_frame(native->engine, &frame);
	free(exact);
}

void native_close(struct native *native)
{
	engine_close(native->engine);
	native->engine = NULL;
}
