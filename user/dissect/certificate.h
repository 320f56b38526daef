/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom an X.509 certificate names (RFC 5280): of the DER no more is read than that. */
#ifndef SKUA_DISSECT_CERTIFICATE_H
#define SKUA_DISSECT_CERTIFICATE_H

#include "dissect/cursor.h"

#define CERTIFICATE_NAME 192 /* text with the final zero; longer names are cut */
#define CERTIFICATE_TIME 24  /* 2026-01-05T08:00:00Z and the final zero */

/* Names as "CN=...,O=..." (RFC 4514), with what of the two there is; the first of each. */
struct certificate {
	char subject[CERTIFICATE_NAME];
	char issuer[CERTIFICATE_NAME];
	char not_before[CERTIFICATE_TIME], not_after[CERTIFICATE_TIME];
};

/* der: may be cut at its end.  false: it is none; *out then holds what was read so far. */
bool certificate_read(struct cursor der, struct certificate *out);

#endif /* SKUA_DISSECT_CERTIFICATE_H */
