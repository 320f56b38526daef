/* SPDX-License-Identifier: BSD-2-Clause */
/* What the clear part of a TLS handshake says, of both sides. */
#ifndef SKUA_DISSECT_TLS_VIEW_H
#define SKUA_DISSECT_TLS_VIEW_H

#include "dissect/certificate.h"
#include "dissect/tls.h"

#define TLS_VIEW_ALPNS 128 /* bytes; what of a list does not fit is not shown */

struct tls_view {
	struct tls_hello hello;
	bool quic;     /* else TCP */
	bool answered; /* by a ServerHello; what follows is zero if not */
	bool resumed;  /* an earlier session goes on: no certificate is shown */
	bool retried;  /* by a HelloRetryRequest: the client says another hello */
	uint16_t version, cipher;
	uint8_t alpns_length, chosen_length;
	uint8_t alpns[TLS_VIEW_ALPNS]; /* offered; each has a byte of length in front */
	char chosen[32];               /* ALPN; TLS 1.3 encrypts it */
	/* Of the server; TLS 1.3 encrypts it.  Empty where there was none. */
	struct certificate certificate;
};

#define TLS_NAME_TEXT 16

/* The message without its header; false: malformed, and nothing is shown of it. */
bool tls_view_client_hello(struct tls_view *view, struct cursor body);
bool tls_view_server_hello(struct tls_view *view, struct cursor body);
/* The first of the list; it may be cut. */
void tls_view_certificate(struct tls_view *view, struct cursor body);

/* "TLS 1.2"; "0x7f17" where there is no name. */
const char *tls_version_text(uint16_t version, char to[TLS_NAME_TEXT]);
/* As IANA names it, without TLS_; "0x1234" for what is not in common use. */
const char *tls_cipher_text(uint16_t cipher, char to[TLS_NAME_TEXT]);

#endif /* SKUA_DISSECT_TLS_VIEW_H */
