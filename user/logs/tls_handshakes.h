/* SPDX-License-Identifier: BSD-2-Clause */
/* Hellos of TLS wait until it is known whether their handshake came through, which Zeek tells. */
#ifndef SKUA_LOGS_TLS_HANDSHAKES_H
#define SKUA_LOGS_TLS_HANDSHAKES_H

#include "base/table.h"
#include "dissect/dissector.h"
#include "dissect/tls_view.h"

#define TLS_HANDSHAKES_MAX 4096

struct tls_handshake {
	struct item_place place;
	uint64_t born_ns; /* of its flow */
	struct tls_view view;
};

typedef void tls_told_fn(void *arg, const struct tls_handshake *handshake, bool established);

struct tls_handshakes {
	struct table table;
	tls_told_fn *told;
	void *arg;
	uint64_t early; /* told before their handshake was over: no room */
};

/* 0 or -ENOMEM. */
int tls_handshakes_init(struct tls_handshakes *handshakes, tls_told_fn *told, void *arg);
void tls_handshakes_fini(struct tls_handshakes *handshakes);
/* The end of a conversation is the end of what waits: all are told when conversations finish. */
void tls_handshakes_item(struct tls_handshakes *handshakes, const struct item *item,
			 uint64_t born_ns);

#endif /* SKUA_LOGS_TLS_HANDSHAKES_H */
