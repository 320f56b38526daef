// SPDX-License-Identifier: BSD-2-Clause
/* Captures whose clock begins at zero, as programs write them that count from their own start. */
#include "capture_bytes.h"
#include "capture/replay.h"
#define frame parsed_frame /* the readers have a struct of that name */
#include "../parity/frames.h"
#undef frame
#include "tap.h"

static struct bytes made;

struct told {
	unsigned ticks, unanswered;
	uint64_t unanswered_ns;
};

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct told *told = arg;

	(void)bytes;
	if (!event) {
		told->ticks++;
	} else if (event->kind == SKUA_EVENT_CONTACT) {
		told->unanswered++;
		told->unanswered_ns = now_ns;
	}
}

int main(void)
{
	unsigned char syn[FRAME_BUFFER];
	unsigned size = frame_bytes(syn, ETH "0800" IP4("0028", "06") TCP_SYN);
	char error[FILE_IN_ERROR_SIZE], path[64];
	const char *const paths[] = { path };
	struct replay_options options = { .input = { .paths = paths, .path_count = 1 },
					  .engine = ENGINE_OPTIONS_DEFAULT };
	struct told told = { 0 };
	struct replay *replay;
	struct source *source;
	int fd = memfd_create("capture", 0), status;

	put_pcap_header(&made, PCAP_MICRO, 1);
	put_number(&made, 0, 4);
	put_number(&made, 500000, 4);
	put_number(&made, size, 4);
	put_number(&made, size, 4);
	put(&made, syn, size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, made.at, made.size) != (ssize_t)made.size ||
	    replay_open(&replay, &options, error))
		abort();
	source = replay_source(replay);
	do
		status = source->poll(source, on_event, &told);
	while (status == SOURCE_AGAIN);
	ok(status == SOURCE_END && told.ticks == 62,
	   "the clock ticks at second zero, and a minute beyond");
	ok(told.unanswered == 1 && told.unanswered_ns == 6 * SKUA_SECOND_NS,
	   "and what nobody answered is told in its time");
	source->close(source);
	close(fd);
	return done();
}
