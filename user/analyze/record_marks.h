/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which packets hold TLS records or QUIC, told packet by packet without
 * keeping any bytes: of TLS only where the next record begins is known, in
 * each direction; of QUIC that a long header of a known version was there
 * (RFC 8999, 9000, 9369).  Conversations are kept in a table of fixed size;
 * the one that was silent longest gives way, is counted, and is found again
 * by its next handshake.
 */
#ifndef SKUA_ANALYZE_RECORD_MARKS_H
#define SKUA_ANALYZE_RECORD_MARKS_H

#include "analyze/layers.h"
#include "base/table.h"

#define RECORD_MARKS_MAX 65536 /* conversations, 90 bytes each */

struct record_marks {
	struct table table;
};

/* 0 or -ENOMEM; record_marks_fini() takes one that was never made, if it is zero. */
int record_marks_init(struct record_marks *marks, uint32_t capacity);
void record_marks_fini(struct record_marks *marks);
/*
 * LAYER_TLS: a record begins or ends in the packet; LAYER_QUIC: it is a
 * datagram of such a conversation; else LAYER_NONE.  Once per frame that was
 * parsed, in the order of the capture.
 */
enum layer record_marks_of(struct record_marks *marks, const struct analyst_frame *frame);

#endif /* SKUA_ANALYZE_RECORD_MARKS_H */
