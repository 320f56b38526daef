/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One capture file as a row of frames, whatever its format.  Readers know
 * nothing of other files, filters or numbers over all inputs: file_in.c does.
 */
#ifndef SKUA_CAPTURE_FILE_READER_H
#define SKUA_CAPTURE_FILE_READER_H

#include "capture/file_interface.h"
#include "capture/file_stream.h"
#include "capture/frame.h"

#define FILE_FRAME_MAX 262144u /* libpcap's MAXIMUM_SNAPLEN: a longer frame is damage */

struct file_reader {
	/* 1 and a frame, 0 at the end (then see problem), or -errno of a failed read. */
	int (*next)(struct file_reader *reader, struct frame *frame);
	void (*close)(struct file_reader *reader);
	struct file_stream *stream;
	struct file_interfaces *interfaces; /* who is told when an interface ends */
	struct file_interface *interface;   /* of the frame that came last */
	char problem[160];        /* why the file ended before its end; "" if it did not */
	uint64_t problem_offset;  /* in plain bytes: where what is damaged begins */
	uint64_t skipped_blocks;  /* whole, but without a packet */
	uint64_t skipped_options; /* lists of options that run past their block */
};

/*
 * Opens path ("-": standard input).  On failure -errno and one line in error;
 * -EINVAL: not a capture.  A file cut short inside its header opens, has no
 * frame and a problem.
 */
int file_reader_open(struct file_reader **out, const char *path, struct file_interfaces *interfaces,
		     char error[FILE_ERROR_SIZE]);

/* The same from the beginning of a stream, named path in messages; on success the stream is the
 * reader's. */
int file_reader_start(struct file_reader **out, struct file_stream *stream, const char *path,
		      struct file_interfaces *interfaces, char error[FILE_ERROR_SIZE]);

/*
 * Like next(), and sees to what all formats have in common: a wire length of
 * at least the captured one, and the direction that Linux cooked headers tell.
 * Sets neither file nor interface of the frame.
 */
int file_reader_next(struct file_reader *reader, struct frame *frame);
void file_reader_close(struct file_reader *reader);

/*
 * For formats: the file ends here, because of why (NULL: as it should) unless
 * the stream knows better.  Returns what next() has to return.
 */
int file_reader_end(struct file_reader *reader, uint64_t offset, const char *why);

/* LINKTYPE_* without what is packed above it, raw IP under its one official number. */
uint16_t file_reader_linktype(uint32_t network);
/* The enum skua_link of a LINKTYPE_*; < 0: the parser does not follow it. */
int file_reader_link(uint16_t linktype);

/*
 * The formats.  On success the stream is the reader's (file_reader_close() closes
 * it); on failure -errno and, beyond what that says, the reason alone in error.
 */
int file_pcap_open(struct file_reader **out, struct file_stream *stream,
		   char error[FILE_ERROR_SIZE]);
int file_pcapng_open(struct file_reader **out, struct file_stream *stream,
		     char error[FILE_ERROR_SIZE]);

#endif /* SKUA_CAPTURE_FILE_READER_H */
