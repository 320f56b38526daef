/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes over the control socket: a head, and in replies that are OK the
 * view.  Both ends are on one machine, so bytes stand in its order.  One
 * request per connection; more kinds will come, each with its exact length.
 */
#ifndef SKUA_SERVE_PROTOCOL_H
#define SKUA_SERVE_PROTOCOL_H

#include <stddef.h>
#include "serve/view.h"

#define CONTROL_PATH "/run/skua/control.sock"
#define CONTROL_VERSION 1 /* any change of these structs or of the view is a new one */

enum control_kind { CONTROL_STATUS = 1 };

enum control_verdict {
	CONTROL_OK = 0,
	CONTROL_BAD_VERSION, /* the reply's head says ours */
	CONTROL_BAD_LENGTH,
	CONTROL_BAD_KIND,
	CONTROL_BUSY,     /* too many clients: ask again */
	CONTROL_MORE = 64 /* never sent: the request is not whole yet */
};

struct control_head {
	uint32_t length; /* of all, this head included */
	uint16_t version;
	uint16_t what; /* enum control_kind in a request, enum control_verdict in a reply */
};

struct control_reply {
	struct control_head head;
	struct status_view view;
};

_Static_assert(sizeof(struct control_head) == 8, "both ends read the same bytes");
_Static_assert(sizeof(struct control_reply) == 8 + sizeof(struct status_view), "no padding");

/* Judges what has come of a request so far; *out is set unless it is CONTROL_MORE. */
enum control_verdict control_parse_request(const void *bytes, size_t length,
					   struct control_head *out);
/* The bytes that a reply whose head this is must have, or 0: it is none of ours. */
size_t control_reply_length(const struct control_head *head);

#endif /* SKUA_SERVE_PROTOCOL_H */
