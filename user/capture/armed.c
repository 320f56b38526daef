// SPDX-License-Identifier: BSD-2-Clause
/* What is armed now, and the maps that tell the kernel programs. */
#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>
#include "capture/armed.h"

/* Its place, or the one where it would be. */
static unsigned place_of(const struct armed *armed, const void *key)
{
	unsigned low = 0, high = armed->count;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (memcmp(&armed->entries[middle].key, key, sizeof(struct skua_armed_key)) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_at(const struct armed *armed, unsigned place, const void *key)
{
	return place < armed->count &&
	       !memcmp(&armed->entries[place].key, key, sizeof(struct skua_armed_key));
}

bool armed_holds(const struct armed *armed, const void *key, uint64_t now_ns)
{
	unsigned place = place_of(armed, key);

	return is_at(armed, place, key) && now_ns < armed->entries[place].until_ns;
}

static int tell_entry(const struct armed *armed, const struct skua_armed_key *key,
		      uint64_t until_ns)
{
	const struct skua_armed value = { .until_ns = until_ns };

	if (armed->map_fd < 0)
		return 0;
	return bpf_map_update_elem(armed->map_fd, key, &value, BPF_ANY) ? -errno : 0;
}

/* The programs look at entries only until then. */
static int tell_until(struct armed *armed)
{
	const uint32_t zero = 0;
	struct skua_arming value = {};

	for (unsigned i = 0; i < armed->count; i++)
		if (armed->entries[i].until_ns > value.until_ns)
			value.until_ns = armed->entries[i].until_ns;
	armed->until_ns = value.until_ns;
	if (armed->arming_fd < 0)
		return 0;
	return bpf_map_update_elem(armed->arming_fd, &zero, &value, BPF_ANY) ? -errno : 0;
}

static void delete_at(struct armed *armed, unsigned place)
{
	struct armed_entry *entry = &armed->entries[place];

	if (armed->map_fd >= 0)
		bpf_map_delete_elem(armed->map_fd, &entry->key);
	armed->count--;
	memmove(entry, entry + 1, (armed->count - place) * sizeof(*entry));
}

static void make_room(struct armed *armed)
{
	unsigned first = 0;

	for (unsigned i = 1; i < armed->count; i++)
		if (armed->entries[i].until_ns < armed->entries[first].until_ns)
			first = i;
	delete_at(armed, first);
	armed->given_up++;
}

static int insert(struct armed *armed, const struct skua_armed_key *key, uint64_t until_ns)
{
	struct armed_entry *entry;
	int err;

	if (armed->count == SKUA_ARMED_MAX)
		make_room(armed);
	err = tell_entry(armed, key, until_ns);
	if (err)
		return err;
	entry = &armed->entries[place_of(armed, key)];
	memmove(entry + 1, entry,
		(unsigned)(armed->entries + armed->count - entry) * sizeof(*entry));
	*entry = (struct armed_entry){ *key, until_ns };
	armed->count++;
	return 0;
}

int armed_put(struct armed *armed, const struct skua_armed_key *key, uint64_t until_ns)
{
	unsigned place = place_of(armed, key);
	int err = 0;

	if (!until_ns) {
		if (is_at(armed, place, key))
			delete_at(armed, place);
	} else if (!is_at(armed, place, key)) {
		err = insert(armed, key, until_ns);
	} else if (until_ns > armed->entries[place].until_ns) {
		err = tell_entry(armed, key, until_ns);
		if (!err)
			armed->entries[place].until_ns = until_ns;
	}
	return err ? err : tell_until(armed);
}

void armed_tick(struct armed *armed, uint64_t now_ns)
{
	unsigned before = armed->count;

	for (unsigned i = armed->count; i-- > 0;)
		if (armed->entries[i].until_ns <= now_ns)
			delete_at(armed, i);
	if (armed->count != before)
		tell_until(armed);
}

int armed_init(struct armed *armed, int map_fd, int arming_fd)
{
	struct skua_armed_key key;

	armed->count = 0;
	armed->given_up = 0;
	armed->map_fd = map_fd;
	armed->arming_fd = arming_fd;
	/* The first key each time: the one before it is gone.  Of a bounded number, should somebody
	 * else write. */
	for (unsigned i = 0; map_fd >= 0 && i < SKUA_ARMED_MAX; i++)
		if (bpf_map_get_next_key(map_fd, NULL, &key) || bpf_map_delete_elem(map_fd, &key))
			break;
	return tell_until(armed);
}
