// SPDX-License-Identifier: BSD-2-Clause
/* Fuzzes certificates, and what QUIC packets have within once they are opened. */
#include <stdlib.h>
#include <string.h>
#include "dissect/certificate.h"
#include "dissect/quic_initial.h"

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length);

static void read_quic(struct cursor bytes)
{
	struct cursor datagram = bytes, frames = bytes;
	uint8_t clear[QUIC_INITIAL_MAX];
	struct quic_initial initial;
	struct quic_crypto piece;
	struct quic_keys keys;

	while (quic_initial_next(&datagram, &initial))
		if (quic_keys_derive(&initial, &keys) &&
		    quic_initial_open(&initial, &keys, clear) >= QUIC_INITIAL_MAX)
			abort();
	while (quic_crypto_next(&frames, &piece))
		if (piece.bytes.at < bytes.at ||
		    piece.bytes.at + piece.bytes.left > bytes.at + bytes.left)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length)
{
	/* A block of exactly that size shows who reads beyond it. */
	uint8_t *bytes = malloc(length ? length : 1);
	struct certificate certificate;

	if (length)
		memcpy(bytes, input, length);
	certificate_read((struct cursor){ bytes, length }, &certificate);
	if (strlen(certificate.subject) >= CERTIFICATE_NAME ||
	    strlen(certificate.issuer) >= CERTIFICATE_NAME ||
	    strlen(certificate.not_after) >= CERTIFICATE_TIME)
		abort();
	read_quic((struct cursor){ bytes, length });
	free(bytes);
	return 0;
}
