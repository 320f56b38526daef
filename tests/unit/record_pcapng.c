// SPDX-License-Identifier: BSD-2-Clause
/* Blocks as they lie in the file, byte for byte. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/pcapng.h"
#include "record_blocks.h"
#include "tap.h"

#define SECOND_NS 1000000000ull
#define TIME_NS (1700000000ull * SECOND_NS + 123456789)
#define ETHERNET 1
#define SNAPLEN 1514

/* ARP, who has 10.9.0.7: short, and every tool knows it. */
static const uint8_t arp[60] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0,    0, 0,  1, 0x08, 0x06,
	0,    1,    0x08, 0,    6,    4,    0,    1, 0x02, 0, 0,  0, 0,    1,
	10,   9,    0,    5,    0,    0,    0,    0, 0,    0, 10, 9, 0,    7,
};

static const char *const comments[] = { "skua.finding={\"kind\":\"beacon\"}", "one plain sentence",
					"" };

static const struct pcapng_section section = {
	.hardware = "a machine",
	.os = "Linux",
	.application = "skua test",
	.comments = comments,
	.comment_count = 3,
};

static const struct pcapng_interface eth0 = {
	.name = "eth0",
	.description = "pod web in shop",
	.os = "Linux",
	.filter = "not arp",
	.linktype = ETHERNET,
	.snaplen = SNAPLEN,
};

static const struct pcapng_statistics statistics = {
	.start_ns = TIME_NS,
	.end_ns = TIME_NS + 7,
	.received = 5000000000ull,
	.dropped = 2,
	.delivered = 4999999998ull,
};

static struct pcapng_packet packet(void)
{
	return (struct pcapng_packet){
		.time_ns = TIME_NS,
		.captured = 42,
		.length = 60,
		.bytes = arp,
	};
}

static void test_section(void)
{
	struct file file;
	const struct block *header;
	struct pcapng pcapng;

	begin_file(&file);
	ok(!pcapng_begin(&pcapng, file.stream, &section), "a section begins");
	ok(!pcapng_add_interface(&pcapng, &eth0), "an interface is added");
	ok(!pcapng_end(&pcapng), "a section ends");
	end_file(&file);
	header = &file.blocks[0];
	ok(file.whole && file.count == 2, "blocks are whole and their two lengths agree");
	ok(header->type == 0x0a0d0d0a && word(header, 0) == 0x1a2b3c4d && word(header, 4) == 1,
	   "the section's header says byte order and version 1.0");
	ok(word64(header, 8) == file.size - header->length,
	   "the section's length is patched when it ends");
	ok(is_text(header, 16, 1, 0, comments[0]) && is_text(header, 16, 1, 1, comments[1]),
	   "several comments stay several");
	ok(!find(header, 16, 1, 2), "an empty comment is left out");
	ok(is_text(header, 16, 2, 0, "a machine") && is_text(header, 16, 3, 0, "Linux") &&
		   is_text(header, 16, 4, 0, "skua test"),
	   "hardware, system and application are told");
	free(file.bytes);
}

static void test_bare(void)
{
	const struct pcapng_packet bare = packet();
	struct file file;
	struct pcapng pcapng;

	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &(struct pcapng_section){ 0 });
	pcapng_add_interface(&pcapng, &(struct pcapng_interface){ .linktype = ETHERNET });
	pcapng_add_packet(&pcapng, &bare);
	pcapng_add_names(&pcapng, NULL, 0);
	pcapng_end(&pcapng);
	end_file(&file);
	ok(file.whole && file.count == 3 && file.blocks[0].length == 28 &&
		   file.blocks[2].length == 32 + 44,
	   "what is not told takes no byte: no options, no end of options, no block of names");
	free(file.bytes);
}

static void test_interface(void)
{
	struct file file;
	struct pcapng pcapng;
	struct pcapng_interface other = eth0;
	const struct block *block;
	const uint8_t *filter;

	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &section);
	pcapng_add_interface(&pcapng, &eth0);
	other.linktype = 113;
	ok(pcapng_add_interface(&pcapng, &other) == -EINVAL, "another link type is refused");
	other = eth0;
	other.snaplen = 96;
	ok(pcapng_add_interface(&pcapng, &other) == -EINVAL, "another snapshot length is refused");
	other = eth0;
	other.name = "eth1";
	ok(!pcapng_add_interface(&pcapng, &other) && pcapng.interfaces == 2,
	   "another interface of the same kind is not");
	pcapng_end(&pcapng);
	end_file(&file);
	block = &file.blocks[1];
	filter = find(block, 8, 11, 0);
	ok(file.whole && file.count == 3, "what is refused leaves no byte");
	ok(word(block, 0) == ETHERNET && word(block, 4) == SNAPLEN,
	   "an interface has link type and snapshot length");
	ok(find(block, 8, 9, 0) && find(block, 8, 9, 0)[0] == 9, "times are in nanoseconds");
	ok(is_text(block, 8, 2, 0, "eth0") && is_text(block, 8, 3, 0, "pod web in shop") &&
		   is_text(block, 8, 12, 0, "Linux"),
	   "an interface has name, description and system");
	ok(filter && filter[0] == 0 && !memcmp(filter + 1, "not arp", 7) &&
		   option_size(filter) == 8,
	   "a filter is marked as a libpcap expression");
	free(file.bytes);
}

static void test_packet(void)
{
	struct file file;
	struct pcapng pcapng;
	struct pcapng_packet full = packet();
	const struct block *block;

	full.flags = PCAPNG_OUTBOUND;
	full.has_id = full.has_queue = true;
	full.packet_id = 0x0102030405060708;
	full.queue = 3;
	full.dropped = 6000000000ull;
	full.captured = 41;
	full.comments = comments;
	full.comment_count = 2;
	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &section);
	pcapng_add_interface(&pcapng, &eth0);
	ok(!pcapng_add_packet(&pcapng, &full) && pcapng.packets == 1, "a packet is added");
	pcapng_end(&pcapng);
	end_file(&file);
	block = &file.blocks[2];
	ok(file.whole && block->type == 6 && word(block, 0) == 0, "it is an enhanced packet");
	ok(((uint64_t)word(block, 4) << 32 | word(block, 8)) == TIME_NS,
	   "its time is in nanoseconds, high word first");
	ok(word(block, 12) == 41 && word(block, 16) == 60,
	   "a truncated packet keeps its length on the wire");
	ok(!memcmp(block->body + 20, arp, 41) && !memcmp(block->body + 61, "\0\0\0", 3),
	   "its bytes are there, padded with zeros");
	ok(is_text(block, 64, 1, 0, comments[0]) && is_text(block, 64, 1, 1, comments[1]),
	   "it has its comments");
	ok(number(block, 64, 2, 4) == 2 && number(block, 64, 4, 8) == 6000000000ull &&
		   number(block, 64, 5, 8) == 0x0102030405060708 && number(block, 64, 6, 4) == 3,
	   "it has direction, drops, number and queue");
	ok(!find(block, 64, 7, 0), "it has no verdict: editcap would damage the file");
	free(file.bytes);
}

static void test_refused_packets(void)
{
	struct file file;
	struct pcapng pcapng;
	struct pcapng_packet bad = packet();
	char *long_text = calloc(1, PCAPNG_TEXT_MAX + 1);
	const char *many[300];

	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &section);
	ok(pcapng_add_packet(&pcapng, &bad) == -EINVAL,
	   "a packet of an interface that is not described is refused");
	pcapng_add_interface(&pcapng, &eth0);
	bad.captured = 61;
	ok(pcapng_add_packet(&pcapng, &bad) == -EINVAL,
	   "more captured than was on the wire is refused");
	bad.captured = bad.length = SNAPLEN + 1;
	ok(pcapng_add_packet(&pcapng, &bad) == -EMSGSIZE,
	   "more captured than the snapshot length is refused");
	memset(long_text, 'x', PCAPNG_TEXT_MAX);
	for (unsigned i = 0; i < 300; i++)
		many[i] = long_text;
	bad = packet();
	bad.comments = many;
	bad.comment_count = 300;
	ok(pcapng_add_packet(&pcapng, &bad) == -EMSGSIZE, "a block beyond 16 MiB is refused");
	pcapng_end(&pcapng);
	end_file(&file);
	ok(file.whole && file.count == 2 && !pcapng.packets && !pcapng.error,
	   "refused packets leave no byte and do not end the file");
	free(file.bytes);
	free(long_text);
}

static void test_names(void)
{
	struct pcapng_name names[3] = { { .name = "web.shop" }, { .name = "db" }, { .name = "" } };
	struct file file;
	struct pcapng pcapng;
	const uint8_t *at;

	address_parse(&names[0].address, "10.9.0.5");
	address_parse(&names[1].address, "2001:db8::1");
	address_parse(&names[2].address, "10.9.0.6");
	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &section);
	ok(!pcapng_add_names(&pcapng, names, 3), "names are added");
	pcapng_end(&pcapng);
	end_file(&file);
	at = file.blocks[1].body;
	ok(file.whole && file.blocks[1].type == 4 && number_at(at, 2) == 1 &&
		   number_at(at + 2, 2) == 13 && !memcmp(at + 4, "\x0a\x09\x00\x05web.shop", 13),
	   "an IPv4 name record has the address and the name, ended by a zero");
	at += 4 + 16;
	ok(number_at(at, 2) == 2 && number_at(at + 2, 2) == 19 &&
		   !memcmp(at + 4, names[1].address.bytes, 16) && !memcmp(at + 20, "db", 3),
	   "an IPv6 name record has all 16 bytes");
	ok(number_at(at + 4 + 20, 4) == 0, "an empty name is left out, and the list ends");
	free(file.bytes);
}

static void test_statistics(void)
{
	struct pcapng_statistics other = statistics;
	struct file file;
	struct pcapng pcapng;
	const struct block *block;

	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &section);
	pcapng_add_interface(&pcapng, &eth0);
	other.interface = 1;
	ok(pcapng_add_statistics(&pcapng, &other) == -EINVAL,
	   "statistics of an interface that is not described are refused");
	ok(!pcapng_add_statistics(&pcapng, &statistics), "statistics are added");
	pcapng_end(&pcapng);
	end_file(&file);
	block = &file.blocks[2];
	ok(file.whole && block->type == 5 &&
		   ((uint64_t)word(block, 4) << 32 | word(block, 8)) == TIME_NS + 7,
	   "they are of the time when they were counted");
	ok(number(block, 12, 4, 8) == 5000000000ull && number(block, 12, 5, 8) == 2 &&
		   number(block, 12, 8, 8) == 4999999998ull,
	   "received, dropped and delivered packets are told");
	ok(find(block, 12, 2, 0) && number_at(find(block, 12, 2, 0), 4) == TIME_NS >> 32 &&
		   number_at(find(block, 12, 3, 0) + 4, 4) == ((TIME_NS + 7) & UINT32_MAX),
	   "begin and end are two words each, high word first");
	free(file.bytes);
}

static void test_long_text(void)
{
	char *text = malloc(PCAPNG_TEXT_MAX + 2);
	const char *one[] = { text };
	const struct pcapng_section told = { .comments = one, .comment_count = 1 };
	struct file file;
	struct pcapng pcapng;
	const uint8_t *option;

	memset(text, 'x', PCAPNG_TEXT_MAX - 1);
	strcpy(text + PCAPNG_TEXT_MAX - 1, "\xc3\xa9"); /* its second byte is one too many */
	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &told);
	pcapng_end(&pcapng);
	end_file(&file);
	option = find(&file.blocks[0], 16, 1, 0);
	ok(file.whole && option && option_size(option) == PCAPNG_TEXT_MAX - 1,
	   "a text that does not fit is cut between two characters");
	free(file.bytes);
	text[PCAPNG_TEXT_MAX - 1] = 'x';
	text[PCAPNG_TEXT_MAX] = '\0';
	begin_file(&file);
	pcapng_begin(&pcapng, file.stream, &told);
	pcapng_end(&pcapng);
	end_file(&file);
	option = find(&file.blocks[0], 16, 1, 0);
	ok(option && option_size(option) == PCAPNG_TEXT_MAX, "a text that just fits is whole");
	free(file.bytes);
	free(text);
}

/* What a second reader of the file sees of its first header's length field. */
static uint64_t length_of_section(int fd, off_t at)
{
	uint8_t field[8];

	assert(pread(fd, field, sizeof(field), at + 16) == sizeof(field));
	return number_at(field, 8);
}

static void test_streams(void)
{
	char path[] = "/tmp/skua-test-XXXXXX";
	int fd = mkstemp(path), ends[2];
	FILE *stream = fdopen(fd, "wb");
	struct pcapng pcapng;
	off_t second;

	pcapng_begin(&pcapng, stream, &section);
	pcapng_end(&pcapng);
	second = ftello(stream);
	pcapng_begin(&pcapng, stream, &section);
	pcapng_add_interface(&pcapng, &eth0);
	pcapng_end(&pcapng);
	ok(length_of_section(fd, 0) == 0 &&
		   length_of_section(fd, second) == (uint64_t)(ftello(stream) - 2 * second),
	   "a second section in the same file has its own length");
	fclose(stream);
	stream = fopen(path, "ab");
	fd = open(path, O_RDONLY);
	pcapng_begin(&pcapng, stream, &section);
	ok(!pcapng_end(&pcapng) && length_of_section(fd, 0) == 0,
	   "a stream that appends is left to append");
	fclose(stream);
	close(fd);
	unlink(path);
	assert(!pipe(ends));
	stream = fdopen(ends[1], "wb");
	pcapng_begin(&pcapng, stream, &section);
	ok(!pcapng_end(&pcapng) && pcapng.section_at < 0,
	   "a pipe gets a section of unknown length");
	fclose(stream);
	close(ends[0]);
}

static void test_full(void)
{
	FILE *full = fopen("/dev/full", "wb");
	const struct pcapng_packet one = packet();
	struct pcapng pcapng;
	int err;

	setvbuf(full, NULL, _IONBF, 0);
	err = pcapng_begin(&pcapng, full, &section);
	ok(err == -ENOSPC, "a full disk is an error with its reason");
	ok(pcapng_add_interface(&pcapng, &eth0) == -ENOSPC &&
		   pcapng_add_names(&pcapng, NULL, 0) == -ENOSPC && pcapng_end(&pcapng) == -ENOSPC,
	   "it is told again by each call");
	pcapng.interfaces = 1;
	ok(pcapng_add_packet(&pcapng, &one) == -ENOSPC && !pcapng.packets,
	   "a packet that is not written is not counted");
	fclose(full);
	full = fopen("/dev/full", "wb");
	ok(!pcapng_begin(&pcapng, full, &section) && pcapng_end(&pcapng) == -ENOSPC,
	   "what a buffer hid is told in the end");
	fclose(full);
}

int main(void)
{
	test_section();
	test_bare();
	test_interface();
	test_packet();
	test_refused_packets();
	test_names();
	test_statistics();
	test_long_text();
	test_streams();
	test_full();
	return done();
}
