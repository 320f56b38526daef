/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and secrets that somebody sent in clear, to prove who he is. */
#ifndef SKUA_DISSECT_CREDENTIAL_H
#define SKUA_DISSECT_CREDENTIAL_H

#include "dissect/cursor.h"

#define CREDENTIAL_MAX 512 /* bytes of a name or a secret that is kept; longer ones are cut */

/* Borrowed bytes, as the wire has them; an empty cursor with an address is an empty text. */
struct credential {
	const char *protocol;       /* "FTP" */
	const char *method;         /* "PASS" */
	struct cursor user, secret; /* at NULL: there was none */
};

struct credential_text {
	uint16_t length;
	uint8_t bytes[CREDENTIAL_MAX];
};

void credential_keep(struct credential_text *to, struct cursor text);
static inline struct cursor credential_kept(const struct credential_text *text)
{
	return (struct cursor){ text->bytes, text->length };
}
/* Base64, with or without padding; false: it is none, or too long. */
bool credential_decode(struct cursor text, struct credential_text *out);
/* "authorised \0 user \0 secret" (RFC 4616), in Base64; the parts lie within *room. */
bool credential_plain(struct cursor text, struct credential_text *room, struct credential *out);

#endif /* SKUA_DISSECT_CREDENTIAL_H */
