// SPDX-License-Identifier: BSD-2-Clause
/* Many files as one row of frames: a heap of inputs, one pending frame each. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/remedy.h"
#include "capture/file_filter.h"
#include "capture/file_in.h"
#include "capture/file_paths.h"
#include "capture/file_reader.h"

/* A file.  While it waits for its turn in the heap it may be closed. */
struct input {
	const char *path;
	uint16_t number;
	struct file_reader *reader; /* NULL: not open */
	bool loaded;                /* frame is the next one to deliver */
	struct frame frame;         /* its time orders the heap, loaded or not */
	uint64_t raw_read;
};

struct file_in {
	struct file_paths paths;
	struct file_filter *filter; /* NULL: none */
	struct file_interfaces *interfaces;
	struct input *inputs;
	struct input **heap;  /* those that have not ended, the earliest first */
	unsigned int waiting; /* in the heap */
	unsigned int open;
	uint64_t raw_size;
	bool piped; /* not all inputs have a size */
	bool truncated;
	struct file_in_counts counts;
};

static bool is_before(const struct input *a, const struct input *b)
{
	if (a->frame.time_ns != b->frame.time_ns)
		return a->frame.time_ns < b->frame.time_ns;
	return a->number < b->number;
}

static void heap_sink(struct file_in *in, unsigned int at)
{
	struct input *moved = in->heap[at];

	for (;;) {
		unsigned int child = 2 * at + 1;

		if (child >= in->waiting)
			break;
		if (child + 1 < in->waiting && is_before(in->heap[child + 1], in->heap[child]))
			child++;
		if (!is_before(in->heap[child], moved))
			break;
		in->heap[at] = in->heap[child];
		at = child;
	}
	in->heap[at] = moved;
}

static void input_close(struct file_in *in, struct input *input)
{
	if (!input->reader)
		return;
	input->raw_read = file_stream_raw_read(input->reader->stream);
	file_reader_close(input->reader);
	input->reader = NULL;
	in->open--;
}

static void input_end(struct file_in *in, struct input *input)
{
	const struct file_reader *reader = input->reader;

	in->counts.skipped_blocks += reader->skipped_blocks;
	in->counts.skipped_options += reader->skipped_options;
	if (reader->problem[0]) {
		in->truncated = true;
		log_warning("%s: damaged at byte %" PRIu64 "%s: %s; only what lies before was read",
			    input->path, reader->problem_offset,
			    file_stream_is_packed(reader->stream) ? " of its plain data" : "",
			    reader->problem);
	}
	input_close(in, input);
}

static int input_open(struct file_in *in, struct input *input, char error[FILE_ERROR_SIZE])
{
	int err;

	if (in->open == FILE_IN_OPEN_MAX) {
		snprintf(error, FILE_ERROR_SIZE,
			 "cannot read %s: more than %d captures overlap in time; merge some of "
			 "them first (mergecap)",
			 input->path, FILE_IN_OPEN_MAX);
		return -EMFILE;
	}
	err = file_reader_open(&input->reader, input->path, in->interfaces, error);
	if (!err)
		in->open++;
	return err;
}

/* 1: the input's next frame waits in it; 0: it has ended; -errno. */
static int input_load(struct file_in *in, struct input *input)
{
	int got = file_reader_next(input->reader, &input->frame);

	input->loaded = got == 1;
	if (got == 0)
		input_end(in, input);
	else if (got < 0 && got != -EINTR)
		log_error("cannot read %s: %s; %s", input->path, remedy_reason(got),
			  remedy_read(got));
	return got;
}

/* The first in the heap has no frame waiting: load one, or take it out. */
static int load_first(struct file_in *in)
{
	struct input *input = in->heap[0];
	char error[FILE_ERROR_SIZE];
	int got = input->reader ? 0 : input_open(in, input, error);

	if (got) {
		log_error("%s", error);
		return got;
	}
	got = input_load(in, input);
	if (got == 0)
		in->heap[0] = in->heap[--in->waiting];
	if (got >= 0 && in->waiting)
		heap_sink(in, 0);
	return got;
}

static void deliver(struct file_in *in, struct input *input, struct frame *frame)
{
	struct file_interface *interface = input->reader->interface;

	file_interfaces_take(in->interfaces, interface);
	*frame = input->frame;
	frame->file = input->number;
	frame->interface = interface->number;
	in->counts.frames++;
}

int file_in_next(struct file_in *in, struct frame *frame)
{
	while (in->waiting) {
		struct input *first = in->heap[0];

		if (!first->loaded) {
			int err = load_first(in);

			if (err < 0)
				return err;
			continue;
		}
		first->loaded = false;
		if (!in->filter || file_filter_matches(in->filter, &first->frame)) {
			deliver(in, first, frame);
			return 1;
		}
		in->counts.filtered++;
	}
	return 0;
}

/*
 * Looks at an input when all begins.  1: it belongs into the heap, 0: it does
 * not.  A lone input is not asked for a frame yet: on a pipe that may take long.
 */
static int input_start(struct file_in *in, struct input *input, bool found,
		       char error[FILE_ERROR_SIZE])
{
	int err = input_open(in, input, error);

	if (err == -EINVAL && found) {
		log_debug("%s; passed over", error);
		in->counts.skipped_files++;
		return 0;
	}
	if (err)
		return err;
	in->raw_size += file_stream_raw_size(input->reader->stream);
	in->piped |= !file_stream_is_regular(input->reader->stream);
	if (in->paths.count == 1)
		return 1;
	err = input_load(in, input);
	if (err < 0)
		snprintf(error, FILE_ERROR_SIZE, "cannot read %s: %s; %s", input->path,
			 strerror(-err), remedy_read(err));
	if (err <= 0)
		return err;
	if (in->paths.count > FILE_IN_OPEN_MAX && file_stream_is_regular(input->reader->stream)) {
		input_close(in, input);
		input->loaded = false;
		input->raw_read = 0;
	}
	return 1;
}

/* first: of the arguments, for the message. */
static int start_inputs(struct file_in *in, const char *first, char error[FILE_ERROR_SIZE])
{
	for (unsigned int i = 0; i < in->paths.count; i++) {
		struct input *input = &in->inputs[i];
		int got;

		input->path = in->paths.list[i].path;
		input->number = (uint16_t)i;
		got = input_start(in, input, in->paths.list[i].found, error);
		if (got < 0)
			return got;
		if (got)
			in->heap[in->waiting++] = input;
	}
	for (unsigned int i = in->waiting / 2; i-- > 0;)
		heap_sink(in, i);
	if (in->counts.skipped_files == in->paths.count) {
		snprintf(error, FILE_ERROR_SIZE,
			 "%.120s holds no capture: name a folder with pcap or pcapng files", first);
		return -ENOENT;
	}
	if (in->counts.skipped_files)
		log_info("%" PRIu64 " files in %s are no captures and were passed over",
			 in->counts.skipped_files, first);
	return 0;
}

/* What is neither file nor filter may have been meant for either. */
static int open_filter(struct file_in *in, const char *filter, char error[FILE_IN_ERROR_SIZE])
{
	char reason[FILE_ERROR_SIZE];
	int err = file_filter_open(&in->filter, filter, reason);

	if (err == -EINVAL)
		snprintf(error, FILE_IN_ERROR_SIZE,
			 "'%.80s' is no existing file, and no filter: %.120s", filter, reason);
	else if (err)
		snprintf(error, FILE_IN_ERROR_SIZE, "%s", reason);
	return err;
}

int file_in_open(struct file_in **out, const struct file_in_options *options,
		 char error[FILE_IN_ERROR_SIZE])
{
	struct file_in *in = calloc(1, sizeof(*in));
	int err = -ENOMEM;

	snprintf(error, FILE_IN_ERROR_SIZE, "no memory to read captures");
	if (!in)
		goto out;
	err = file_paths_init(&in->paths, options->paths, options->path_count, error);
	if (!err && options->filter)
		err = open_filter(in, options->filter, error);
	if (err)
		goto out;
	err = -ENOMEM;
	in->interfaces = file_interfaces_open();
	in->inputs = calloc(in->paths.count + 1, sizeof(*in->inputs));
	in->heap = calloc(in->paths.count + 1, sizeof(struct input *));
	if (in->interfaces && in->inputs && in->heap)
		err = start_inputs(in, options->paths[0], error);
out:
	if (err)
		file_in_close(in);
	else
		*out = in;
	return err;
}

void file_in_close(struct file_in *in)
{
	if (!in)
		return;
	for (unsigned int i = 0; in->inputs && i < in->paths.count; i++)
		input_close(in, &in->inputs[i]);
	free(in->inputs);
	free(in->heap);
	file_interfaces_close(in->interfaces);
	file_filter_close(in->filter);
	file_paths_fini(&in->paths);
	free(in);
}

bool file_in_truncated(const struct file_in *in)
{
	return in->truncated;
}

uint64_t file_in_position(const struct file_in *in)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < in->paths.count; i++)
		sum += in->inputs[i].reader ? file_stream_raw_read(in->inputs[i].reader->stream)
					    : in->inputs[i].raw_read;
	return sum;
}

uint64_t file_in_size(const struct file_in *in)
{
	return in->piped ? 0 : in->raw_size;
}

const struct file_in_counts *file_in_counts(const struct file_in *in)
{
	return &in->counts;
}

const char *file_in_interface_name(const struct file_in *in, uint32_t number)
{
	return file_interfaces_name(in->interfaces, number);
}

const char *file_in_path(const struct file_in *in, uint16_t file)
{
	return file < in->paths.count ? in->paths.list[file].path : NULL;
}
