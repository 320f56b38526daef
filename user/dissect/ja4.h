/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JA4, the fingerprint of a TLS client (FoxIO, technical_details/JA4.md; the
 * client part alone, which is BSD-licensed).
 */
#ifndef SKUA_DISSECT_JA4_H
#define SKUA_DISSECT_JA4_H

#include "dissect/cursor.h"

#define JA4_TEXT 37 /* t13d1516h2_8daaf6152771_e5627efa2ab1 and the final zero */

/* RFC 8701: 0x0a0a, 0x1a1a ... 0xfafa say nothing but keep servers tolerant. */
static inline bool ja4_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/* Parts of a ClientHello as on the wire; an empty cursor where there is none. */
struct ja4_input {
	uint16_t version; /* highest of supported_versions without GREASE, else the legacy one */
	bool server_name; /* the extension is there, whatever it says */
	bool quic;        /* else TCP */
	struct cursor ciphers;
	struct cursor extensions; /* all of them: type, length, body ... */
	struct cursor signatures; /* of the extension signature_algorithms */
	struct cursor alpn;       /* the first protocol */
};

/* At most JA4_INPUT_MAX bytes of ciphers and of extensions count. */
#define JA4_INPUT_MAX 8192
void ja4_write(const struct ja4_input *input, char to[JA4_TEXT]);

#endif /* SKUA_DISSECT_JA4_H */
