/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files for one reader: encrypted to a public key, so that whoever carries or
 * stores them learns nothing but their length.  No cryptography of our own: the
 * key comes from libsodium's crypto_kx between a key pair made for this file
 * and the reader's, the content goes through crypto_secretstream (XChaCha20,
 * Poly1305), which also finds changes, cuts and additions.
 *
 * A sealed file: "SKUASEAL", version 1, seven zeros; 32 bytes: the file's public
 * key; 24 bytes: the stream's header; then chunks of 65,536 bytes, the last one
 * shorter or empty, each 17 bytes longer when sealed.  The first 48 bytes are
 * authenticated with the first chunk; the last chunk is marked final.
 *
 * Key files are one line of text: "skua-seal-public " or "skua-seal-secret ",
 * and 32 bytes in base64.
 */
#ifndef SKUA_RECORD_SEAL_H
#define SKUA_RECORD_SEAL_H

#include <stdint.h>
#include <stdio.h>

#define SEAL_KEY 32 /* bytes of either key (X25519) */

/* Writes PREFIX.pub (0644) and PREFIX.sec (0600): 0 or -errno, -EEXIST if one of them is there. */
int seal_make_keys(const char *prefix);
/* 0, -errno, or -EINVAL: no such key is in that file. */
int seal_read_public(uint8_t key[SEAL_KEY], const char *path);
int seal_read_secret(uint8_t key[SEAL_KEY], const char *path);

struct sealer;

/*
 * A stream that seals whatever is written to it and writes that to `to`, which
 * stays the caller's.  0 or -errno.  Its fclose() writes the end: when that
 * fails, the file is incomplete and will be refused.  *sealer lives as long as
 * the stream.
 */
int seal_writer(FILE **out, struct sealer **sealer, FILE *to, const uint8_t public_key[SEAL_KEY]);
/* What was written is not all: fclose() writes no end, and fails with ECANCELED. */
void seal_spoil(struct sealer *sealer);

/*
 * 0; -EPROTO: not a sealed file; -EBADMSG: changed, cut, or sealed to another
 * key; -errno of either stream.  What was written before an error is
 * authentic, but not all of it.
 */
int seal_unseal(FILE *from, FILE *to, const uint8_t secret_key[SEAL_KEY]);

#endif /* SKUA_RECORD_SEAL_H */
