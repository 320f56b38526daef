/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capture input: pcap and pcapng files, plain or compressed, pipes, several of
 * them or a whole directory, as one row of frames in time order, filtered.  It
 * knows nothing of what frames hold.  Files are streamed, never held: each
 * open one costs about half a megabyte, a compressed one its decoder as well.
 *
 * Several files are merged by the time of their next frame; at equal times the
 * order of the arguments decides.  Within a file frames keep their order, also
 * where its clock steps back.  Up to FILE_IN_OPEN_MAX files are open at once;
 * of more, each is opened when the merge comes to its first frame.
 *
 * One thread.  A damaged file is named once in a warning when its end comes;
 * what lies before the damage is delivered and the other files go on.
 */
#ifndef SKUA_CAPTURE_FILE_IN_H
#define SKUA_CAPTURE_FILE_IN_H

#include <stdbool.h>
#include <stdint.h>
#include "capture/frame.h"

#define FILE_IN_ERROR_SIZE 256

/* Beyond this, files that overlap in time cannot be merged: next() says -EMFILE. */
#define FILE_IN_OPEN_MAX 512

struct file_in;

struct file_in_options {
	const char *const *paths; /* "-": standard input; a directory: the captures in it */
	unsigned int path_count;
	const char *filter; /* a libpcap expression, or NULL */
};

struct file_in_counts {
	uint64_t frames;          /* delivered */
	uint64_t filtered;        /* frames that the filter did not let through */
	uint64_t skipped_files;   /* in directories: not a capture */
	uint64_t skipped_blocks;  /* of pcapng, without a packet in them; of files that ended */
	uint64_t skipped_options; /* torn lists of pcapng options; of files that ended */
};

/*
 * Waits for the first bytes of pipes, among several inputs for their first
 * frames.  On failure -errno and one line in error, without the program's
 * name: -EINVAL (not a capture, bad filter), -ENOENT, -EACCES, -ENOPKG (a
 * compression this build lacks) and so on.
 */
int file_in_open(struct file_in **out, const struct file_in_options *options,
		 char error[FILE_IN_ERROR_SIZE]);
void file_in_close(struct file_in *in);

/*
 * 1 and a frame, borrowed until the next call; 0 at the end; -errno when
 * reading failed, which has been logged.  -EINTR, not logged: a signal without
 * SA_RESTART came while waiting for a pipe; the input cannot be resumed.
 */
int file_in_next(struct file_in *in, struct frame *frame);

/* Some input ended early or was damaged. */
bool file_in_truncated(const struct file_in *in);

/* Progress in bytes as they lie on disk; the size is 0 when a pipe is among the inputs. */
uint64_t file_in_position(const struct file_in *in);
uint64_t file_in_size(const struct file_in *in);

const struct file_in_counts *file_in_counts(const struct file_in *in);

/* Of frame->interface; "" when the file gives none, NULL for a number never seen. */
const char *file_in_interface_name(const struct file_in *in, uint32_t number);

/* Of frame->file; NULL beyond the last. */
const char *file_in_path(const struct file_in *in, uint16_t file);

#endif /* SKUA_CAPTURE_FILE_IN_H */
