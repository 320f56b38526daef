/* SPDX-License-Identifier: BSD-2-Clause */
/* tc filters, for kernels without tcx: left as found, but for what a kill leaves. */
#ifndef SKUA_CAPTURE_HOOK_CLSACT_H
#define SKUA_CAPTURE_HOOK_CLSACT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Filters outlive whoever made them, so a name of the namespace that dies with
 * its process says that somebody stands behind those of an interface.  The
 * claim's descriptor, or -EADDRINUSE: a living agent has it.
 */
int hook_clsact_claim(int ifindex);

/* With a claim, as all below.  A filter of ours that a killed agent left is replaced.  0 or -errno;
 * *made becomes true when the qdisc was not there, or an agent of ours had made it. */
int hook_clsact_attach(int ifindex, bool egress, int program, uint32_t *priority, bool *made);
void hook_clsact_detach(int ifindex, bool egress, uint32_t priority, bool made);
/* Takes away what a killed agent left, the qdisc as well if that agent had made it. */
void hook_clsact_clean(int ifindex);
/* The qdisc, unless somebody else has put a filter there meanwhile. */
void hook_clsact_remove(int ifindex);

#endif /* SKUA_CAPTURE_HOOK_CLSACT_H */
