// SPDX-License-Identifier: BSD-2-Clause
/* Prefix-preserving: each bit is flipped, or not, as a keyed hash of the bits before it says. */
#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "record/anonymize.h"

#define CACHE_SLOTS 4096 /* an IPv6 address costs 128 hashes, and few addresses make a capture */
#define CONTEXT "skuaaddr"
#define MAC_BYTES 6
#define MAC_GROUP 0x01
#define MAC_LOCAL 0x02

enum key { KEY_IPV4 = 1, KEY_IPV6, KEY_MAC, KEY_CACHE, KEYS };

struct slot {
	uint8_t width; /* 0: empty */
	uint8_t from[16], to[16];
};

struct anonymizer {
	uint8_t keys[KEYS][crypto_shorthash_KEYBYTES];
	struct slot slots[CACHE_SLOTS];
};

/*
 * Of addresses in a network the first `keep` bits stay; so do, of all others,
 * the bits that they share with it, else one of them could take its place.
 * Where networks lie in each other, the inner one is told first.
 */
static const struct kind {
	uint8_t width, bits, keep;
	uint8_t bytes[16];
} kinds[] = {
	{ 4, 4, 32, { 224 } }, /* multicast */
	{ 4, 8, 32, { 127 } }, /* loopback */
	/* Solicited-node multicast ends with 24 bits of a host's address. */
	{ 16, 104, 104, { 0xff, 0x02, [11] = 0x01, [12] = 0xff } },
	{ 16, 16, 128, { 0xff, 0x02 } }, /* link-local multicast */
	{ 16, 8, 16, { 0xff } },         /* other multicast may hold a network's prefix */
	{ 16, 10, 64, { 0xfe, 0x80 } },  /* link-local */
	{ 16, 3, 3, { 0x20 } },          /* global unicast */
};

static bool shares_prefix(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return !memcmp(a, b, whole) && !((a[whole] ^ b[whole]) >> (8 - rest) && rest);
}

/* Decided by the bits before this one alone: so prefixes are preserved. */
static bool stays(const uint8_t *address, unsigned width, unsigned bit)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct kind *kind = &kinds[i];
		unsigned compared = bit < kind->bits ? bit : kind->bits;

		if (kind->width != width || !shares_prefix(address, kind->bytes, compared))
			continue;
		if (bit < kind->bits || bit < kind->keep)
			return true;
		return false;
	}
	return false;
}

static bool flips(const uint8_t *key, const uint8_t *address, unsigned width, unsigned bit)
{
	uint8_t before[17] = { (uint8_t)bit }, hash[crypto_shorthash_BYTES];

	memcpy(before + 1, address, bit / 8);
	if (bit % 8)
		before[1 + bit / 8] = address[bit / 8] & (uint8_t)(0xff00 >> bit % 8);
	crypto_shorthash(hash, before, 1 + width, key);
	return hash[0] & 1;
}

static void map_once(const uint8_t *key, const uint8_t *from, uint8_t *to, unsigned width)
{
	memcpy(to, from, width);
	for (unsigned bit = 0; bit < 8 * width; bit++)
		if (!stays(from, width, bit) && flips(key, from, width, bit))
			to[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
}

/* Nobody's address, or everybody's. */
static bool is_nobody(const uint8_t *address, unsigned width)
{
	static const uint8_t zeros[16], ones[4] = { 255, 255, 255, 255 };

	if (width == 4)
		return !memcmp(address, zeros, 4) || !memcmp(address, ones, 4);
	return !memcmp(address, zeros, 15) && address[15] <= 1; /* "::" and "::1" */
}

/* Whoever would become nobody goes on to where nobody would have gone, so no two become one. */
static void map(const uint8_t *key, const uint8_t *from, uint8_t *to, unsigned width)
{
	uint8_t last[16];

	memcpy(to, from, width);
	if (is_nobody(from, width))
		return;
	do {
		memcpy(last, to, width);
		map_once(key, last, to, width);
	} while (is_nobody(to, width));
}

static void map_cached(struct anonymizer *anonymizer, enum key key, uint8_t *address,
		       unsigned width)
{
	uint8_t hash[crypto_shorthash_BYTES];
	struct slot *slot;

	crypto_shorthash(hash, address, width, anonymizer->keys[KEY_CACHE]);
	slot = &anonymizer->slots[(hash[0] | (unsigned)hash[1] << 8) % CACHE_SLOTS];
	if (slot->width != width || memcmp(slot->from, address, width)) {
		slot->width = (uint8_t)width;
		memcpy(slot->from, address, width);
		map(anonymizer->keys[key], slot->from, slot->to, width);
	}
	memcpy(address, slot->to, width);
}

void anonymizer_ipv4(struct anonymizer *anonymizer, uint8_t address[4])
{
	map_cached(anonymizer, KEY_IPV4, address, 4);
}

void anonymizer_ipv6(struct anonymizer *anonymizer, uint8_t address[16])
{
	map_cached(anonymizer, KEY_IPV6, address, 16);
}

void anonymizer_mac(struct anonymizer *anonymizer, uint8_t address[6])
{
	static const uint8_t zeros[MAC_BYTES], solicited[] = { 0x33, 0x33, 0xff };
	uint8_t hash[crypto_shorthash_BYTES];

	if (!memcmp(address, zeros, sizeof(zeros)))
		return;
	crypto_shorthash(hash, address, MAC_BYTES, anonymizer->keys[KEY_MAC]);
	if (!memcmp(address, solicited, sizeof(solicited))) {
		memcpy(address + sizeof(solicited), hash, MAC_BYTES - sizeof(solicited));
	} else if (!(address[0] & MAC_GROUP)) {
		memcpy(address, hash, MAC_BYTES);
		address[0] = (uint8_t)((address[0] & ~MAC_GROUP) | MAC_LOCAL);
	}
}

int anonymizer_open(struct anonymizer **out, const void *secret, size_t size)
{
	uint8_t master[crypto_kdf_KEYBYTES];
	struct anonymizer *anonymizer;

	if (size < ANONYMIZER_SECRET_MIN)
		return -EINVAL;
	anonymizer = calloc(1, sizeof(*anonymizer));
	if (!anonymizer)
		return -ENOMEM;
	crypto_generichash(master, sizeof(master), secret, size, NULL, 0);
	for (unsigned i = 1; i < KEYS; i++)
		crypto_kdf_derive_from_key(anonymizer->keys[i], sizeof(anonymizer->keys[i]), i,
					   CONTEXT, master);
	sodium_memzero(master, sizeof(master));
	*out = anonymizer;
	return 0;
}

void anonymizer_close(struct anonymizer *anonymizer)
{
	if (!anonymizer)
		return;
	sodium_memzero(anonymizer, sizeof(*anonymizer));
	free(anonymizer);
}
