/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Which events speak.bpf.c says. */
#ifndef BENCH_SPEAK_H
#define BENCH_SPEAK_H

#include <linux/types.h>

struct speak {
	__u64 begin_ns; /* of the first event */
	__u64 step_ns;  /* between two */
	__u32 next;     /* number of the next */
};

#endif /* BENCH_SPEAK_H */
