/* SPDX-License-Identifier: BSD-2-Clause */
/* The ClientHello of TLS 1.0 to 1.3 (RFC 8446, 4.1.2): server name, ALPN, fingerprint. */
#ifndef SKUA_DISSECT_TLS_H
#define SKUA_DISSECT_TLS_H

#include "dissect/cursor.h"
#include "dissect/fact.h"
#include "dissect/verdict.h"

/* Larger messages are not taken for a ClientHello; with post-quantum keys it has about 2 KiB. */
#define TLS_HELLO_MAX 8192

struct tls_hello {
	char name[FACT_NAME_MAX]; /* SNI; empty: none, or refused */
	char alpn[16];            /* first of the list, cut to fit; empty: none, or with a zero */
	char ja4[40];
	size_t length;    /* bytes of the stream that it took */
	uint16_t version; /* the highest that is offered, as on the wire */
	bool refused;     /* SNI said something that is no name */
	bool retry;       /* it offers TLS 1.3: a HelloRetryRequest may bring another one */
};

/*
 * bytes: of one direction, from where a ClientHello may begin.  It may be
 * spread over several records, and come behind a change_cipher_spec (so does
 * the answer to a HelloRetryRequest; RFC 8446, D.4).  DISSECT_NEED_MORE: only
 * name and alpn can be set.
 */
enum dissect_verdict tls_hello_parse(const uint8_t *bytes, size_t length, struct tls_hello *out);

/*
 * body: of the message, without records and its own header; at most
 * TLS_HELLO_MAX bytes.  quic: it came over QUIC, which JA4 tells.  *alpns: the
 * list as on the wire, within body.  false: malformed; *out is all zero.
 */
bool tls_hello_read(struct cursor body, bool quic, struct tls_hello *out, struct cursor *alpns);

#endif /* SKUA_DISSECT_TLS_H */
