/* SPDX-License-Identifier: BSD-2-Clause */
/* One frame as a capture holds it: what readers hand to the replay engine and to the analysts. */
#ifndef SKUA_CAPTURE_FRAME_H
#define SKUA_CAPTURE_FRAME_H

#include <stdint.h>

enum frame_direction { FRAME_UNKNOWN, FRAME_IN, FRAME_OUT };

struct frame {
	const uint8_t *bytes; /* borrowed until the next frame is asked for */
	uint32_t captured;
	uint32_t length;    /* on the wire; at least captured */
	uint64_t time_ns;   /* since the Unix epoch */
	uint16_t linktype;  /* LINKTYPE_* as written in files, not the DLT of this host */
	uint16_t file;      /* which input, from 0 */
	uint32_t interface; /* number of the interface over all inputs, from 1 */
	enum frame_direction direction; /* epb_flags or SLL packet type, where they say */
	const char *comment;            /* first opt_comment, or NULL; borrowed like bytes */
};

#endif /* SKUA_CAPTURE_FRAME_H */
