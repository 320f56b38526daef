/* SPDX-License-Identifier: BSD-2-Clause */
/* In what versions of QUIC differ, as far as Initial packets go. */
#ifndef SKUA_DISSECT_QUIC_VERSION_H
#define SKUA_DISSECT_QUIC_VERSION_H

#include <stdint.h>

struct quic_version {
	uint32_t first, last;
	uint8_t type; /* of an Initial: two bits of the first byte */
	uint8_t salt[20];
	const char *labels[3]; /* of key, iv and header protection */
};

#endif /* SKUA_DISSECT_QUIC_VERSION_H */
