/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Initial packets of QUIC (RFC 9000, 17.2.2; RFC 9369; drafts 23 to 32): they
 * are encrypted with keys that everybody can work out (RFC 9001, 5.2), so they
 * tell whether they are genuine.
 */
#ifndef SKUA_DISSECT_QUIC_INITIAL_H
#define SKUA_DISSECT_QUIC_INITIAL_H

#include "dissect/cursor.h"

#define QUIC_INITIAL_MAX 2048 /* bytes of a packet: a datagram that no network cuts */
#define QUIC_ID_MAX 20        /* bytes of a connection's name */

struct quic_version;

struct quic_initial {
	const struct quic_version *version;
	struct cursor id;     /* the client's name for the server */
	struct cursor packet; /* all of it */
	size_t number_at;     /* where the protected part begins */
};

/* Of the client. */
struct quic_keys {
	uint8_t key[16], iv[12], header[16];
};

static inline bool quic_is_long(const uint8_t *bytes, size_t length)
{
	return length > 6 && bytes[0] >> 7;
}

/* The next packet of a datagram, and *datagram behind it; false: no Initial. */
bool quic_initial_next(struct cursor *datagram, struct quic_initial *out);
/* false: this program cannot. */
bool quic_keys_derive(const struct quic_initial *initial, struct quic_keys *out);
/* Frames in clear to *to; their size, or 0: with other keys, or by nobody's. */
size_t quic_initial_open(const struct quic_initial *initial, const struct quic_keys *keys,
			 uint8_t to[QUIC_INITIAL_MAX]);

/* A piece of what the handshake says (RFC 9000, 19.6). */
struct quic_crypto {
	uint64_t offset;
	struct cursor bytes;
};

/* The next CRYPTO frame; false: no more, or something that no Initial may have. */
bool quic_crypto_next(struct cursor *frames, struct quic_crypto *out);

#endif /* SKUA_DISSECT_QUIC_INITIAL_H */
