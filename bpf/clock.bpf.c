// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Reads the clock of the packet path beside the exact one, for the agent to compare. */
#include "maps.h"
#include "skua/clock.h"

SEC("syscall")
int skua_read_clock(struct skua_clock *clock)
{
	clock->jiffies_ns = bpf_jiffies64() * tick_ns;
	clock->monotonic_ns = bpf_ktime_get_ns();
	return 0;
}

char _license[] SEC("license") = "GPL";
