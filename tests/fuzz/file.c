// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as a capture file: read whole, merged with itself and filtered.
 * Seeds: captures of every format, plain and compressed.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/log.h"
#include "capture/file_in.h"

#define FRAMES_MAX 20000 /* a small input can hold millions of them when it is compressed */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static void check_frame(const struct file_in *in, const struct frame *frame)
{
	/* A copy of its own, so that a byte too far is seen. */
	uint8_t *copy = malloc(frame->captured + 1);

	check(copy && frame->captured <= 262144 && frame->length >= frame->captured);
	check(frame->time_ns <= INT64_MAX && frame->interface >= 1 && frame->file < 2);
	check(file_in_interface_name(in, frame->interface) && file_in_path(in, frame->file));
	check(!frame->comment || strlen(frame->comment) <= UINT16_MAX);
	memcpy(copy, frame->bytes, frame->captured);
	free(copy);
}

static void read_all(const char *const *paths, unsigned int count, const char *filter)
{
	struct file_in_options options = { paths, count, filter };
	char error[FILE_IN_ERROR_SIZE] = "";
	struct file_in *in;
	struct frame frame;

	if (file_in_open(&in, &options, error)) {
		check(error[0]);
		return;
	}
	for (unsigned int i = 0; i < FRAMES_MAX && file_in_next(in, &frame) == 1; i++)
		check_frame(in, &frame);
	check(file_in_position(in) <= file_in_size(in));
	file_in_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("capture", 0);
	const char *paths[2];
	char path[32];

	log_set_level(LOG_ERROR);
	check(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	paths[0] = paths[1] = path;
	read_all(paths, 1, NULL);
	read_all(paths, 2, "udp or vlan");
	close(fd);
	return 0;
}
