/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps a board as the API server has it: lists the pods of one node, page by
 * page, then watches what becomes of them, by the rules of the Kubernetes API:
 * goes on from the last resourceVersion, lists again after 410, tries again
 * ever later, and never at the same moment as the other nodes.
 */
#ifndef SKUA_KUBE_WATCH_H
#define SKUA_KUBE_WATCH_H

#include "kube/board.h"
#include "kube/request.h"

#define WATCH_BYTES (2u << 20) /* of one page, and of one event; etcd keeps nothing larger */
#define WATCH_PAGE 25          /* pods asked for at once; fewer, when a page is too large */

struct watch_options {
	struct request_options request;
	const char *node; /* spec.nodeName */
};

/* Until it is told to stop.  Says so once when the server is out of reach, and when it is back.  0,
 * or -errno and one line: it cannot begin. */
int watch_run(const struct watch_options *options, struct board *board, char error[REQUEST_ERROR]);

#endif /* SKUA_KUBE_WATCH_H */
