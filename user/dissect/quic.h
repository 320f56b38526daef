/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QUIC over UDP: the client's hello, put together from its Initial packets.
 * What authenticates is QUIC; nothing else is taken for it, and only it takes
 * room.  Hellos that are not complete wait, so many at a time that the one
 * silent longest gives way.
 */
#ifndef SKUA_DISSECT_QUIC_H
#define SKUA_DISSECT_QUIC_H

#include "base/table.h"
#include "dissect/dissector.h"

#define QUIC_HELLOS 256 /* at a time, 10 KiB each */

struct quic {
	struct table hellos;
};

/* 0 or -ENOMEM. */
int quic_init(struct quic *quic);
void quic_fini(struct quic *quic);

/* place: of the datagram.  true: it began as QUIC does, and nobody else needs to look. */
bool quic_datagram(struct quic *quic, const struct item_place *place, struct cursor datagram,
		   item_fn *say, void *arg);

#endif /* SKUA_DISSECT_QUIC_H */
