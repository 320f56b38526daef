/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * One hash for sketches, in the kernel and in user space, so that their bits
 * can be compared and ORed; user tables use it too.  Multiplicative mixing
 * with the constants of MurmurHash3's finaliser (public domain); the seed
 * hides the layout from whoever chooses the keys.
 */
#ifndef SKUA_HASH_H
#define SKUA_HASH_H

#include "skua/port.h"

skua_inline __u64 skua_mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0xff51afd7ed558ccdull;
	return hash ^ hash >> 32;
}

/* length: a multiple of 8, constant where the kernel compiles it. */
skua_inline __u32 skua_hash(const void *key, __u32 length, __u64 seed)
{
	const __u8 *at = key;
	__u64 hash = seed ^ 0x9e3779b97f4a7c15ull;

	for (__u32 i = 0; i < length; i += 8)
		hash = skua_mix(hash, skua_load64(at + i));
	hash *= 0xc4ceb9fe1a85ec53ull;
	return hash >> 32;
}

#endif /* SKUA_HASH_H */
