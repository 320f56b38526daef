/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What is armed: pairs of hosts, or hosts, whose every packet is sampled for a
 * while, since a finding or somebody outside asked for it.  The agent writes,
 * the engines only look.
 */
#ifndef SKUA_ARMED_H
#define SKUA_ARMED_H

#include "skua/flow_key.h"

#define SKUA_ARMED_MAX 1024

/* A pair is the first half of its conversations' keys; of one host high is zero. */
struct skua_armed_key {
	__u64 low[2]; /* addresses as sent */
	__u64 high[2];
};
_Static_assert(sizeof(struct skua_armed_key) == 32, "skua_armed_key is ABI");
_Static_assert(__builtin_offsetof(struct skua_flow_key, low_port) == sizeof(struct skua_armed_key),
	       "a flow's key begins with its pair's");

struct skua_armed {
	__u64 until_ns;
};
_Static_assert(sizeof(struct skua_armed) == 8, "skua_armed is ABI");

/* The only entry of a map of its own: while nothing is armed, its load is all that a packet pays.
 */
struct skua_arming {
	__u64 until_ns; /* nothing is armed from here on */
};
_Static_assert(sizeof(struct skua_arming) == 8, "skua_arming is ABI");

skua_inline void skua_armed_pair(struct skua_armed_key *key, const __u64 a[2], const __u64 b[2])
{
	bool high = skua_before(b, a);

	key->low[0] = high ? b[0] : a[0];
	key->low[1] = high ? b[1] : a[1];
	key->high[0] = high ? a[0] : b[0];
	key->high[1] = high ? a[1] : b[1];
}

skua_inline void skua_armed_host(struct skua_armed_key *key, const __u64 host[2])
{
	key->low[0] = host[0];
	key->low[1] = host[1];
	key->high[0] = key->high[1] = 0;
}

#endif /* SKUA_ARMED_H */
