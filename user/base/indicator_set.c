// SPDX-License-Identifier: BSD-2-Clause
/* The table of indicators: adds entries, finds them. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "skua/hash.h"
#include "base/indicator_entry.h"

#define ROOM_FIRST 64 /* entries; doubled whenever they are used up */
#define TEXT_FIRST 4096

static uint32_t finish(uint64_t hash)
{
	return hash * 0xc4ceb9fe1a85ec53ull >> 32;
}

static uint32_t hash_text(const struct indicator_set *set, enum indicator_key key, const char *text,
			  size_t length)
{
	uint64_t hash = skua_mix(set->seed, (uint64_t)key << 32 | length);

	for (size_t i = 0; i < length; i += 8) {
		size_t n = length - i < 8 ? length - i : 8;
		uint64_t word = 0;

		memcpy(&word, text + i, n);
		hash = skua_mix(hash, word);
	}
	return finish(hash);
}

static uint32_t hash_network(const struct indicator_set *set, const struct address *network,
			     uint8_t prefix)
{
	uint64_t hash = skua_mix(set->seed, prefix);

	return finish(skua_mix(skua_mix(hash, network->words[0]), network->words[1]));
}

static struct address mask(const struct address *address, unsigned prefix)
{
	struct address masked = *address;

	for (unsigned i = 0; i < 16; i++) {
		unsigned bits = prefix > 8 * i ? prefix - 8 * i : 0;

		if (bits < 8)
			masked.bytes[i] &= 0xff00 >> bits;
	}
	return masked;
}

int indicator_set_keep(struct indicator_set *set, const char *text, size_t length, uint32_t *out)
{
	if (length >= INDICATORS_TEXT || set->text_bytes + length + 1 > INDICATORS_TEXT)
		return -ENOSPC;
	if (set->text_bytes + length + 1 > set->text_room) {
		uint32_t room = 2 * set->text_room;
		char *grown;

		while (room < set->text_bytes + length + 1)
			room *= 2;
		grown = realloc(set->texts, room);
		if (!grown)
			return -ENOMEM;
		set->texts = grown;
		set->text_room = room;
	}
	*out = set->text_bytes;
	memcpy(set->texts + *out, text, length);
	set->texts[*out + length] = '\0';
	set->text_bytes += length + 1;
	return 0;
}

static void put_bucket(struct indicator_set *set, uint32_t index)
{
	uint32_t at = set->entries[index].hash & set->mask;

	while (set->buckets[at])
		at = (at + 1) & set->mask;
	set->buckets[at] = index + 1;
}

/* Room for entries, and twice to four times as many buckets. */
static int grow(struct indicator_set *set)
{
	uint32_t room = set->room ? 2 * set->room : ROOM_FIRST;
	struct indicator_entry *entries = realloc(set->entries, room * sizeof(*entries));
	uint32_t *buckets = calloc(2 * room, sizeof(*buckets));

	if (entries)
		set->entries = entries;
	if (!entries || !buckets) {
		free(buckets);
		return -ENOMEM;
	}
	free(set->buckets);
	set->buckets = buckets;
	set->room = room;
	set->mask = 2 * room - 1;
	for (uint32_t i = 0; i < set->count; i++)
		put_bucket(set, i);
	return 0;
}

int indicator_set_init(struct indicator_set *set)
{
	memset(set, 0, sizeof(*set));
	/* Refused: no harm but to speed. */
	if (getrandom(&set->seed, sizeof(set->seed), GRND_NONBLOCK) < 0)
		set->seed = 0;
	set->texts = calloc(1, TEXT_FIRST);
	set->text_room = TEXT_FIRST;
	set->text_bytes = 1;
	if (set->texts && !grow(set))
		return 0;
	indicator_set_fini(set);
	return -ENOMEM;
}

void indicator_set_fini(struct indicator_set *set)
{
	free(set->entries);
	free(set->buckets);
	free(set->texts);
	memset(set, 0, sizeof(*set));
}

static const struct indicator_entry *
find_text(const struct indicator_set *set, enum indicator_key key, const char *text, size_t length)
{
	uint32_t hash = hash_text(set, key, text, length);

	for (uint32_t at = hash & set->mask; set->buckets[at]; at = (at + 1) & set->mask) {
		const struct indicator_entry *entry = &set->entries[set->buckets[at] - 1];
		const char *own = set->texts + entry->text + entry->prefix;

		if (entry->hash == hash && entry->key == key && !strncmp(own, text, length) &&
		    !own[length])
			return entry;
	}
	return NULL;
}

static const struct indicator_entry *find_network(const struct indicator_set *set,
						  const struct address *network, uint8_t prefix)
{
	uint32_t hash = hash_network(set, network, prefix);

	for (uint32_t at = hash & set->mask; set->buckets[at]; at = (at + 1) & set->mask) {
		const struct indicator_entry *entry = &set->entries[set->buckets[at] - 1];

		if (entry->hash == hash && entry->key == KEY_NETWORK && entry->prefix == prefix &&
		    address_equal(&entry->network, network))
			return entry;
	}
	return NULL;
}

static void note_prefix(struct indicator_set *set, uint8_t prefix)
{
	unsigned at = 0;

	while (at < set->prefix_count && set->prefixes[at] > prefix)
		at++;
	if (at < set->prefix_count && set->prefixes[at] == prefix)
		return;
	memmove(set->prefixes + at + 1, set->prefixes + at, set->prefix_count - at);
	set->prefixes[at] = prefix;
	set->prefix_count++;
}

static int keep_label(struct indicator_set *set, const struct indicator_draft *draft, uint32_t *out)
{
	const char *last = set->texts + set->label;

	if (!draft->label_length) {
		*out = 0;
		return 0;
	}
	if (strncmp(last, draft->label, draft->label_length) || last[draft->label_length]) {
		int err = indicator_set_keep(set, draft->label, draft->label_length, &set->label);

		if (err)
			return err;
	}
	*out = set->label;
	return 0;
}

int indicator_set_add(struct indicator_set *set, const struct indicator_draft *draft)
{
	struct indicator_entry entry = {
		.key = draft->key, .prefix = draft->prefix, .file = set->file, .line = draft->line
	};
	const char *key = draft->text + draft->prefix;
	int err = 0;

	if (draft->key == KEY_NETWORK) {
		entry.network = mask(&draft->network, draft->prefix);
		entry.hash = hash_network(set, &entry.network, entry.prefix);
		if (find_network(set, &entry.network, entry.prefix))
			return 0;
	} else {
		entry.hash = hash_text(set, draft->key, key, strlen(key));
		if (find_text(set, draft->key, key, strlen(key)))
			return 0;
	}
	if (set->count == INDICATORS_MAX)
		return -ENOSPC;
	err = indicator_set_keep(set, draft->text, strlen(draft->text), &entry.text);
	if (!err)
		err = keep_label(set, draft, &entry.label);
	if (!err && set->count == set->room)
		err = grow(set);
	if (err)
		return err;
	set->entries[set->count] = entry;
	put_bucket(set, set->count++);
	if (draft->key == KEY_NETWORK)
		note_prefix(set, draft->prefix);
	set->below |= draft->key == KEY_BELOW || draft->key == KEY_SNI_BELOW;
	return 0;
}

static bool answer(const struct indicator_set *set, const struct indicator_entry *entry,
		   struct indicator *out)
{
	static const enum indicator_kind kinds[] = {
		[KEY_NETWORK] = INDICATOR_NETWORK, [KEY_NAME] = INDICATOR_NAME,
		[KEY_BELOW] = INDICATOR_NAME,      [KEY_SNI] = INDICATOR_SNI,
		[KEY_SNI_BELOW] = INDICATOR_SNI,   [KEY_JA4] = INDICATOR_JA4,
	};

	if (!entry)
		return false;
	*out = (struct indicator){ .kind = kinds[entry->key],
				   .text = set->texts + entry->text,
				   .label = set->texts + entry->label,
				   .file = set->texts + entry->file,
				   .line = entry->line };
	if (entry->key == KEY_NETWORK && entry->prefix == 128)
		out->kind = INDICATOR_ADDRESS;
	return true;
}

bool indicator_set_find_address(const struct indicator_set *set, const struct address *address,
				struct indicator *out)
{
	/* IPv4 lies in ::ffff:0:0/96: wider networks of IPv6 do not mean it. */
	unsigned least = address_is_ipv4(address) ? 96 : 0;

	for (unsigned i = 0; i < set->prefix_count && set->prefixes[i] >= least; i++) {
		struct address network = mask(address, set->prefixes[i]);

		if (answer(set, find_network(set, &network, set->prefixes[i]), out))
			return true;
	}
	return false;
}

static const struct indicator_entry *find_either(const struct indicator_set *set, bool below,
						 bool sni, const char *name, size_t length)
{
	const struct indicator_entry *entry =
		find_text(set, below ? KEY_BELOW : KEY_NAME, name, length);

	if (!entry && sni)
		entry = find_text(set, below ? KEY_SNI_BELOW : KEY_SNI, name, length);
	return entry;
}

bool indicator_set_find_name(const struct indicator_set *set, const char *name, bool sni,
			     struct indicator *out)
{
	const struct indicator_entry *entry;
	char lower[INDICATOR_TEXT];
	size_t length = 0;

	for (; name[length] && length < sizeof(lower) - 1; length++)
		lower[length] = tolower((unsigned char)name[length]);
	if (name[length]) /* longer than any name on a list: only its end may be */
		return false;
	length -= length && lower[length - 1] == '.';
	lower[length] = '\0';
	if (!length)
		return false;
	entry = find_either(set, false, sni, lower, length);
	for (const char *dot = strchr(lower, '.'); !entry && set->below && dot;
	     dot = strchr(dot + 1, '.'))
		entry = find_either(set, true, sni, dot + 1, lower + length - dot - 1);
	return answer(set, entry, out);
}

bool indicator_set_find_ja4(const struct indicator_set *set, const char *ja4, struct indicator *out)
{
	return answer(set, find_text(set, KEY_JA4, ja4, strlen(ja4)), out);
}

size_t indicator_set_memory(const struct indicator_set *set)
{
	return set->room * sizeof(*set->entries) + 2 * (size_t)set->room * sizeof(*set->buckets) +
	       set->text_room;
}
