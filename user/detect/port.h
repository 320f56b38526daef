/* SPDX-License-Identifier: BSD-2-Clause */
/* Conversations with a port that attack tools use by default: a hint, never more. */
#ifndef SKUA_DETECT_PORT_H
#define SKUA_DETECT_PORT_H

#include <stdbool.h>
#include "report/finding.h"
#include "skua/event.h"

#define PORT_SCORE 0.3 /* low: a port is a default somebody left, which honest programs do too */

/*
 * Pure: judges one report of a flow; true fills *out, all of it.  Only the server's port counts,
 * and only when the server answered or payload flowed: attempts that fail are a scan's business.
 * Reports of the same (client, server, port) give findings of the same id, for the ledger to merge;
 * count and packets are those of the flow reported.
 */
bool port_judge(const struct skua_flow_event *event, struct finding *out);

#endif /* SKUA_DETECT_PORT_H */
