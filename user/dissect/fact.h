/* SPDX-License-Identifier: BSD-2-Clause */
/* What dissectors say of bytes that others sampled, and the machine of who runs on it. */
#ifndef SKUA_DISSECT_FACT_H
#define SKUA_DISSECT_FACT_H

#include <stdbool.h>
#include "skua/flow.h"
#include "base/address.h"

#define FACT_NAME_MAX 256
#define FACT_ADDRESSES 16
#define FACT_PATH 384
#define FACT_ACCOUNT 33

enum fact_kind {
	FACT_HELLO = 1, /* a client told the name of whom it wants to reach */
	FACT_NAME,      /* a DNS answer: a name and the addresses it has */
	FACT_ORIGIN,    /* whose sockets those of a control group and an account are */
};

/* All text is what the wire says: not yet escaped, but without zeros, and terminated. */
struct fact_hello {
	struct skua_flow_key key;
	uint8_t client;           /* enum skua_side */
	bool tls;                 /* else HTTP */
	bool connect;             /* HTTP CONNECT: name is the target behind the proxy */
	bool literal;             /* name is an IP address */
	char name[FACT_NAME_MAX]; /* SNI or Host without port, lower case; empty: none was given */
	char alpn[16];            /* first of the list */
	char ja4[40];             /* of the TLS client; empty for HTTP */
};

struct fact_name {
	struct address client;    /* who asked */
	char name[FACT_NAME_MAX]; /* of the question, lower case, without the last dot */
	unsigned address_count;
	struct address addresses[FACT_ADDRESSES];
};

/* As this machine calls them: what a journal could not ask again. */
struct fact_origin {
	uint64_t cgroup; /* with uid, what identities say */
	uint32_t uid;
	char account[FACT_ACCOUNT]; /* empty: it has no name */
	char path[FACT_PATH];       /* of the control group; empty: not known */
};

struct fact {
	enum fact_kind kind;
	uint64_t time_ns;
	union {
		struct fact_hello hello;
		struct fact_name name;
		struct fact_origin origin;
	};
};

typedef void fact_fn(void *arg, const struct fact *fact);

#endif /* SKUA_DISSECT_FACT_H */
