// SPDX-License-Identifier: BSD-2-Clause
#include "base/sha256.h"

void sha256_of(uint8_t hash[SHA256_DIGEST_SIZE], const void *bytes, size_t length)
{
	struct sha256_ctx state;

	sha256_init(&state);
	sha256_update(&state, length, bytes);
	sha256_digest(&state, SHA256_DIGEST_SIZE, hash);
}
