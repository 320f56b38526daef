/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Two clocks of the kernel, read at once. */
#ifndef SKUA_CLOCK_H
#define SKUA_CLOCK_H

#include <linux/types.h>

struct skua_clock {
	__u64 jiffies_ns;   /* what bpf_jiffies64() says, times the length of a tick */
	__u64 monotonic_ns; /* CLOCK_MONOTONIC */
};

#endif /* SKUA_CLOCK_H */
