/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What the agent tells the programs of an interface, and what they count of it. */
#ifndef SKUA_WATCHED_H
#define SKUA_WATCHED_H

#include "skua/contact.h"
#include "skua/packet.h"

/* Which side of an interface is ours. */
enum skua_role {
	SKUA_ROLE_NONE = 0, /* not watched, or no longer: programs rest */
	SKUA_ROLE_UPLINK,   /* what it sends is ours */
	SKUA_ROLE_WORKLOAD, /* host side of a pod's veth: what it receives is ours */
	SKUA_ROLE_TAP,      /* SPAN port, VPC mirror: the addresses tell */
	SKUA_ROLES
};

/* One per CPU: the agent writes ifindex, role and link, the programs count. */
struct skua_watched {
	__u64 packets;
	__u64 bytes;
	__u32 ifindex;
	__u8 role; /* enum skua_role */
	__u8 link; /* enum skua_link */
	__u8 reserved[2];
};
_Static_assert(sizeof(struct skua_watched) == 24, "skua_watched is ABI");

/* An array is read in a tenth of a hash's time; whose place is taken lies in a hash beside it. */
#define SKUA_WATCHED_PLACES 4096
#define SKUA_WATCHED_FAR 1024

/* sent: the interface sends the packet, else it receives it.  A tap's is for the addresses to say:
 * SKUA_EITHER. */
skua_inline enum skua_origin skua_role_origin(__u8 role, bool sent)
{
	if (role == SKUA_ROLE_TAP)
		return SKUA_EITHER;
	return sent == (role == SKUA_ROLE_UPLINK) ? SKUA_OURS : SKUA_THEIRS;
}

#endif /* SKUA_WATCHED_H */
