// SPDX-License-Identifier: BSD-2-Clause
/* Names seen on the wire, each kept once. */
#include <stdio.h>
#include <string.h>
#include "skua/hash.h"
#include "track/names.h"

#define NAME_TEXT 256

struct name {
	uint64_t used_ns;
	char text[NAME_TEXT];
};

uint64_t name_hash(const char *name)
{
	size_t length = strlen(name);
	uint64_t hash = length, word;

	for (; length >= 8; name += 8, length -= 8)
		hash = skua_mix(hash, skua_load64(name));
	word = 0;
	memcpy(&word, name, length);
	hash = skua_mix(skua_mix(hash, word), 0);
	return hash ? hash : 1;
}

static uint64_t name_worth(const void *value)
{
	return ((const struct name *)value)->used_ns;
}

int names_init(struct names *names, uint32_t capacity)
{
	struct table_options options = {
		.key_size = sizeof(uint64_t),
		.value_size = sizeof(struct name),
		.capacity = capacity,
		.worth = name_worth,
	};

	return table_init(&names->table, &options);
}

void names_fini(struct names *names)
{
	table_fini(&names->table);
}

uint64_t names_add(struct names *names, const char *text, uint64_t now_ns)
{
	uint64_t hash = name_hash(text);
	bool is_new;
	struct name *name = table_get(&names->table, &hash, &is_new);

	if (is_new)
		snprintf(name->text, sizeof(name->text), "%s", text);
	name->used_ns = now_ns;
	return hash;
}

const char *names_text(const struct names *names, uint64_t hash)
{
	const struct name *name = table_find(&names->table, &hash);

	return name ? name->text : "";
}
