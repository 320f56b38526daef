/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes over the control socket.  A request is a head and what its kind
 * needs, its length exact; every field is checked before it is used.  A reply
 * is a head that says why not; or a head and a view (status); or a head and
 * struct control_stream, with so many bytes after it (snapshot: pcapng;
 * findings: JSON lines).  Both ends are on one machine, so bytes stand in its
 * order.  One request per connection.
 */
#ifndef SKUA_SERVE_PROTOCOL_H
#define SKUA_SERVE_PROTOCOL_H

#include <stddef.h>
#include "serve/selector.h"
#include "serve/view.h"

#define CONTROL_PATH "/run/skua/control.sock"
#define CONTROL_VERSION 1 /* any change of these structs or of the view is a new one */
#define CONTROL_STREAM_MAX (1ull << 30) /* bytes after a head; more must be asked for in parts */
#define CONTROL_ARM_MAX_S 86400

enum control_kind {
	CONTROL_STATUS = 1,
	CONTROL_SNAPSHOT,    /* struct control_selector */
	CONTROL_ARM,         /* struct control_arm */
	CONTROL_FINDINGS,    /* struct control_cursor */
	CONTROL_DERIVATIONS, /* the same, of findings that tell how their scores came about */
	CONTROL_KINDS
};

enum control_verdict {
	CONTROL_OK = 0,
	CONTROL_BAD_VERSION, /* the reply's head says ours */
	CONTROL_BAD_LENGTH,
	CONTROL_BAD_KIND,
	CONTROL_BUSY,        /* too many clients, or too much work: ask again */
	CONTROL_BAD_FIELD,   /* a field has a value that it cannot have */
	CONTROL_UNSUPPORTED, /* this agent was not started with what that needs */
	CONTROL_NOTHING,     /* there are no such packets */
	CONTROL_TOO_BIG,     /* beyond CONTROL_STREAM_MAX: ask for less */
	CONTROL_FAILED,      /* the agent's log says why */
	CONTROL_FORBIDDEN,   /* it concerns no pod of the namespaces that who asks may read of */
	CONTROL_MORE = 64    /* never sent: the request is not whole yet */
};

struct control_head {
	uint32_t length; /* of all, this head included; not the bytes of a stream */
	uint16_t version;
	uint16_t what; /* enum control_kind in a request, enum control_verdict in a reply */
};

struct control_arm {
	struct control_selector selector; /* of a host or pair; no time and no cursor */
	uint32_t seconds;                 /* 1 to CONTROL_ARM_MAX_S */
	uint32_t reserved;
};

struct control_cursor {
	uint64_t next; /* of an earlier answer; 0: from the beginning */
};

struct control_request {
	struct control_head head;
	union {
		struct control_selector selector;
		struct control_arm arm;
		struct control_cursor cursor;
	};
};

struct control_reply {
	struct control_head head;
	struct status_view view;
};

struct control_stream {
	uint64_t length; /* bytes that follow */
	uint64_t next;   /* the cursor to ask with for what comes later */
	uint64_t missed; /* between the cursor asked with and the first of these, gone for good */
};

struct control_stream_reply {
	struct control_head head;
	struct control_stream stream;
};

/* A stream in memory: allocated, freed by whoever was given it. */
struct control_answer {
	char *bytes; /* NULL if there are none */
	size_t length;
	uint64_t next, missed; /* as in struct control_stream */
};

_Static_assert(sizeof(struct control_head) == 8, "both ends read the same bytes");
_Static_assert(sizeof(struct control_arm) == 64, "both ends read the same bytes");
_Static_assert(sizeof(struct control_request) == 72, "both ends read the same bytes");
_Static_assert(sizeof(struct control_reply) == 8 + sizeof(struct status_view), "no padding");
_Static_assert(sizeof(struct control_stream_reply) == 32, "both ends read the same bytes");

/* The length of such a request, or 0: there is no such kind. */
size_t control_request_length(unsigned kind);
/* Judges what has come of a request so far; *out is zeroed and filled if it is CONTROL_OK. */
enum control_verdict control_parse_request(const void *bytes, size_t length,
					   struct control_request *out);
/* The bytes that a reply of this head to such a request must have (without those of a stream), or
 * 0: it is none of ours. */
size_t control_reply_length(const struct control_head *head, enum control_kind kind);

#endif /* SKUA_SERVE_PROTOCOL_H */
