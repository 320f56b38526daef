/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which interfaces are wanted, and whose side they are on: what stands behind
 * -i, judged for one link at a time.  A name goes before a glob, a glob before
 * `any`; of two alike the later counts.
 */
#ifndef SKUA_CAPTURE_WANTED_H
#define SKUA_CAPTURE_WANTED_H

#include "capture/links.h"
#include "skua/link.h"
#include "skua/watched.h"

#define WANTED_MAX 64         /* patterns; more are refused */
#define WANTED_NAME_SIZE 64   /* of a glob; a name has LINK_NAME_SIZE */
#define WANTED_ERROR_SIZE 512 /* one line */

struct wanted_pattern {
	char name[WANTED_NAME_SIZE];
	uint8_t exactness; /* 0 any, 1 glob, 2 name */
	uint8_t role;      /* enum skua_role; SKUA_ROLE_NONE: by the kind of device */
};

/* All zero: nothing is wanted. */
struct wanted {
	struct wanted_pattern patterns[WANTED_MAX];
	uint32_t count;
};

/*
 * NAME, a glob or `any`, and =uplink, =workload or =tap behind it if the kind
 * of device shall not decide.  On failure -errno and one line in error.
 */
int wanted_add(struct wanted *wanted, const char *text, char error[WANTED_ERROR_SIZE]);

/*
 * Every interface that was named is there and can be read, or -ENODEV or
 * -EPROTONOSUPPORT and one line in error.  Globs and `any` wait for theirs.
 */
int wanted_check(const struct wanted *wanted, const struct link *links, uint32_t count,
		 char error[WANTED_ERROR_SIZE]);

/*
 * SKUA_ROLE_NONE: not wanted, or wanted_layer() cannot read it.  `any` is every
 * link that is up, but not loopback; names and globs do not ask.
 * Without a role: the host's side of a pod (its other end is in another
 * namespace; here it is a port of a bridge, or has no address of its own) is
 * SKUA_ROLE_WORKLOAD, loopback SKUA_ROLE_TAP, all else SKUA_ROLE_UPLINK.
 */
enum skua_role wanted_role(const struct wanted *wanted, const struct link *link);

/*
 * What frames of an ARPHRD_ type begin with: enum skua_link, or -1: Wi-Fi
 * monitors, InfiniBand, CAN, 802.15.4, netlink and vsock monitors, HDLC and so
 * on, which carry no IP or hide it behind a header that is not parsed.
 */
int wanted_layer(uint16_t type);

const char *wanted_role_name(enum skua_role role);

#endif /* SKUA_CAPTURE_WANTED_H */
