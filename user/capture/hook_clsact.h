/* SPDX-License-Identifier: BSD-2-Clause */
/* tc filters, for kernels without tcx: left as found, but for what a kill leaves. */
#ifndef SKUA_CAPTURE_HOOK_CLSACT_H
#define SKUA_CAPTURE_HOOK_CLSACT_H

#include <stdbool.h>
#include <stdint.h>

/* A filter of ours that a killed agent left is replaced.  0 or -errno; *made becomes true when
 * the qdisc was not there. */
int hook_clsact_attach(int ifindex, bool egress, int program, uint32_t *priority, bool *made);
void hook_clsact_detach(int ifindex, bool egress, uint32_t priority);
/* The qdisc, unless somebody else has put a filter there meanwhile. */
void hook_clsact_remove(int ifindex);

#endif /* SKUA_CAPTURE_HOOK_CLSACT_H */
