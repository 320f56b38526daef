/* SPDX-License-Identifier: BSD-2-Clause */
/* One entry of a set of indicators: for the set's own files only. */
#ifndef SKUA_BASE_INDICATOR_ENTRY_H
#define SKUA_BASE_INDICATOR_ENTRY_H

#include "base/indicator_set.h"

enum indicator_key {
	KEY_NETWORK, /* an address is a network of 128 bits */
	KEY_NAME,
	KEY_BELOW, /* every name that ends in a dot and this one */
	KEY_SNI,
	KEY_SNI_BELOW,
	KEY_JA4
};

struct indicator_entry {
	struct address network;
	uint32_t hash;
	uint32_t text, label, file; /* offsets */
	uint32_t line;
	uint8_t key;    /* enum indicator_key */
	uint8_t prefix; /* KEY_NETWORK: bits; else octets of the text before the key */
	uint8_t reserved[2];
};
_Static_assert(sizeof(struct indicator_entry) == 40, "what a million of them takes is promised");

/* What a line says, before it is an entry.  text is terminated. */
struct indicator_draft {
	enum indicator_key key;
	struct address network;
	uint8_t prefix;
	const char *text, *label;
	size_t label_length;
	unsigned line;
};

/* Adds the entry unless its key is there: 0, -ENOSPC or -ENOMEM. */
int indicator_set_add(struct indicator_set *set, const struct indicator_draft *draft);
/* Keeps a text: *out is its offset.  0, -ENOSPC or -ENOMEM. */
int indicator_set_keep(struct indicator_set *set, const char *text, size_t length, uint32_t *out);

#endif /* SKUA_BASE_INDICATOR_ENTRY_H */
