/* SPDX-License-Identifier: BSD-2-Clause */
/* What an interface's driver can do, as it says itself; asks, and changes nothing. */
#ifndef SKUA_CAPTURE_DRIVER_H
#define SKUA_CAPTURE_DRIVER_H

#define DRIVER_NAME_SIZE 32

enum driver_answer { DRIVER_UNKNOWN, DRIVER_NO, DRIVER_YES };

struct driver {
	char name[DRIVER_NAME_SIZE];   /* "veth", "ice", ...; "" not told */
	enum driver_answer native_xdp; /* the kernel tells since 6.3 */
	enum driver_answer lro;        /* received packets are merged: XDP is refused meanwhile */
};

/* 0 or -errno; out is what could be known. */
int driver_ask(struct driver *out, int ifindex, const char *ifname);

#endif /* SKUA_CAPTURE_DRIVER_H */
