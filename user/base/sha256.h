/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 (FIPS 180-4) of bytes that are all there.  What comes in pieces goes
 * through struct sha256_ctx of nettle, which uses the processor's own
 * instructions; libsodium does not, and takes four times as long.
 */
#ifndef SKUA_BASE_SHA256_H
#define SKUA_BASE_SHA256_H

#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

void sha256_of(uint8_t hash[SHA256_DIGEST_SIZE], const void *bytes, size_t length);

#endif /* SKUA_BASE_SHA256_H */
