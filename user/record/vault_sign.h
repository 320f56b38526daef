/* SPDX-License-Identifier: BSD-2-Clause */
/* Ed25519 signatures in minisign's format (keys without a password), so that minisign reads them.
 */
#ifndef SKUA_RECORD_VAULT_SIGN_H
#define SKUA_RECORD_VAULT_SIGN_H

#include <stddef.h>

#define VAULT_SIGNATURE_MAX 512 /* the text of one, and a zero */

struct vault_secret {
	unsigned char id[8], key[64];
};
struct vault_public {
	unsigned char id[8], key[32];
};

/* 0 or -errno: -EBADMSG is no such key, -ENOKEY one with a password. */
int vault_secret_read(const char *path, struct vault_secret *out);
/* A file, or the key itself as minisign prints it. */
int vault_public_read(const char *path_or_key, struct vault_public *out);
/* comment is what the signature vouches for beside the bytes; its length returned, or 0. */
size_t vault_sign(const struct vault_secret *secret, const void *bytes, size_t length,
		  const char *comment, char to[VAULT_SIGNATURE_MAX]);
/* NULL, or what is wrong with the signature. */
const char *vault_sign_check(const struct vault_public *key, const void *bytes, size_t length,
			     const char *signature);

#endif /* SKUA_RECORD_VAULT_SIGN_H */
