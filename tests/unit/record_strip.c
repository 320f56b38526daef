// SPDX-License-Identifier: BSD-2-Clause
/* A stripped copy has everything but what the section says of itself; what is no file is refused.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "record/pcapng.h"
#include "record/strip.h"
#include "record_blocks.h"
#include "record_samples.h"
#include "tap.h"

#define SECTION_OPTIONS 16 /* bytes of a section header's body before its options */
#define PACKET_OPTIONS 20

static int memory_with(const void *bytes, size_t size)
{
	int fd = memfd_create("strip", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET))
		abort();
	return fd;
}

/* *out is malloc'ed. */
static int strip(const void *bytes, size_t size, char **out, size_t *length)
{
	int from = memory_with(bytes, size), to = memory_with("", 0), err;

	err = strip_comments(from, to);
	*length = lseek(to, 0, SEEK_END);
	*out = malloc(*length + 1);
	if (!*out || pread(to, *out, *length, 0) != (ssize_t)*length)
		abort();
	close(from);
	close(to);
	return err;
}

static void take_apart(struct file *file, const char *bytes, size_t size)
{
	begin_file(file);
	fwrite(bytes, 1, size, file->stream);
	end_file(file);
}

static void make(struct file *file, bool with_comments)
{
	static const char *const comments[] = { "skua.finding={\"secret\":1}", "a sentence" };
	static const char *const remark[] = { "first packet" };
	const struct pcapng_section section = { .os = "Linux",
						.application = "skua",
						.comments = comments,
						.comment_count = with_comments ? 2 : 0 };
	const struct pcapng_interface interface = { .name = "lan",
						    .linktype = 1,
						    .snaplen = 65535 };
	struct pcapng_packet packet = { .bytes = bytes_of(1),
					.captured = 60,
					.length = 60,
					.time_ns = 7,
					.comments = remark,
					.comment_count = 1 };
	struct pcapng pcapng;

	begin_file(file);
	if (pcapng_begin(&pcapng, file->stream, &section) ||
	    pcapng_add_interface(&pcapng, &interface) || pcapng_add_packet(&pcapng, &packet) ||
	    pcapng_add_packet(&pcapng, &packet) || pcapng_end(&pcapng))
		abort();
	end_file(file);
}

static void test_copy(void)
{
	struct file with, without, got;
	char *bytes;
	size_t length;

	make(&with, true);
	make(&without, false);
	ok(!strip(with.bytes, with.size, &bytes, &length) && length == without.size &&
		   !memcmp(bytes, without.bytes, length),
	   "the copy is the file as it were had it been written without comments");
	take_apart(&got, bytes, length);
	ok(got.whole && got.count == 4 && !find(&got.blocks[0], SECTION_OPTIONS, 1, 0) &&
		   is_text(&got.blocks[0], SECTION_OPTIONS, 4, 0, "skua") &&
		   find(&got.blocks[2], PACKET_OPTIONS + 60, 1, 0),
	   "what else the section says stays, and so do comments of packets");
	free(bytes);
	ok(!strip(without.bytes, without.size, &bytes, &length) && length == without.size &&
		   !memcmp(bytes, without.bytes, length),
	   "a file without comments is copied as it is");
	free(bytes);
	free(got.bytes);
	free(with.bytes);
	free(without.bytes);
}

/* Whole blocks may end anywhere; everything else is no file. */
static void test_cuts(void)
{
	struct file file;
	bool sound = true;
	char *bytes;
	size_t length;

	make(&file, true);
	for (size_t size = 0; size < file.size; size++) {
		bool whole = false;
		size_t end = 0;
		int err = strip(file.bytes, size, &bytes, &length);

		for (unsigned i = 0; i < file.count; i++)
			whole |= (end += file.blocks[i].length) == size;
		sound &= err == (whole ? 0 : -EBADMSG);
		free(bytes);
	}
	ok(sound, "of a file cut at any byte whole blocks are copied, and half ones refused");
	free(file.bytes);
}

static void test_damage(void)
{
	struct file file, got;
	uint64_t state = 1;
	bool sound = true;
	char *bytes;
	size_t length, at;
	unsigned copied = 0;

	make(&file, true);
	for (int i = 0; i < 20000; i++) {
		char was;
		int err;

		at = next_random(&state) % file.size;
		was = file.bytes[at];
		file.bytes[at] ^= 1 + next_random(&state) % 255;
		err = strip(file.bytes, file.size, &bytes, &length);
		take_apart(&got, bytes, length);
		sound &= err ? err == -EBADMSG : got.whole && length <= file.size;
		copied += !err;
		free(got.bytes);
		free(bytes);
		file.bytes[at] = was;
	}
	ok(sound && copied,
	   "a file with a wrong byte anywhere is refused, or its copy has whole blocks");
	sound = true;
	for (int i = 0; i < 2000; i++) {
		uint8_t garbage[256];

		for (size_t k = 0; k < sizeof(garbage); k++)
			garbage[k] = next_random(&state);
		sound &= strip(garbage, next_random(&state) % sizeof(garbage), &bytes, &length) ==
			 -EBADMSG;
		free(bytes);
	}
	ok(sound, "garbage is no file, nor is nothing");
	at = file.blocks[0].length;
	ok(strip(file.bytes + at, file.size - at, &bytes, &length) == -EBADMSG && !length,
	   "blocks without a section before them are no file");
	free(bytes);
	ok(strip_comments(-1, -1) < 0, "without descriptors there is an error");
	free(file.bytes);
}

/* Options that fill their block to its end, with no end of their list. */
static void test_without_end(void)
{
	uint32_t block[] = {
		0x0a0d0d0a, 40, 0x1a2b3c4d, 1, ~0u, ~0u, 4 << 16 | 4, 0x61756b73, 0, 40
	};
	char *bytes;
	size_t length;
	struct file got;

	block[8] = 1; /* a comment of no length */
	ok(!strip(block, sizeof(block), &bytes, &length) && length == 40,
	   "a list of options need not end");
	take_apart(&got, bytes, length);
	ok(got.whole && is_text(&got.blocks[0], SECTION_OPTIONS, 4, 0, "skua") &&
		   !find(&got.blocks[0], SECTION_OPTIONS, 1, 0),
	   "the copy's list ends, without the comment");
	free(got.bytes);
	free(bytes);
}

int main(void)
{
	test_copy();
	test_cuts();
	test_damage();
	test_without_end();
	return done();
}
