/* SPDX-License-Identifier: BSD-2-Clause */
/* Names and secrets in HTTP: Authorization fields (RFC 7617, RFC 7616) and forms. */
#ifndef SKUA_DISSECT_HTTP_CREDENTIAL_H
#define SKUA_DISSECT_HTTP_CREDENTIAL_H

#include "dissect/credential.h"

/* Where what was decoded lies. */
struct http_credential_room {
	struct credential_text user, secret;
};

/* value: of Authorization or Proxy-Authorization; Basic, or Digest, where the secret is not said.
 */
bool http_credential_read(struct cursor value, struct http_credential_room *room,
			  struct credential *out);
/* body: application/x-www-form-urlencoded; true if it has a field named like a password's. */
bool http_form_read(struct cursor body, struct http_credential_room *room, struct credential *out);

#endif /* SKUA_DISSECT_HTTP_CREDENTIAL_H */
