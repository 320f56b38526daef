// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Puts a VLAN tag on what leaves and takes it off what arrives, where the kernel has no VLAN
 * devices. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define LAB_VLAN 77

SEC("tc/push")
int lab_vlan_push(struct __sk_buff *skb)
{
	bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), LAB_VLAN);
	return TC_ACT_OK;
}

SEC("tc/pop")
int lab_vlan_pop(struct __sk_buff *skb)
{
	if (!skb->vlan_present)
		return TC_ACT_SHOT; /* what is not tagged does not belong here: a test would see it
				     */
	bpf_skb_vlan_pop(skb);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
