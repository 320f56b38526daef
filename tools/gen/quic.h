/* SPDX-License-Identifier: BSD-2-Clause */
/* Datagrams as QUIC writes them (RFC 9000, 17), as far as a watcher sees. */
#ifndef SKUA_GEN_QUIC_H
#define SKUA_GEN_QUIC_H

#include "sim.h"

#define QUIC_ID 8         /* bytes of a connection's identifier */
#define QUIC_INITIAL 1200 /* a client's first datagram has no fewer (14.1) */
#define QUIC_LEAST 40
#define QUIC_MOST 1500

/* The number-th datagram of one side; length is QUIC_LEAST .. QUIC_MOST, or QUIC_INITIAL for the
 * first.  id: as the receiver chose it; NULL: it chose an empty one. */
void quic_write(struct sim *sim, struct draw *draw, const uint8_t id[QUIC_ID], uint64_t number,
		uint32_t length, uint8_t *to);

#endif /* SKUA_GEN_QUIC_H */
