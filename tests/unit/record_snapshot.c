// SPDX-License-Identifier: BSD-2-Clause
/* A file says which packets matter, in which direction they went, and what is not in it. */
#include <errno.h>
#include "record/snapshot.h"
#include "record_blocks.h"
#include "record_samples.h"
#include "skua/link.h"
#include "tap.h"

#define START (1767225600 * SECOND)
#define SECTION_OPTIONS 16
#define INTERFACE_OPTIONS 8
#define STATISTICS_OPTIONS 12
#define ROWS 68
#define INTERFACES 64 /* that a file names at most */

enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, NAMES = 4, STATISTICS = 5, PACKET = 6 };

static struct skua_sample_event events[ROWS];
static struct sample_row rows[ROWS];
static struct recorder_selection selection;

static void add(const struct talk *talk, uint64_t time_ns, bool from_client, uint32_t length)
{
	struct skua_sample_event *event = &events[selection.count];

	*event = sample_of(talk, time_ns, from_client, SKUA_ACK, length);
	rows[selection.count] = (struct sample_row){ .number = selection.count + 1,
						     .event = event,
						     .bytes = bytes_of(1),
						     .captured = length };
	selection.rows = rows;
	selection.count++;
}

static void begin(void)
{
	memset(&selection, 0, sizeof(selection));
}

static struct snapshot_result write_file(struct file *file, const struct snapshot_about *about,
					 int link)
{
	struct snapshot_result result = { 0 };

	begin_file(file);
	if (snapshot_write(file->stream, about, &selection, link, &result))
		result.packets = UINT64_MAX;
	end_file(file);
	return result;
}

/* The index-th block of a type, or NULL. */
static const struct block *block_of(const struct file *file, uint32_t type, unsigned index)
{
	for (unsigned i = 0; i < file->count; i++)
		if (file->blocks[i].type == type && !index--)
			return &file->blocks[i];
	return NULL;
}

static unsigned options_at(const struct block *packet)
{
	return 20 + ((word(packet, 12) + 3) & ~3u);
}

static bool has_comment(const struct file *file, unsigned packet, const char *text)
{
	const struct block *block = block_of(file, PACKET, packet);

	for (unsigned i = 0; block && i < 5; i++)
		if (is_text(block, options_at(block), 1, i, text))
			return true;
	return false;
}

static unsigned comments_of(const struct file *file, unsigned packet)
{
	const struct block *block = block_of(file, PACKET, packet);
	unsigned count = 0;

	while (block && find(block, options_at(block), 1, count))
		count++;
	return count;
}

static const struct talk ssh = { 5, 9, 1000, 22, SKUA_TCP };
static const struct talk beacon = { 5, 9, 1000, 443, SKUA_TCP },
			 dns = { 5, 53, 2000, 53, SKUA_UDP };

/* A beacon with a question before it and another conversation behind it. */
static struct snapshot_result write_beacon(struct file *file)
{
	struct finding finding = { .kind = FINDING_BEACON,
				   .id = "7f3a0000",
				   .has_dst = true,
				   .dport = 443,
				   .proto = SKUA_TCP,
				   .trigger_ns = START + 601 * SECOND };
	const char *const said[] = { "skua.finding={}", "a sentence" };
	const struct pcapng_name name = { .address = host_of(9), .name = "evil.example" };
	const struct snapshot_about about = { .finding = &finding,
					      .comments = said,
					      .comment_count = 2,
					      .names = &name,
					      .name_count = 1,
					      .application = "skua 1",
					      .os = "Linux",
					      .dropped = 3 };

	return write_file(file, &about, SKUA_LINK_ETHERNET);
}

static void add_beacon(void)
{
	begin();
	add(&dns, START, true, 100);
	add(&beacon, START + SECOND, true, 200);
	add(&beacon, START + SECOND + 1, false, 200);
	add(&beacon, START + 301 * SECOND + SECOND / 2, true, 200);
	add(&beacon, START + 601 * SECOND, true, 200);
	add(&beacon, START + 602 * SECOND, false, 100);
	add(&ssh, START + 602 * SECOND, true, 100);
	events[5].length = 1400;
	events[4].head.ifindex = 2;
}

static void test_comments(void)
{
	struct snapshot_result result;
	struct file file;

	add_beacon();
	result = write_beacon(&file);
	ok(file.whole && result.packets == 7 && !result.other_links && result.first_ns == START &&
		   result.last_ns == START + 602 * SECOND,
	   "all rows are in the file, which is whole");
	ok(has_comment(&file, 0, "beacon 7f3a: first packet kept") && comments_of(&file, 0) == 1,
	   "the first packet is marked, and a question is no callback");
	ok(has_comment(&file, 1, "beacon 7f3a: callback 1") && comments_of(&file, 2) == 0 &&
		   has_comment(&file, 3, "beacon 7f3a: callback 2, +300.5 s") &&
		   has_comment(&file, 4, "beacon 7f3a: callback 3, +299.5 s"),
	   "callbacks are counted with the time between them, answers are none");
	ok(comments_of(&file, 6) == 1, "nor is what its client says to another port");
	ok(has_comment(&file, 4, "beacon 7f3a: found here") &&
		   has_comment(&file, 6, "beacon 7f3a: last packet kept"),
	   "so are the packet at which it was found, and the last");
	free(file.bytes);
}

static void test_by_name(void)
{
	struct finding named = { .kind = FINDING_BEACON,
				 .id = "7f3a0000",
				 .trigger_ns = START + 601 * SECOND };
	const struct snapshot_about about = { .finding = &named, .application = "skua 1" };
	struct file file;

	add_beacon();
	write_file(&file, &about, SKUA_LINK_ETHERNET);
	ok(comments_of(&file, 0) == 1 && has_comment(&file, 1, "beacon 7f3a: callback 1"),
	   "a beacon by name calls back wherever that is, its questions do not");
	free(file.bytes);
	begin();
	add(&dns, START, true, 100);
	add(&dns, START + 60 * SECOND, true, 100);
	write_file(&file, &about, SKUA_LINK_ETHERNET);
	ok(has_comment(&file, 0, "beacon 7f3a: callback 1") &&
		   has_comment(&file, 1, "beacon 7f3a: callback 2, +60.0 s"),
	   "when there are only questions, they are the callbacks");
	free(file.bytes);
}

static void test_blocks(void)
{
	const struct block *block;
	struct file file;

	add_beacon();
	write_beacon(&file);
	block = block_of(&file, PACKET, 1);
	ok(number(block, options_at(block), 2, 4) == PCAPNG_OUTBOUND &&
		   number(block_of(&file, PACKET, 2), options_at(block_of(&file, PACKET, 2)), 2,
			  4) == PCAPNG_INBOUND,
	   "packets of our side go out, those of the others come in");
	ok(number(block, options_at(block), 5, 8) == 2, "a packet has its number as id");
	block = block_of(&file, PACKET, 5);
	ok(word(block, 12) == 100 && word(block, 16) == 1400,
	   "a cut packet says its length on the wire");
	ok(is_text(&file.blocks[0], SECTION_OPTIONS, 1, 0, "skua.finding={}") &&
		   is_text(&file.blocks[0], SECTION_OPTIONS, 1, 1, "a sentence") &&
		   is_text(&file.blocks[0], SECTION_OPTIONS, 4, 0, "skua 1") &&
		   is_text(&file.blocks[0], SECTION_OPTIONS, 3, 0, "Linux"),
	   "the section says what the file is for, and who wrote it where");
	ok(block_of(&file, INTERFACE, 1) && !block_of(&file, INTERFACE, 2) &&
		   is_text(block_of(&file, INTERFACE, 1), INTERFACE_OPTIONS, 2, 0, "2") &&
		   word(block_of(&file, PACKET, 4), 0) == 1 &&
		   word(block_of(&file, PACKET, 5), 0) == 0,
	   "each interface is there once, and packets name theirs");
	ok(block_of(&file, NAMES, 0) != NULL, "so are the names");
	block = block_of(&file, STATISTICS, 0);
	ok(number(block, STATISTICS_OPTIONS, 5, 8) == 3 &&
		   number(block, STATISTICS_OPTIONS, 8, 8) == 6 &&
		   number(block, STATISTICS_OPTIONS, 4, 8) == 9 &&
		   !number(block_of(&file, STATISTICS, 1), STATISTICS_OPTIONS, 5, 8),
	   "what was received was delivered or lost, and a loss counts on one interface only");
	free(file.bytes);
	events[0].flags |= SKUA_SAMPLE_EITHER;
	write_beacon(&file);
	block = block_of(&file, PACKET, 0);
	ok(!find(block, options_at(block), 2, 0), "between two of our own there is no direction");
	free(file.bytes);
}

static void test_links(void)
{
	const struct snapshot_about about = { .application = "skua 1" };
	struct snapshot_result result;
	struct file file;

	begin();
	for (int i = 0; i < 5; i++)
		add(&beacon, START + i * SECOND, true, 100);
	events[0].link = events[3].link = SKUA_LINK_SLL2;
	events[4].link = 77;
	ok(snapshot_link(&selection) == SKUA_LINK_ETHERNET,
	   "of equally many link types the first counts");
	events[1].link = SKUA_LINK_SLL2;
	ok(snapshot_link(&selection) == SKUA_LINK_SLL2, "else the one that most rows have");
	result = write_file(&file, &about, SKUA_LINK_SLL2);
	ok(result.packets == 3 && result.other_links == 2 && block_of(&file, PACKET, 2) &&
		   !block_of(&file, PACKET, 3) &&
		   number_at(block_of(&file, INTERFACE, 0)->body, 2) == 276,
	   "a file has the rows of one link type, and says it");
	ok(comments_of(&file, 0) == 0, "when nobody found anything no packet is marked");
	free(file.bytes);
	events[3].link = SKUA_LINK_ETHERNET;
	events[2].head.time_ns = START + 602 * SECOND;
	events[3].head.time_ns = START + 603 * SECOND;
	result = write_beacon(&file);
	ok(result.packets == 2 && has_comment(&file, 0, "beacon 7f3a: first packet kept") &&
		   has_comment(&file, 1, "beacon 7f3a: last packet kept"),
	   "of those with findings the first and the last that the file has are marked");
	ok(has_comment(&file, 0, "beacon 7f3a: found here"),
	   "and the first, when all came after what found them");
	free(file.bytes);
}

static void test_totals(void)
{
	const struct snapshot_about about = { .application = "skua 1" };
	struct recorder_totals totals = { .totals = { .payload = { 10, 20000000000 },
						      .packets = { 3, 4 },
						      .since_ns = START,
						      .until_ns = START + 60 * SECOND } };
	struct file file;

	begin();
	add(&dns, START, true, 100);
	add(&dns, START + 1, false, 100);
	add(&beacon, START + 2, false, 100);
	totals.key = keep_key_of(&events[0]);
	selection.totals = &totals;
	selection.totals_count = 1;
	write_file(&file, &about, SKUA_LINK_ETHERNET);
	ok(has_comment(&file, 1,
		       "skua.totals={\"proto\":\"UDP\",\"low\":\"0.0.0.5\",\"high\":\"0.0.0.53\","
		       "\"port\":53,\"payload_low\":10,\"payload_high\":20000000000,"
		       "\"packets_low\":3,\"packets_high\":4,"
		       "\"since\":\"2026-01-01T00:00:00.000000000Z\","
		       "\"until\":\"2026-01-01T00:01:00.000000000Z\"}"),
	   "the totals of a pair stand on its last packet");
	ok(comments_of(&file, 0) == 0 && comments_of(&file, 2) == 0, "and on no other");
	free(file.bytes);
	events[1].link = SKUA_LINK_RAW;
	write_file(&file, &about, SKUA_LINK_ETHERNET);
	ok(comments_of(&file, 0) == 1 && comments_of(&file, 1) == 0,
	   "its last in this file, that is");
	free(file.bytes);
}

/* As many interfaces as a file names; packets of further ones are shown on the last. */
static void test_interfaces(void)
{
	const struct snapshot_about about = { .application = "skua 1" };
	struct file file;
	bool own = true;
	char name[8];

	begin();
	for (unsigned i = 0; i < ROWS; i++) {
		add(&beacon, START + i, true, 60);
		events[i].head.ifindex = 100 + i;
	}
	write_file(&file, &about, SKUA_LINK_ETHERNET);
	for (unsigned i = 0; i < INTERFACES; i++) {
		const struct block *block = block_of(&file, INTERFACE, i);

		snprintf(name, sizeof(name), "%u", 100 + i);
		own &= block && is_text(block, INTERFACE_OPTIONS, 2, 0, name) &&
		       word(block_of(&file, PACKET, i), 0) == i;
	}
	ok(own, "each of many interfaces has its name and its packets");
	ok(!block_of(&file, INTERFACE, INTERFACES), "a file has no more of them than 64");
	for (unsigned i = INTERFACES; i < ROWS; i++)
		own &= word(block_of(&file, PACKET, i), 0) == INTERFACES - 1;
	ok(own, "packets of further ones are shown on the last");
	ok(number(block_of(&file, STATISTICS, INTERFACES - 1), STATISTICS_OPTIONS, 4, 8) ==
			   ROWS - INTERFACES + 1 &&
		   number(block_of(&file, STATISTICS, 0), STATISTICS_OPTIONS, 4, 8) == 1,
	   "and counted there");
	free(file.bytes);
}

static void test_errors(void)
{
	const struct snapshot_about about = { .application = "skua 1" };
	struct snapshot_result result = { .packets = 99 };
	FILE *full = fopen("/dev/full", "w");

	begin();
	add(&beacon, START, true, 100);
	ok(full && snapshot_write(full, &about, &selection, 0, &result) == -ENOSPC &&
		   result.packets == 99,
	   "a stream without room is an error");
	if (full)
		fclose(full);
}

int main(void)
{
	test_comments();
	test_by_name();
	test_blocks();
	test_links();
	test_totals();
	test_interfaces();
	test_errors();
	return done();
}
