/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Which addresses are ours, where the interface does not tell. */
#ifndef SKUA_LOCAL_H
#define SKUA_LOCAL_H

#include "skua/port.h"

#define SKUA_NETWORKS 32

struct skua_network {
	__u64 address[2]; /* as sent; host bits are zero */
	__u64 mask[2];
};

/* count 0: private, link-local, unique-local, shared (RFC 6598) and loopback addresses. */
struct skua_locals {
	struct skua_network networks[SKUA_NETWORKS];
	__u32 count;
	__u32 reserved;
};

/* RFC 1918, 3927, 6598, 4193, 4291. */
skua_inline bool skua_is_private(const __u64 address[2])
{
	const __u8 *b = (const __u8 *)address;

	if (address[0] || b[8] || b[9] || b[10] != 0xff || b[11] != 0xff)
		return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80) ||
		       (!address[0] && skua_be64(&address[1]) == 1);
	switch (b[12]) {
	case 10:
	case 127:
		return true;
	case 172:
		return (b[13] & 0xf0) == 16;
	case 192:
		return b[13] == 168;
	case 169:
		return b[13] == 254;
	case 100:
		return (b[13] & 0xc0) == 64;
	default:
		return false;
	}
}

skua_inline bool skua_is_local(const __u64 address[2], const volatile struct skua_locals *locals)
{
	if (!locals->count)
		return skua_is_private(address);
	for (int i = 0; i < SKUA_NETWORKS; i++) {
		const volatile struct skua_network *network = &locals->networks[i];

		if (i >= (int)locals->count)
			return false;
		if ((address[0] & network->mask[0]) == network->address[0] &&
		    (address[1] & network->mask[1]) == network->address[1])
			return true;
	}
	return false;
}

#endif /* SKUA_LOCAL_H */
