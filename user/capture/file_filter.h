/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libpcap filter expression over frames of any link type: one program for
 * each, compiled when its first frame comes.
 */
#ifndef SKUA_CAPTURE_FILE_FILTER_H
#define SKUA_CAPTURE_FILE_FILTER_H

#include "capture/file_stream.h"
#include "capture/frame.h"

struct file_filter;

/* -EINVAL: the expression fits no link type; the reason is in error.  -ENOMEM. */
int file_filter_open(struct file_filter **out, const char *expression, char error[FILE_ERROR_SIZE]);
void file_filter_close(struct file_filter *filter);

/* Compiles it now, if it fits: what it names is looked up while that is still permitted. */
void file_filter_prepare(struct file_filter *filter, uint16_t linktype);

/*
 * Frames of a link type that the expression cannot be compiled for do not
 * match; a warning says so once for each such type.
 */
bool file_filter_matches(struct file_filter *filter, const struct frame *frame);

/* "Ethernet"; "" for a number that libpcap has no name for. */
const char *file_filter_linktype_name(uint16_t linktype);

#endif /* SKUA_CAPTURE_FILE_FILTER_H */
