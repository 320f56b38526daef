// SPDX-License-Identifier: BSD-2-Clause
/* How much distinct information the names under one domain have carried. */
#include <string.h>
#include "skua/hash.h"
#include "track/information.h"

#define LABELS_MAX 128
#define LABEL_COST 8 /* bits a new label costs beside its text: its length, and that it is new */

enum alphabet { HEX_DIGIT = 1, LOWER = 2, UPPER = 4, PLAIN = 8, BASE64 = 16, OTHER = 32 };

static unsigned alphabet_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return HEX_DIGIT;
	if (c >= 'a' && c <= 'z')
		return c <= 'f' ? LOWER | HEX_DIGIT : LOWER | PLAIN;
	if (c >= 'A' && c <= 'Z')
		return c <= 'F' ? UPPER | HEX_DIGIT : UPPER | PLAIN;
	if (c == '-' || c == '_')
		return PLAIN;
	return c == '+' || c == '/' || c == '=' ? BASE64 : OTHER;
}

/* Bits that a character can carry, by the smallest alphabet that holds the whole label. */
static unsigned alphabet_bits(const uint8_t *label, size_t length, bool fold)
{
	unsigned seen = 0;

	for (size_t i = 0; i < length; i++)
		seen |= alphabet_of(label[i]);
	if (fold)
		seen &= ~UPPER;
	if (seen & OTHER)
		return 8;
	if (seen & BASE64 || (seen & (LOWER | UPPER)) == (LOWER | UPPER))
		return 6;
	return seen & PLAIN ? 5 : 4;
}

static unsigned binary_digits(uint32_t n)
{
	return n ? 32 - __builtin_clz(n) : 0;
}

static bool bit_set(uint64_t *words, uint32_t bit)
{
	uint64_t mask = 1ull << (bit & 63);
	bool was_clear = !(words[bit / 64] & mask);

	words[bit / 64] |= mask;
	return was_clear;
}

/* A label with its length octet, folded where case says nothing; zeros behind it. */
static uint32_t label_hash(const uint8_t *label, bool fold)
{
	uint8_t text[64] = { 0 };
	size_t size = label[0] + 1u;

	memcpy(text, label, size);
	for (size_t i = 1; fold && i < size; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] += 'a' - 'A';
	return skua_hash(text, (size + 7) & ~7u, 0);
}

static void forget_labels(struct information *information)
{
	memset(information->labels, 0, sizeof(information->labels));
	information->label_marked = information->label_count = 0;
}

static unsigned label_bits(struct information *information, const uint8_t *label, uint32_t hash,
			   bool fold)
{
	bool a = bit_set(information->labels, hash % INFORMATION_LABEL_BITS);
	bool b = bit_set(information->labels, (hash >> 16) % INFORMATION_LABEL_BITS);

	if (!a && !b) /* ceil(log2(1 + n)) */
		return binary_digits(information->label_count);
	information->label_marked += a + b;
	information->label_count++;
	return LABEL_COST + label[0] * alphabet_bits(label + 1, label[0], fold);
}

bool information_add(struct information *information, const uint8_t *labels, size_t length,
		     bool fold)
{
	uint32_t hashes[LABELS_MAX], count = 0, bits = 0;
	uint64_t name = 0, weight_q8;

	for (size_t at = 0; at < length && count < LABELS_MAX; at += labels[at] + 1u) {
		if (!labels[at] || labels[at] > 63 || at + labels[at] >= length)
			return false;
		hashes[count] = label_hash(labels + at, fold);
		name = skua_mix(name, hashes[count++]);
	}
	if (!count || information_is_full(information))
		return false;
	weight_q8 = 256 * INFORMATION_NAME_BITS / (INFORMATION_NAME_BITS - information->marked);
	if (!bit_set(information->names, (name >> 32) % INFORMATION_NAME_BITS))
		return false;
	information->marked++;
	if (information->label_marked > INFORMATION_LABEL_BITS / 2)
		forget_labels(information);
	for (size_t at = 0, i = 0; i < count; at += labels[at] + 1u, i++)
		bits += label_bits(information, labels + at, hashes[i], fold);
	information->distinct_q8 += weight_q8;
	information->characters_q8 += weight_q8 * (length - 1);
	information->bits_q8 += weight_q8 * bits;
	return true;
}

bool information_is_full(const struct information *information)
{
	return information->marked >= INFORMATION_NAME_BITS_FULL;
}

uint64_t information_bytes(const struct information *information)
{
	return information->bits_q8 / (256 * 8);
}

uint64_t information_distinct(const struct information *information)
{
	return (information->distinct_q8 + 128) / 256;
}

double information_mean_length(const struct information *information)
{
	if (!information->distinct_q8)
		return 0;
	return (double)information->characters_q8 / information->distinct_q8;
}

void information_decay(struct information *information)
{
	if (information->marked > INFORMATION_NAME_BITS / 2)
		memset(information, 0, sizeof(*information));
	information->distinct_q8 /= 2;
	information->characters_q8 /= 2;
	information->bits_q8 /= 2;
}
