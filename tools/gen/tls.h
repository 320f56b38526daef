/* SPDX-License-Identifier: BSD-2-Clause */
/* The plain part of TLS 1.3 (RFC 8446): what the two sides say before all is encrypted. */
#ifndef SKUA_GEN_TLS_H
#define SKUA_GEN_TLS_H

#include "draw.h"

#define TLS_HELLO_MOST 768 /* bytes of a record with the longest name */

/*
 * A ClientHello in its record: with a name (SNI) unless "", and either as
 * browsers write it (GREASE, ALPN h2) or as small libraries do.  Returns its
 * length.  The session id is kept for the server's echo.
 */
uint32_t tls_client_hello(uint8_t *to, struct draw *draw, const char *name, bool browser,
			  uint8_t session_id[32]);
/* ServerHello and ChangeCipherSpec. */
uint32_t tls_server_hello(uint8_t *to, struct draw *draw, const uint8_t session_id[32]);
uint32_t tls_change_cipher_spec(uint8_t *to);

#endif /* SKUA_GEN_TLS_H */
