/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the programs are attached to one interface, and how they come off
 * again.  Another program is never displaced: XDP only where the place is free,
 * tc in front of the others.  Descriptors hold the attachments, so that they
 * end with the process; only clsact filters outlive a kill, and rest then.
 */
#ifndef SKUA_CAPTURE_HOOK_H
#define SKUA_CAPTURE_HOOK_H

#include "capture/loader.h"

enum hook {
	HOOK_NONE = 0,
	HOOK_XDP,         /* in the driver */
	HOOK_XDP_GENERIC, /* for drivers without */
	HOOK_TCX,         /* a link: Linux 6.6 and newer */
	HOOK_CLSACT,      /* a filter: before */
	HOOKS
};

/* What was asked for. */
enum hook_choice { HOOK_AUTO, HOOK_WANT_XDP, HOOK_WANT_GENERIC, HOOK_WANT_TC, HOOK_WANT_CLSACT };
#define HOOK_CHOICES "auto xdp xdp-generic tc clsact"

#define HOOK_TEXT 96

/* Of one interface. */
struct hooks {
	int ifindex;
	uint8_t in, out; /* enum hook */
	int in_fd, out_fd;
	int claim_fd;                       /* >= 0: clsact filters here are ours */
	uint32_t in_priority, out_priority; /* of clsact filters */
	bool made_qdisc;                    /* ours to remove */
	char note[HOOK_TEXT]; /* why it is not the hook that one would expect; or empty */
};

struct hook_options {
	enum hook_choice choice;
	bool sent_only;       /* loopback: what is sent is received as well */
	bool native;          /* AUTO: XDP is worth trying, for the packets come from a driver */
	const char *pin_path; /* links are kept there, and taken over from there; NULL */
};

/* What people call it: "xdp", "tc", ... */
const char *hook_name(enum hook hook);

/* 0 or -errno: nothing is attached then. */
int hooks_attach(struct hooks *hooks, int ifindex, struct loader *loader,
		 const struct hook_options *options);
/* keep: pinned links stay active for the next agent. */
void hooks_detach(struct hooks *hooks, bool keep);

#endif /* SKUA_CAPTURE_HOOK_H */
