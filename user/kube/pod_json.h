/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the API server says of pods, from JSON: a page of a list, or one event
 * of a watch.  The bytes may be anything; what is no pod is left out and
 * counted, what is none of both is -EBADMSG.  By jansson; -EOPNOTSUPP without it.
 */
#ifndef SKUA_KUBE_POD_JSON_H
#define SKUA_KUBE_POD_JSON_H

#include <stddef.h>
#include "kube/board.h"

#define POD_JSON_VERSION 64    /* of a resourceVersion, which is opaque */
#define POD_JSON_CONTINUE 4096 /* of where a list goes on, likewise */

struct pod_page {
	char version[POD_JSON_VERSION]; /* what a watch goes on from */
	char next[POD_JSON_CONTINUE];   /* empty: that was the last page */
};

/* Puts each pod onto the board. */
int pod_json_page(const char *text, size_t length, struct board *board, uint64_t now_ns,
		  struct pod_page *out);

/*
 * Does what the event says.  -ESTALE: the server no longer knows where we are;
 * -EREMOTEIO: it says that something else is wrong.  version gets where the
 * watch is now, and stays as it was when the event does not say.
 */
int pod_json_event(const char *text, size_t length, struct board *board, uint64_t now_ns,
		   char version[POD_JSON_VERSION]);

#endif /* SKUA_KUBE_POD_JSON_H */
