// SPDX-License-Identifier: BSD-2-Clause
/* Keys of QUIC's Initial packets (RFC 9001, 5.2 to 5.4), and what they open. */
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <string.h>
#include "dissect/quic_initial.h"
#include "dissect/quic_version.h"

#define SECRET SHA256_DIGEST_SIZE
#define SAMPLE 16 /* bytes, and the number takes up to four before it */
#define NUMBER_MAX 4

/* HKDF-Expand-Label with an empty context (RFC 8446, 7.1). */
static void expand(const uint8_t secret[SECRET], const char *label, uint8_t *to, size_t length)
{
	uint8_t info[64] = { 0, (uint8_t)length };
	struct hmac_sha256_ctx hmac;
	size_t at = 3, size = strlen(label);

	memcpy(info + at, "tls13 ", 6);
	memcpy(info + at + 6, label, size);
	info[2] = (uint8_t)(6 + size);
	at += 6 + size + 1; /* and a context of no bytes */
	hmac_sha256_set_key(&hmac, SECRET, secret);
	hkdf_expand(&hmac, (nettle_hash_update_func *)hmac_sha256_update,
		    (nettle_hash_digest_func *)hmac_sha256_digest, SECRET, at, info, length, to);
}

bool quic_keys_derive(const struct quic_initial *initial, struct quic_keys *out)
{
	const struct quic_version *version = initial->version;
	uint8_t secret[SECRET], client[SECRET];
	struct hmac_sha256_ctx hmac;

	hmac_sha256_set_key(&hmac, sizeof(version->salt), version->salt);
	hkdf_extract(&hmac, (nettle_hash_update_func *)hmac_sha256_update,
		     (nettle_hash_digest_func *)hmac_sha256_digest, SECRET, initial->id.left,
		     initial->id.at, secret);
	expand(secret, "client in", client, SECRET);
	expand(client, version->labels[0], out->key, sizeof(out->key));
	expand(client, version->labels[1], out->iv, sizeof(out->iv));
	expand(client, version->labels[2], out->header, sizeof(out->header));
	return true;
}

/* Copies the header without its protection; returns its size, or 0. */
static size_t open_header(const struct quic_initial *initial, const struct quic_keys *keys,
			  uint8_t *to)
{
	const uint8_t *bytes = initial->packet.at;
	size_t at = initial->number_at, size;
	struct aes128_ctx aes;
	uint8_t mask[SAMPLE];

	if (initial->packet.left < at + NUMBER_MAX + SAMPLE)
		return 0;
	aes128_set_encrypt_key(&aes, keys->header);
	aes128_encrypt(&aes, SAMPLE, mask, bytes + at + NUMBER_MAX);
	memcpy(to, bytes, at + NUMBER_MAX);
	to[0] ^= mask[0] & 0x0f;
	size = (to[0] & 3) + 1;
	for (size_t i = 0; i < size; i++)
		to[at + i] ^= mask[1 + i];
	return at + size;
}

size_t quic_initial_open(const struct quic_initial *initial, const struct quic_keys *keys,
			 uint8_t to[QUIC_INITIAL_MAX])
{
	uint8_t header[QUIC_INITIAL_MAX], nonce[GCM_IV_SIZE], tag[GCM_DIGEST_SIZE];
	size_t size, length;
	struct gcm_aes128_ctx gcm;

	if (initial->packet.left > QUIC_INITIAL_MAX)
		return 0;
	size = open_header(initial, keys, header);
	if (!size || initial->packet.left < size + sizeof(tag))
		return 0;
	length = initial->packet.left - size - sizeof(tag);
	memcpy(nonce, keys->iv, sizeof(nonce));
	/* Of a number of 62 bits so few are sent that a first flight's are all there. */
	for (size_t i = 0; i < size - initial->number_at; i++)
		nonce[sizeof(nonce) - 1 - i] ^= header[size - 1 - i];
	gcm_aes128_set_key(&gcm, keys->key);
	gcm_aes128_set_iv(&gcm, sizeof(nonce), nonce);
	gcm_aes128_update(&gcm, size, header);
	gcm_aes128_decrypt(&gcm, length, to, initial->packet.at + size);
	gcm_aes128_digest(&gcm, sizeof(tag), tag);
	return memeql_sec(tag, initial->packet.at + size + length, sizeof(tag)) ? length : 0;
}
