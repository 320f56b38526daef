// SPDX-License-Identifier: BSD-2-Clause
/* SMB1 is read as SMB2 is: rows, chains, statuses of before NT, and files. */
#include <stdlib.h>
#include <string.h>
#include "analyze/object_answers.h"
#include "analyze/smb_answers.h"
#include "dissect/smb1_view.h"
#include "items_played.h"

#define UNICODE 0xc001 /* and NT's statuses */
#define FID 0x4001

static void begin(bool objects)
{
	const struct object_answers_options settings = { NULL, 1000, 1000 };

	items_begin(objects ? object_answers_open(&analyst, &settings)
			    : smb_answers_open(&analyst, false));
}

static uint8_t message[1024]; /* four octets of length, then the header */
static size_t length;

static void put(size_t at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		message[4 + at + i] = value >> 8 * i;
}

/* A message of this command alone; words follow at 33, bytes behind them. */
static void command(uint8_t number, uint16_t id, bool response, uint32_t status, unsigned words,
		    size_t bytes)
{
	memset(message, 0, sizeof(message));
	memcpy(message + 4, "\xffSMB", 4);
	put(4, number, 1);
	put(5, status, 4);
	put(9, response ? 0x80 : 0, 1);
	put(10, UNICODE, 2);
	put(24, 7, 2);
	put(30, id, 2);
	put(32, words, 1);
	put(33, 0xff, 1);
	put(33 + 2 * words, bytes, 2);
	length = 4 + 33 + 2 * words + 2 + bytes;
}

static void put_wide(size_t at, const char *text)
{
	for (size_t i = 0; text[i]; i++)
		put(at + 2 * i, (uint8_t)text[i], 2);
}

static void flush(unsigned server, size_t piece)
{
	items_send_netbios(139, server, message, length, piece);
}

/* The path stands behind one octet of password, aligned. */
static void connect_tree(size_t piece)
{
	command(0x75, 1, false, 0, 4, 40);
	put(39, 1, 2);
	put_wide(44, "\\\\h\\C$");
	flush(0, piece);
	command(0x75, 1, true, 0, 3, 0);
	flush(1, piece);
}

static void create(uint16_t id, uint64_t size, size_t piece)
{
	command(0xa2, id, false, 0, 24, 1 + 2 * 6);
	put(38, 2 * 6, 2);
	put_wide(84, "\\a.txt");
	flush(0, piece);
	command(0xa2, id, true, 0, 34, 0);
	put(38, FID, 2);
	put(88, size, 8);
	flush(1, piece);
}

static void write_text(uint16_t id, uint64_t offset, const char *text, size_t piece)
{
	command(0x2f, id, false, 0, 14, 1 + strlen(text));
	put(37, FID, 2);
	put(39, offset, 4);
	put(53, strlen(text), 2);
	put(55, 64, 2);
	put(57, offset >> 32, 4);
	memcpy(message + 4 + 64, text, strlen(text));
	flush(0, piece);
	command(0x2f, id, true, 0, 6, 0);
	put(37, strlen(text), 2);
	flush(1, piece);
}

static void read_text(uint16_t id, uint64_t offset, const char *text, size_t piece)
{
	command(0x2e, id, false, 0, 12, 0);
	put(37, FID, 2);
	put(39, offset, 4);
	flush(0, piece);
	command(0x2e, id, true, 0, 12, 1 + strlen(text));
	put(43, strlen(text), 2);
	put(45, 60, 2);
	memcpy(message + 4 + 60, text, strlen(text));
	flush(1, piece);
}

static void close_file(uint16_t id, size_t piece)
{
	command(0x04, id, false, 0, 3, 0);
	put(33, FID, 2);
	flush(0, piece);
	command(0x04, id, true, 0, 0, 0);
	flush(1, piece);
}

static void test_rows(size_t piece, const char *sentence)
{
	begin(false);
	connect_tree(piece);
	create(2, 3, piece);
	write_text(3, 5, "abc", piece);
	close_file(4, piece);
	finish();
	ok(has("\"command\":\"tree connect\",\"tree\":\"\\\\\\\\h\\\\C$\",\"status\":"
	       "\"ok\"") &&
		   has("\"command\":\"create\",\"tree\":\"\\\\\\\\h\\\\C$\",\"file\":"
		       "\"\\\\a.txt\",\"status\":\"ok\"") &&
		   has("\"command\":\"write\"") &&
		   has("\"offset\":5,\"bytes\":3,\"status\":\"ok\"") &&
		   has("\"command\":\"close\"") && has("\"message_id\":4,") &&
		   has("\"version\":\"SMB1\""),
	   sentence);
	free(said);
}

static void test_objects(void)
{
	begin(true);
	connect_tree(1000);
	create(2, 0, 1000);
	write_text(3, 2, "c", 1);
	write_text(4, 0, "ab", 1000);
	close_file(5, 1000);
	finish();
	ok(has("\"host\":\"\\\\\\\\h\\\\C$\"") && has("\"name\":\"a.txt\"") &&
		   has("\"bytes\":3,\"state\":\"whole\",\"sha256\":\"" ABC),
	   "what was written makes a file, in whatever order");
	free(said);
	begin(true);
	connect_tree(1000);
	create(2, 3, 1000);
	read_text(3, 0, "ab", 3);
	read_text(4, 2, "c", 1000);
	close_file(5, 1000);
	finish();
	ok(has("\"bytes\":3,\"state\":\"whole\",\"sha256\":\"" ABC), "and what was read");
	free(said);
}

/* A login and a share in one message; the second command stands at 64. */
static void test_chain(void)
{
	struct smb1_block block = { 0 };
	struct smb2_view view;

	command(0x73, 1, false, 0, 3, 50);
	put(33, 0x75, 1);
	put(35, 64, 2);
	put(64, 4, 1);
	put(65, 0xff, 1);
	put(71, 0, 2);
	put_wide(76, "\\\\h\\x");
	ok(smb1_view_parse(&view, message + 4, length - 4, &block) &&
		   view.command == SMB2_SESSION_SETUP && block.at == 64 &&
		   smb1_view_parse(&view, message + 4, length - 4, &block) &&
		   view.command == SMB2_TREE_CONNECT && view.name.left == 10 && !block.at &&
		   smb2_view_message(&view) == 1,
	   "a message with a login and a share has both");
	block = (struct smb1_block){ 0 };
	put(35, 33, 2);
	ok(smb1_view_parse(&view, message + 4, length - 4, &block) && !block.at,
	   "a chain that leads back is cut");
	block = (struct smb1_block){ .at = 0xffff };
	ok(!smb1_view_parse(&view, message + 4, length - 4, &block), "and one that leads outside");
}

static void test_statuses(void)
{
	struct smb1_block block = { 0 };
	struct smb2_view view;

	command(0x73, 1, true, 0x00020002, 0, 0);
	put(10, 0, 2);
	ok(smb1_view_parse(&view, message + 4, length - 4, &block) && view.status == 0xc000006d,
	   "a bad password of before NT is a logon failure");
	block = (struct smb1_block){ 0 };
	put(10, 0x4000, 2);
	ok(smb1_view_parse(&view, message + 4, length - 4, &block) && view.status == 0x00020002,
	   "the same number is NT's when the message says so");
}

/* The message's own view; requests and responses of this many words. */
static struct smb2_view view_of(uint8_t number, bool response, unsigned words)
{
	struct smb1_block block = { 0 };
	struct smb2_view view;

	command(number, 1, response, 0, words, 0);
	for (unsigned i = 4; words > 2 && i < 2 * words; i++)
		put(33 + i, i, 1);
	put(33 + 2 * words, 0, 2);
	if (!smb1_view_parse(&view, message + 4, length - 4, &block))
		abort();
	return view;
}

/* MS-CIFS, 2.2.4.42 and 43: clients that know no files above 4 GiB leave two words out. */
static void test_short_forms(void)
{
	struct smb2_view view = view_of(0x2f, false, 12);

	ok(view.offset == 0x09080706 && view.data_length == 0x13121514 && view.data_at == 0x1716,
	   "a write without the upper half of its offset is below 4 GiB");
	view = view_of(0x2f, false, 14);
	ok(view.offset == 0x1b1a191809080706, "one with it is not");
	view = view_of(0x2e, false, 10);
	ok(view.offset == 0x09080706 && view.length == 0x0b0a, "so is a read");
	view = view_of(0x2e, false, 12);
	ok(view.offset == 0x1716151409080706, "with it or without");
}

/* What has no words says nothing: no octet of what lies behind them is taken for one. */
static void test_no_words(void)
{
	static const uint8_t numbers[] = { 0x04, 0x05, 0x2d, 0x2e, 0x2f, 0x75, 0xa2 };
	bool empty = true;

	for (unsigned i = 0; i < sizeof(numbers); i++)
		for (unsigned response = 0; response < 2; response++) {
			struct smb2_view view = view_of(numbers[i], response, 0);

			empty &= !view.file[0] && !view.offset && !view.length && !view.size &&
				 !view.data_at && !view.data_length && !view.directory &&
				 !view.name.left;
		}
	ok(empty, "a command without words has no file, no offset, no length and no name");
}

static void test_cut(void)
{
	bool good = true;

	command(0x2f, 1, false, 0, 14, 4);
	put(53, 0xffff, 2);
	put(55, 0xffff, 2);
	for (size_t cut = 0; cut <= length - 4; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);
		struct smb1_block block = { 0 };
		struct smb2_view view;

		memcpy(copy, message + 4, cut);
		good &= smb1_view_parse(&view, copy, cut, &block) == (cut > SMB1_HEADER);
		free(copy);
	}
	ok(good, "a message that is cut anywhere is read as far as it goes");
}

int main(void)
{
	test_rows(1000, "share, file, data and status are told");
	test_rows(1, "octet by octet, too");
	test_objects();
	test_chain();
	test_statuses();
	test_short_forms();
	test_no_words();
	test_cut();
	return done();
}
