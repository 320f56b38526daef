/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which programs are attached to an interface, in the order in which they see a
 * packet: whoever stands before us may take packets away.  Asks, and changes
 * nothing.  Programs need CAP_BPF or CAP_SYS_ADMIN to be named.
 */
#ifndef SKUA_CAPTURE_OTHERS_H
#define SKUA_CAPTURE_OTHERS_H

#include <stdint.h>

enum others_place {
	OTHERS_XDP,
	OTHERS_XDP_GENERIC,
	OTHERS_XDP_OFFLOADED,
	OTHERS_TCX_IN,
	OTHERS_TCX_OUT,
	OTHERS_CLSACT_IN,
	OTHERS_CLSACT_OUT,
	OTHERS_PLACES
};

#define OTHERS_NAME_SIZE 64
#define OTHERS_PLACE_MAX                                                                           \
	64 /* programs of one place that are told; the kernel takes no more of tcx */

struct other {
	enum others_place place;
	unsigned order;    /* within the place, from 1 */
	uint32_t id;       /* as bpftool knows it; 0: a filter without program, or not told */
	uint32_t priority; /* of a filter */
	char name[OTHERS_NAME_SIZE]; /* of the program, or the kind of filter; "" not told */
};

typedef void others_fn(void *arg, const struct other *other);

/* "xdp", "tcx ingress", ... */
const char *others_place_name(enum others_place place);

/* 0, or -errno of the first place that did not answer; the others have been told. */
int others_list(int ifindex, others_fn *tell, void *arg);

#endif /* SKUA_CAPTURE_OTHERS_H */
