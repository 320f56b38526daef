// SPDX-License-Identifier: BSD-2-Clause
/* JA4, the fingerprint of a TLS client. */
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdio.h>
#include "dissect/ja4.h"

#define EXTENSION_SERVER_NAME 0x0000
#define EXTENSION_ALPN 0x0010
#define HASH_DIGITS 12
#define COUNT_MAX 99 /* two digits */

/* A list to be hashed: 2 bytes of wire make a value. */
struct codes {
	uint16_t value[JA4_INPUT_MAX / 2];
	size_t count;
};

static void codes_add(struct codes *codes, uint16_t value)
{
	if (!ja4_is_grease(value) && codes->count < JA4_INPUT_MAX / 2)
		codes->value[codes->count++] = value;
}

/* Shell's, with Knuth's gaps: O(n^1.5) on the worst list that a client can make up. */
static void codes_sort(struct codes *codes)
{
	size_t gap = 1;

	while (gap < codes->count / 3)
		gap = 3 * gap + 1;
	for (; gap; gap /= 3) {
		for (size_t i = gap; i < codes->count; i++) {
			uint16_t value = codes->value[i];
			size_t k = i;

			for (; k >= gap && codes->value[k - gap] > value; k -= gap)
				codes->value[k] = codes->value[k - gap];
			codes->value[k] = value;
		}
	}
}

/* "1301,1302": the separator comes before all but the first. */
static void hash_codes(struct sha256_ctx *state, const struct codes *codes)
{
	char text[8];

	for (size_t i = 0; i < codes->count; i++) {
		int length = snprintf(text, sizeof(text), "%s%04x", i ? "," : "", codes->value[i]);

		sha256_update(state, length, (const uint8_t *)text);
	}
}

/* second: in its own order, behind "_" when it has values. */
static void hash_write(const struct codes *first, const struct codes *second,
		       char to[HASH_DIGITS + 1])
{
	struct sha256_ctx state;
	uint8_t hash[SHA256_DIGEST_SIZE];

	if (!first->count) {
		snprintf(to, HASH_DIGITS + 1, "%0*d", HASH_DIGITS, 0);
		return;
	}
	sha256_init(&state);
	hash_codes(&state, first);
	if (second && second->count) {
		sha256_update(&state, 1, (const uint8_t *)"_");
		hash_codes(&state, second);
	}
	sha256_digest(&state, sizeof(hash), hash);
	sodium_bin2hex(to, HASH_DIGITS + 1, hash, HASH_DIGITS / 2);
}

static const char *version_text(uint16_t version)
{
	static const struct {
		uint16_t version;
		const char *text;
	} known[] = { { 0x0304, "13" }, { 0x0303, "12" }, { 0x0302, "11" },
		      { 0x0301, "10" }, { 0x0300, "s3" }, { 0x0002, "s2" } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].version == version)
			return known[i].text;
	return "00";
}

static bool is_alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* First and last character; of the hexadecimal text if either is neither letter nor digit. */
static void alpn_write(const struct cursor *alpn, char to[2])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t first, last;

	to[0] = to[1] = '0';
	if (!alpn->left)
		return;
	first = alpn->at[0];
	last = alpn->at[alpn->left - 1];
	if (is_alphanumeric(first) && is_alphanumeric(last)) {
		to[0] = first;
		to[1] = last;
	} else {
		to[0] = digits[first >> 4];
		to[1] = digits[last & 0x0f];
	}
}

static void read_codes(struct codes *codes, struct cursor from)
{
	uint16_t value;

	codes->count = 0;
	while (cursor_u16(&from, &value))
		codes_add(codes, value);
}

/* Returns how many there are, of which *codes does not hold server name and ALPN. */
static unsigned read_extensions(struct codes *codes, struct cursor from)
{
	struct cursor body;
	unsigned count = 0;
	uint16_t type;

	codes->count = 0;
	while (cursor_u16(&from, &type) && cursor_vector16(&from, &body)) {
		count += !ja4_is_grease(type);
		if (type != EXTENSION_SERVER_NAME && type != EXTENSION_ALPN)
			codes_add(codes, type);
	}
	return count;
}

static unsigned at_most(unsigned count)
{
	return count > COUNT_MAX ? COUNT_MAX : count;
}

void ja4_write(const struct ja4_input *input, char to[JA4_TEXT])
{
	char alpn[2], cipher_hash[HASH_DIGITS + 1], extension_hash[HASH_DIGITS + 1];
	struct codes codes, signatures;
	unsigned ciphers, extensions;

	read_codes(&codes, input->ciphers);
	ciphers = codes.count;
	codes_sort(&codes);
	hash_write(&codes, NULL, cipher_hash);
	extensions = read_extensions(&codes, input->extensions);
	codes_sort(&codes);
	read_codes(&signatures, input->signatures);
	hash_write(&codes, &signatures, extension_hash);
	alpn_write(&input->alpn, alpn);
	snprintf(to, JA4_TEXT, "%c%s%c%02u%02u%.2s_%s_%s", input->quic ? 'q' : 't',
		 version_text(input->version), input->server_name ? 'd' : 'i', at_most(ciphers),
		 at_most(extensions), alpn, cipher_hash, extension_hash);
}
