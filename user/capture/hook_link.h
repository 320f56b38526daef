/* SPDX-License-Identifier: BSD-2-Clause */
/* Attachments that a descriptor holds: XDP and tcx links, with or without a pin. */
#ifndef SKUA_CAPTURE_HOOK_LINK_H
#define SKUA_CAPTURE_HOOK_LINK_H

#include <stdbool.h>
#include <stdint.h>

/* What the kernel answers in places where it means EOPNOTSUPP; no header for programs has it. */
#define ENOTSUPP_KERNEL 524

enum hook_link_type { HOOK_LINK_XDP, HOOK_LINK_TCX_INGRESS, HOOK_LINK_TCX_EGRESS };

struct hook_link {
	int ifindex;
	int program; /* descriptor */
	enum hook_link_type type;
	uint32_t flags;       /* XDP_FLAGS_* */
	const char *pin_path; /* directory on bpffs, or NULL */
	const char *pin_name;
};

/*
 * The link's descriptor, or -errno.  One that is pinned already is taken over:
 * its program is replaced without a packet in between that nobody sees.
 */
int hook_link_attach(const struct hook_link *link);
/* At once, pinned or not; fd < 0 is fine.  Does not close. */
void hook_link_detach(int fd);
/* Programs at a tcx place, in the order in which they run; *count: room in ids, then how many there
 * are.  0, or -errno (-ENOSPC: there are more). */
int hook_link_query(int ifindex, enum hook_link_type type, uint32_t *ids, uint32_t *count);
/* Linux before 6.6 knows no tcx: it says that it does not know the attach type. */
bool hook_link_lacks_tcx(int err);

#endif /* SKUA_CAPTURE_HOOK_LINK_H */
