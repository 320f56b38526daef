/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where events come from: a live kernel, a capture file, a journal.  Behind
 * this contract nobody can tell which.  A source is used by one thread; it
 * delivers what is there and never waits.
 */
#ifndef SKUA_CAPTURE_SOURCE_H
#define SKUA_CAPTURE_SOURCE_H

#include "skua/event.h"

/*
 * event: borrowed for the call.  bytes: of a SKUA_EVENT_SAMPLE its captured
 * bytes, else NULL.  A NULL event is a tick: packet time has reached the whole
 * second now_ns, everything before it has been delivered.
 */
typedef void source_event_fn(void *arg, const struct skua_event *event, const __u8 *bytes,
			     __u64 now_ns);

/* What poll() returns, or -errno. */
enum { SOURCE_AGAIN = 0, SOURCE_END = 1 };

struct source {
	const char *name;
	int (*poll)(struct source *source, source_event_fn *deliver, void *arg);
	void (*close)(struct source *source);
	int wait_fd; /* < 0: call poll() again at once, until SOURCE_END */
};

#endif /* SKUA_CAPTURE_SOURCE_H */
