/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a protocol must bring to be read from conversations: how its first
 * bytes look, and a machine that takes bytes of both sides in order and says
 * what they mean, item by item.  A machine is pure: no clock, no I/O, no
 * allocation; its state is one struct of fixed size, zeroed at the beginning.
 * Hostile bytes may make it say nonsense, never read or write elsewhere.
 */
#ifndef SKUA_DISSECT_DISSECTOR_H
#define SKUA_DISSECT_DISSECTOR_H

#include "dissect/cursor.h"
#include "skua/flow_key.h"

enum item_kind {
	ITEM_DNS = 1,       /* struct dns_view */
	ITEM_HTTP_REQUEST,  /* struct http_message: the head */
	ITEM_HTTP_RESPONSE, /* struct http_message: the head */
	ITEM_HTTP_BODY,     /* struct http_body: some bytes of one, transfer coding removed */
	ITEM_HTTP_END,      /* struct http_body: no more of it, lost says how complete it is */
	ITEM_TLS,           /* struct tls_view; the place is that of the ClientHello */
	ITEM_TLS_SEALED,    /* struct tls_view: both sides encrypt, so the handshake came through */
	ITEM_CREDENTIAL,    /* struct credential */
	ITEM_FTP,           /* struct ftp_line; the greeting of other servers may be one, too */
	ITEM_BYTES,     /* struct bytes_piece: of a connection that was announced (FTP's data) */
	ITEM_BYTES_END, /* struct bytes_piece: no more of this side */
	ITEM_SMB2,      /* struct smb2_view: one command, asked or answered */
	ITEM_SMB2_DATA, /* struct smb2_data: bytes that the ITEM_SMB2 before it carries */
	ITEM_OVER,      /* the conversation is; no machine says more of it */
	ITEM_KINDS
};

/* Where in the capture: whose bytes, and the frame that brought the last of them. */
struct item_place {
	struct skua_flow_key key;
	uint64_t conversation; /* number of it, from 1: a key may come again */
	uint64_t frame;        /* from 1 */
	uint64_t time_ns;
	uint8_t client; /* enum skua_side */
	uint8_t sender; /* enum skua_side */
};

/* Everything is borrowed for the call. */
struct item {
	enum item_kind kind;
	const struct item_place *place;
	const void *is; /* the struct that the kind names */
};

typedef void item_fn(void *arg, const struct item *item);

/* What a machine is called with. */
struct dissector_call {
	struct item_place place;
	item_fn *say;
	void *arg;
	bool last;    /* this side says no more */
	bool restart; /* set by a machine: from here on it is another protocol */
	/* Set by a machine: what it says from here on depends on where segments begin. */
	bool guessing;
	/* At the end, a bit by side: it was closed in order. */
	uint8_t closed;
	/* A connection to this port of the sender will carry bytes alone; may be NULL. */
	void (*expect)(struct dissector_call *call, uint16_t port);
};

static inline void dissector_say(struct dissector_call *call, enum item_kind kind, const void *is)
{
	const struct item item = { kind, &call->place, is };

	call->say(call->arg, &item);
}

enum dissector_claim {
	CLAIM_NO,
	CLAIM_UNSURE, /* more bytes would tell */
	CLAIM_YES,
};

/* What both sides said so far, from a place where a message may begin. */
struct dissector_begin {
	const struct skua_flow_key *key; /* ports are hints, no more */
	struct cursor said[2];           /* by enum skua_side; empty: nothing yet */
	uint8_t client;                  /* who opened, or spoke first */
};

struct dissector {
	const char *name;
	size_t state_size;
	enum dissector_claim (*claim)(const struct dissector_begin *begin);
	/*
	 * Takes what it can use of the bytes that call->place.sender sent; what it
	 * leaves is shown again with more behind it.  Nothing taken of so many that
	 * no more can be kept: they are lost.
	 */
	size_t (*take)(void *state, struct dissector_call *call, const uint8_t *bytes,
		       size_t length);
	/* So many bytes of this side are not in the capture; may be NULL. */
	void (*lost)(void *state, struct dissector_call *call, uint64_t bytes);
	/* This side says no more, and all it said was shown; may be NULL, and come twice. */
	void (*ended)(void *state, struct dissector_call *call);
	/* The conversation is over; may be NULL. */
	void (*end)(void *state, struct dissector_call *call);
};

extern const struct dissector dns_dissector;
extern const struct dissector http_dissector;
extern const struct dissector tls_dissector;
extern const struct dissector line_dissector;
extern const struct dissector ldap_dissector;
extern const struct dissector telnet_dissector;
extern const struct dissector smb2_dissector;
extern const struct dissector bytes_dissector; /* only of announced connections */

/* All of them, in the order in which they are asked; ended by NULL. */
extern const struct dissector *const dissectors[];

#endif /* SKUA_DISSECT_DISSECTOR_H */
