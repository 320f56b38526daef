/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* How replay tells the kernel programs when and where a frame was seen (BPF_PROG_TEST_RUN). */
#ifndef SKUA_TESTRUN_H
#define SKUA_TESTRUN_H

#include <linux/types.h>

/* XDP: these bytes precede the frame as metadata.  tc: tstamp, then cb[0] to cb[4]. */
struct skua_testrun {
	__u64 time_ns;
	__u32 length; /* of the frame on the wire */
	__u32 ifindex;
	__u32 origin;   /* enum skua_origin */
	__u32 captured; /* the rest is padding up to SKUA_FRAME_MIN */
	__u32 link;     /* enum skua_link */
	__u32 reserved;
};
_Static_assert(sizeof(struct skua_testrun) == 32, "XDP metadata: a multiple of 4, at most 32");

#define SKUA_TESTRUN_CAPTURED_MAX 3500 /* what a test run takes of a frame; the rest is cut */

#endif /* SKUA_TESTRUN_H */
