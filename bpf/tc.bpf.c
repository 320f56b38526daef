// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* tc: what an interface sends, and what it receives where XDP is taken or costs more. */
#include "tc.h"

SEC("tc")
int skua_tc_egress(struct __sk_buff *skb)
{
	return tc_observe(skb, true);
}

SEC("tc")
int skua_tc_ingress(struct __sk_buff *skb)
{
	return tc_observe(skb, false);
}

char _license[] SEC("license") = "GPL";
