// SPDX-License-Identifier: BSD-2-Clause
/* What outlives a run: what is new and what is not, room that runs out, and its form on disk. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "track/memory_file.h"
#include "tap.h"

#define DAY MEMORY_DAY_NS
#define START (20000 * DAY)

static const struct memory_options small = {
	.relations = 64, .sources = 8, .routes = 8, .seed = 7
};
static struct memory memory;

static struct address address(unsigned last)
{
	struct address out;

	address_parse(&out, "203.0.113.0");
	out.bytes[14] = last >> 8;
	out.bytes[15] = last;
	return out;
}

static void meet(unsigned client, unsigned server, uint64_t now_ns)
{
	struct address a = address(client), b = address(server);

	memory_meet(&memory, &a, &b, 0, now_ns);
}

static uint64_t first_seen(unsigned client, unsigned server)
{
	struct address a = address(client), b = address(server);

	return memory_first_seen(&memory, &a, &b, 0);
}

static void begin(void)
{
	memory_fini(&memory);
	memory_init(&memory, &small);
}

static void test_first_seen(void)
{
	struct address client = address(1);

	begin();
	meet(1, 2, START);
	meet(1, 3, START + DAY - 1);
	meet(1, 4, START + DAY);
	ok(!first_seen(1, 2) && !first_seen(1, 3), "in its first day a memory calls nothing new");
	ok(first_seen(1, 4) == START + DAY, "from then on it does");
	meet(1, 4, START + 5 * DAY);
	ok(first_seen(1, 4) == START + DAY, "once only");
	ok(!first_seen(4, 1) && !first_seen(2, 4), "who never met is not known");
	memory_meet(&memory, &client, NULL, 99, START + 2 * DAY);
	ok(memory_first_seen(&memory, &client, NULL, 99) == START + 2 * DAY &&
		   !memory_first_seen(&memory, &client, NULL, 98),
	   "names are relations of their own");
}

/* 64 relations, then others: what was forgotten must not look new when it comes back. */
static void test_full(void)
{
	bool silent = true;

	begin();
	for (unsigned i = 0; i < 64; i++)
		meet(1, i, START + i);
	for (unsigned i = 64; i < 200; i++)
		meet(1, i, START + 2 * DAY + i);
	ok(memory.relations.used == 64 && memory_evicted(&memory) == 136, "the oldest give way");
	ok(memory.since_ns >= START + 40, "and the memory reaches back no further than to them");
	for (unsigned i = 0; i < 200; i++) {
		meet(1, i, memory.since_ns + DAY / 2);
		silent &= !first_seen(1, i);
	}
	ok(silent, "so that nothing which comes back within a day is called new");
}

static void *pack(size_t *size)
{
	void *bytes = malloc(memory_size(&memory));

	*size = memory_size(&memory);
	memory_write(&memory, bytes);
	return bytes;
}

static void fill(void)
{
	begin();
	for (unsigned i = 0; i < 50; i++)
		meet(i, i + 1, START + i * DAY / 10);
	for (unsigned i = 0; i < 6; i++)
		for (unsigned hour = 0; hour < 30; hour++) {
			struct address a = address(i), b = address(100 + i);

			memory_upload(&memory, &a, &b, 1000 << i, 5, START + hour * DAY / 24);
		}
}

static void test_again(void)
{
	struct memory read;
	struct address a = address(3), b = address(103);
	struct baseline before;
	size_t size, again_size;
	void *bytes, *again;

	fill();
	before = *memory_baseline(&memory, &a, &b);
	bytes = pack(&size);
	memory_init(&read, &(struct memory_options){ .relations = 64, .sources = 8, .routes = 8 });
	ok(!memory_read(&read, bytes, size), "what was written is read");
	ok(read.relations.used == 50 && read.sources.used == 6 && read.routes.used == 6 &&
		   read.since_ns == memory.since_ns && read.options.seed == 7,
	   "all of it");
	ok(!memcmp(memory_baseline(&read, &a, &b), &before, sizeof(before)), "to the last bit");
	memory_fini(&memory);
	memory = read;
	memory.relations.options.arg = &memory;
	ok(first_seen(40, 41) == START + 4 * DAY && !first_seen(3, 4), "relations are found again");
	again = pack(&again_size);
	ok(again_size == size && !memcmp(again, bytes, size), "and written the same");
	free(again);
	free(bytes);
}

static int read_changed(uint8_t *bytes, size_t size, bool sealed)
{
	struct memory read;
	int err;

	if (sealed)
		crypto_generichash(bytes + size - MEMORY_HASH, MEMORY_HASH, bytes,
				   size - MEMORY_HASH, NULL, 0);
	memory_init(&read, &small);
	err = memory_read(&read, bytes, size);
	if (err && read.relations.used)
		err = 0; /* something was taken */
	memory_fini(&read);
	return err;
}

static void test_damage(void)
{
	size_t size, first = sizeof(struct memory_header);
	uint8_t *bytes, *copy;
	bool all = true;

	fill();
	bytes = pack(&size);
	copy = malloc(size + 1);
	for (size_t i = 0; i < size; i += 7) {
		memcpy(copy, bytes, size);
		copy[i] ^= 1 << i % 8;
		all &= read_changed(copy, size, false) < 0;
	}
	ok(all, "a bit that is wrong, anywhere, is told");
	memcpy(copy, bytes, size);
	for (size_t cut = 0; cut < size; cut += 11)
		all &= read_changed(copy, cut, false) == -ENODATA;
	ok(all, "cut anywhere it is cut short");
	ok(read_changed(copy, size + 1, false) == -EBADMSG, "what is longer is damaged");
	copy[8]++;
	ok(read_changed(copy, size, true) == -ENOTSUP, "a newer version is told as such");
	ok(read_changed((uint8_t *)"P5 something else, and longer than a header is: no state", 56,
			false) == -EPROTO,
	   "another file is none");
	memcpy(copy, bytes, size);
	memcpy(copy + first + 24, copy + first, 8);
	ok(read_changed(copy, size, true) == -EBADMSG, "one relation twice is nobody's writing");
	memcpy(copy, bytes, size);
	memset(copy + first + 8, 0xff, 8);
	ok(read_changed(copy, size, true) == -EBADMSG, "nor one that ends before it begins");
	memcpy(copy, bytes, size);
	memset(copy + first + 50 * 24 + 32 + 32, 0xff, 8);
	ok(read_changed(copy, size, true) == -EBADMSG, "nor a mean below nothing");
	free(copy);
	free(bytes);
}

static void test_room(void)
{
	struct memory read;
	size_t size;
	void *bytes;

	fill();
	bytes = pack(&size);
	memory_init(&read, &(struct memory_options){ .relations = 49, .sources = 8, .routes = 8 });
	ok(memory_read(&read, bytes, size) == -EFBIG, "what there is no room for is not cut down");
	ok(memory_size_max(&memory) >= size, "and nobody reads more than fits");
	memory_fini(&read);
	free(bytes);
}

int main(void)
{
	test_first_seen();
	test_full();
	test_again();
	test_damage();
	test_room();
	memory_fini(&memory);
	return done();
}
