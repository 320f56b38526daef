/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Samples as an annotated pcapng file that explains itself: which finding it
 * is for, what is known beside the packets, and which packets matter.
 */
#ifndef SKUA_RECORD_SNAPSHOT_H
#define SKUA_RECORD_SNAPSHOT_H

#include <stdio.h>
#include "record/pcapng.h"
#include "record/recorder.h"
#include "report/finding.h"

/* What an interface is called, as "lan" or "lan (uplink)"; may write to to, which it returns. */
typedef const char *snapshot_interface_fn(void *arg, uint32_t ifindex, char to[64]);

struct snapshot_about {
	const struct finding *finding; /* NULL: nobody found anything, somebody asked */
	const char *const *comments;   /* of the section */
	unsigned comment_count;
	const struct pcapng_name *names;
	unsigned name_count;
	const char *application;          /* "skua VERSION" */
	const char *os;                   /* NULL in replay, whose output is the same everywhere */
	snapshot_interface_fn *interface; /* NULL: interfaces have numbers only */
	void *interface_arg;
	uint64_t dropped; /* samples lost meanwhile, by anybody */
};

struct snapshot_result {
	uint64_t packets;
	uint64_t first_ns, last_ns;
	uint64_t other_links; /* rows of another link type, which need a file of their own */
};

/* The link type that most rows have. */
int snapshot_link(const struct recorder_selection *selection);
/* Writes all rows of one link type: 0 or -errno of the stream. */
int snapshot_write(FILE *stream, const struct snapshot_about *about,
		   const struct recorder_selection *selection, int link,
		   struct snapshot_result *out);

#endif /* SKUA_RECORD_SNAPSHOT_H */
