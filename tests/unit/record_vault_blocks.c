// SPDX-License-Identifier: BSD-2-Clause
/* How far a pcapng file is whole, wherever it is cut or altered. */
#include "record/vault_blocks.h"
#include "vault_stage.h"

#define PACKETS 5
#define SIZE STAGE_CAPTURE(PACKETS)

static int fd = -1;
static uint32_t words[SIZE / 4];

/* The file as it stands in words; the first bytes of it. */
static struct vault_blocks scan(size_t bytes)
{
	struct vault_blocks blocks = { .whole = 1 };

	if (ftruncate(fd, 0) || pwrite(fd, words, bytes, 0) != (ssize_t)bytes ||
	    vault_blocks_scan(fd, &blocks))
		abort();
	return blocks;
}

static bool says(size_t word, uint32_t value, const char *what)
{
	uint32_t was = words[word];
	struct vault_blocks blocks;

	words[word] = value;
	blocks = scan(SIZE);
	words[word] = was;
	if (blocks.what && strstr(blocks.what, what))
		return true;
	printf("# word %zu: %s\n", word, blocks.what ? blocks.what : "nothing");
	return false;
}

static void test_cuts(void)
{
	bool good = true;

	for (size_t bytes = 0; bytes < SIZE; bytes++) {
		struct vault_blocks blocks = scan(bytes);
		size_t packets = bytes < 48 ? 0 : (bytes - 48) / 96;
		size_t whole = bytes < 28 ? 0 : bytes < 48 ? 28 : 48 + packets * 96;

		good &= blocks.whole == whole && blocks.packets == packets &&
			!blocks.what == (bytes && whole == bytes);
	}
	ok(good, "cut at any byte, what is whole before it is found");
}

/* A section, an interface and names: one address with "ab", the end, a comment. */
static const uint32_t named[] = { 0x0a0d0d0a, 28,         0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX, 28,
				  1,          20,         1,          0, 20,         4,          40,
				  0x00070001, 0x0100000a, 0x00006261, 0, 0x00020001, 0x00006968, 0,
				  40 };
#define NAMES_AT 12 /* words */

/* With one word of the names replaced; NULL: it is good. */
static const char *names_say(unsigned word, uint32_t value)
{
	uint32_t copy[sizeof(named) / sizeof(named[0])];
	struct vault_blocks blocks = { .whole = 1 };

	memcpy(copy, named, sizeof(named));
	copy[NAMES_AT + word] = value;
	if (ftruncate(fd, 0) || pwrite(fd, copy, sizeof(copy), 0) != (ssize_t)sizeof(copy) ||
	    vault_blocks_scan(fd, &blocks))
		abort();
	return blocks.what;
}

static bool names_are(unsigned word, uint32_t value, const char *what)
{
	const char *got = names_say(word, value);

	if (!got || !strstr(got, what))
		printf("# word %u: %s\n", word, got ? got : "nothing");
	return got && strstr(got, what);
}

static void test_names(void)
{
	ok(!names_say(0, 4), "names and their options are good");
	ok(names_are(2, 0x00ff0001, "records that do not fit") &&
		   names_are(2, 0x00190001, "records that do not fit"),
	   "a record is not longer than its block");
	ok(!names_say(2, 0x00050001) && !names_say(2, 0x00080001),
	   "its length is rounded up to whole words");
	ok(names_are(5, 0x000c0001, "records that do not fit"), "the last is empty");
	ok(names_are(6, 0x00ff0001, "bad options"), "options fit behind it");
}

static void test_damage(void)
{
	ok(!scan(SIZE).what && scan(SIZE).packets == PACKETS, "a good file is good");
	ok(says(0, 6, "does not begin with a section header"), "it begins with a section");
	ok(says(2, 0, "has no byte order"), "a section has its magic");
	ok(says(3, 2, "a section header is malformed"), "and a version");
	ok(says(8, 22, "impossible length"), "a block's length is a multiple of four");
	ok(says(8, 8, "impossible length"), "and at least twelve");
	ok(says(8, 24, "two lengths differ"), "and stands at its end, too");
	ok(says(14, 1, "an interface that is not there"), "a packet's interface was described");
	ok(says(17, 65, "longer than its block"), "a packet fits into its block");
	ok(says(17, 40, "options that do not fit"), "so do its options");
	ok(says(4, 10, "does not have the length that it names") &&
		   says(5, 7, "length that it names"),
	   "a section has the length that it names");
}

static void test_order(void)
{
	struct vault_blocks blocks;

	for (size_t i = 0; i < SIZE / 4; i++)
		words[i] = __builtin_bswap32(words[i]);
	words[3] = words[3] << 16 | words[3] >> 16; /* the versions are halves */
	words[9] = words[9] << 16 | words[9] >> 16; /* as is a link type */
	blocks = scan(SIZE);
	ok(!blocks.what && blocks.packets == PACKETS && blocks.swapped,
	   "a file of a machine of the other byte order is read as well");
	for (size_t i = 0; i < SIZE / 4; i++)
		words[i] = __builtin_bswap32(words[i]);
}

static void test_mend(void)
{
	struct vault_blocks blocks;

	words[3] = 1;
	words[9] = 1;
	words[4] = SIZE - 28;
	words[5] = 0;
	ok(!scan(SIZE).what, "a section may name its length");
	blocks = scan(SIZE - 10);
	ok(blocks.what && !vault_blocks_cut(fd, &blocks) && !vault_blocks_scan(fd, &blocks) &&
		   !blocks.what && blocks.packets == PACKETS - 1 && blocks.size == SIZE - 96 &&
		   blocks.section_length == UINT64_MAX,
	   "cut to whole blocks, it is open again");
}

/* Twice the file, one section behind the other; the words of the second as they are. */
static struct vault_blocks scan_two(const uint32_t second[SIZE / 4], size_t bytes)
{
	struct vault_blocks blocks;

	if (ftruncate(fd, 0) || pwrite(fd, words, SIZE, 0) != SIZE ||
	    pwrite(fd, second, bytes, SIZE) != (ssize_t)bytes || vault_blocks_scan(fd, &blocks))
		abort();
	return blocks;
}

static void test_sections(void)
{
	uint32_t second[SIZE / 4], length[2];
	struct vault_blocks blocks;

	memcpy(second, words, SIZE);
	blocks = scan_two(second, SIZE);
	ok(!blocks.what && blocks.sections == 2 && blocks.packets == 2 * PACKETS &&
		   blocks.section_at == SIZE,
	   "two sections are read, each with the length that it names");
	second[4] += 96;
	blocks = scan_two(second, SIZE);
	ok(blocks.what && strstr(blocks.what, "length that it names") && blocks.whole == 2 * SIZE,
	   "the second has to have its own");
	second[4] -= 96;
	second[7] = 0xbad; /* a custom block where the interface was described */
	blocks = scan_two(second, SIZE);
	ok(blocks.what && strstr(blocks.what, "an interface that is not there") &&
		   blocks.packets == PACKETS,
	   "interfaces of the first are not those of the second");
	second[7] = words[7];
	blocks = scan_two(second, SIZE - 10);
	ok(blocks.what && !vault_blocks_cut(fd, &blocks) && pread(fd, length, 8, 16) == 8 &&
		   length[0] == SIZE - 28 && !length[1] && pread(fd, length, 8, SIZE + 16) == 8 &&
		   length[0] == UINT32_MAX && length[1] == UINT32_MAX &&
		   !vault_blocks_scan(fd, &blocks) && !blocks.what,
	   "a cut opens the second and leaves the first as it was");
}

static void test_statistics(void)
{
	/* Type, length, interface, when, an option without a value, length. */
	uint32_t block[SIZE / 4] = { 5, 28, 0, 0x01020304, 5, 0, 28 };

	words[4] = words[5] = UINT32_MAX;
	ok(!scan_two(block, 28).what, "statistics of an interface that was described are read");
	block[2] = 1;
	ok(scan_two(block, 28).what && strstr(scan_two(block, 28).what, "a statistics block"),
	   "those of another are not");
	block[2] = 0;
	block[1] = block[4] = 20;
	ok(scan_two(block, 20).what, "nor are those without a time");
}

int main(void)
{
	FILE *stream = tmpfile();

	if (!stream)
		return 1;
	put_capture(stream, PACKETS, 1);
	fflush(stream);
	fd = fileno(stream);
	if (pread(fd, words, SIZE, 0) != SIZE)
		return 1;
	test_cuts();
	test_names();
	test_damage();
	test_order();
	test_mend();
	test_sections();
	test_statistics();
	fclose(stream);
	return done();
}
