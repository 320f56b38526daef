/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies of captures for others: another format, without payload, with other
 * addresses, sealed.  A pcapng file is copied block by block, so that what the
 * copy may show of it stays as it was: sections, interfaces, comments, times.
 */
#ifndef SKUA_COPY_EXPORT_H
#define SKUA_COPY_EXPORT_H

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include "capture/file_parts.h"
#include "record/scrub.h"

struct export_counts {
	uint64_t packets, cut; /* cut: with less in the copy than there was */
	uint64_t emptied;      /* of link types that are not understood: nothing stayed */
	uint64_t blocks;       /* left out, as they may hold what is not to be seen */
	uint64_t options;      /* likewise: comments, descriptions, filters */
	uint64_t oversized;    /* blocks that no tool of ours keeps */
};

struct export
{
	struct file_parts *from;
	FILE *to;
	const struct scrub *scrub; /* NULL: frames stay as they are */
	const volatile sig_atomic_t *stopped;
	struct export_counts counts;
	uint8_t *block; /* FILE_STREAM_NEED_MAX bytes to make a block or a frame in */
	char error[FILE_ERROR_SIZE];
};

/* All of these: 0 or -errno, and then a reason in error where -errno alone does not say it;
 * -EINTR: *stopped was set. */

/* pcapng to pcapng. */
int export_blocks(struct export *export);
/* Any to pcap; pcap to pcapng. */
int export_packets(struct export *export, bool to_pcapng);

/* The frame of a part at `at`, which has room for it, scrubbed; returns how much of it stays. */
uint32_t export_frame(struct export *export, const struct file_part *part, uint8_t *at);

/* Where a copy goes: FILE.part until it is whole, so that a file is never half. */
struct export_output {
	const char *path; /* "-": standard output */
	char part[PATH_MAX];
	FILE *file;
	FILE *stream;          /* to write to: file, or what seals it */
	struct sealer *sealer; /* NULL: nothing is sealed */
};

/* seal: a public key, or NULL.  0 or -errno. */
int export_output_open(struct export_output *output, const char *path, const uint8_t *seal);
/* Ends and renames it; on failure nothing is left. */
int export_output_commit(struct export_output *output);
void export_output_abandon(struct export_output *output);

#endif /* SKUA_COPY_EXPORT_H */
