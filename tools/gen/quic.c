// SPDX-License-Identifier: BSD-2-Clause
/* Datagrams as QUIC writes them, as far as a watcher sees. */
#include <string.h>
#include "quic.h"

#define LONG_INITIAL 0xc3 /* long header, fixed bit, Initial, a packet number of four bytes */
#define SHORT_FIXED 0x40
#define VERSION_1 1
#define VARINT_2 0x4000 /* RFC 9000, 16: two bytes */

void quic_write(struct sim *sim, struct draw *draw, const uint8_t id[QUIC_ID], uint64_t number,
		uint32_t length, uint8_t *to)
{
	const uint8_t *noise = sim->noise + draw_below(draw, NOISE_BYTES - QUIC_MOST);
	uint8_t *at = to;

	if (!number) {
		at = wire_put32(wire_put8(at, LONG_INITIAL), VERSION_1);
		at = wire_put8(at, id ? QUIC_ID : 0);
		at = wire_put(at, id, id ? QUIC_ID : 0);
		at = wire_put8(wire_put8(at, 0), 0); /* no source identifier, no token */
		at = wire_put16(at, VARINT_2 | (length - (at - to) - 2));
	} else {
		at = wire_put8(at, SHORT_FIXED | (draw_next(draw) & 0x3f));
		at = wire_put(at, id, id ? QUIC_ID : 0);
	}
	wire_put(at, noise, length - (at - to));
}
