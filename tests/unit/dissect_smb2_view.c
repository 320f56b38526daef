// SPDX-License-Identifier: BSD-2-Clause
/* SMB2 commands taken apart: each field where MS-SMB2 has it, none beyond what is there. */
#include <stdlib.h>
#include <string.h>
#include "dissect/smb1_view.h"
#include "dissect/smb2_view.h"
#include "tap.h"

#define SIZE 192
#define RESPONSE 1u
#define ASYNC 2u
#define RELATED 4u

/* Every octet is another, so that each field shows where it was read, and how wide. */
static uint8_t message[SIZE];

static uint64_t at(size_t place, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)message[place + i] << 8 * i;
	return value;
}

static void put(size_t place, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		message[place + i] = value >> 8 * i;
}

static void command(unsigned number, uint32_t flags)
{
	for (unsigned i = 0; i < SIZE; i++)
		message[i] = i + 1;
	memcpy(message, "\xfeSMB", 4);
	put(4, SMB2_HEADER, 2);
	put(12, number, 2);
	put(16, flags, 4);
	if (flags & RESPONSE)
		put(8, 0, 4);
}

/* On the heap and no longer, so that the sanitizer sees an overread; into used memory. */
static bool parse_part(struct smb2_view *view, size_t length)
{
	uint8_t *copy = malloc(length + !length);
	bool good;

	if (!copy)
		abort();
	memcpy(copy, message, length);
	memset(view, 0xff, sizeof(*view));
	good = smb2_view_parse(view, copy, length);
	free(copy);
	return good;
}

static struct smb2_view view_of(unsigned number, uint32_t flags)
{
	struct smb2_view view;

	command(number, flags);
	if (!parse_part(&view, SIZE))
		abort();
	return view;
}

static void test_header(void)
{
	struct smb2_view view = view_of(SMB2_ECHO, 0);
	bool cut = true;

	ok(view.command == SMB2_ECHO && view.next == at(20, 4) && view.message == at(24, 8) &&
		   view.chain == view.message && view.tree == at(36, 4) &&
		   view.session == at(40, 8) && !view.status && !view.smb1 && !view.narrow,
	   "a header says which command it is, of which message, tree and session");
	ok(!view.response && !view.related && !view.async, "without flags it is a plain request");
	view = view_of(SMB2_ECHO, RELATED);
	ok(view.related && !view.async && !view.response, "a flag relates it to the one before");
	view = view_of(SMB2_ECHO, ASYNC);
	ok(view.async && !view.tree && view.session == at(40, 8),
	   "what is answered later has no tree");
	command(SMB2_ECHO, RESPONSE);
	put(8, 0xc0000022, 4);
	ok(parse_part(&view, SIZE) && view.response && view.status == 0xc0000022,
	   "a response has a status");
	for (size_t n = 0; n < SMB2_HEADER; n++)
		cut &= !parse_part(&view, n);
	ok(cut && parse_part(&view, SMB2_HEADER), "a header has 64 octets");
	message[4]++;
	ok(!parse_part(&view, SIZE), "and says so");
	command(SMB2_ECHO, 0);
	message[0] = 0xfd;
	ok(!parse_part(&view, SIZE), "another mark is another protocol");
}

/* Where requests have their file; 0: nowhere. */
static void test_files(void)
{
	static const size_t places[SMB2_COMMANDS + 1] = {
		[SMB2_CLOSE] = 72,         [SMB2_FLUSH] = 72,
		[SMB2_READ] = 80,          [SMB2_WRITE] = 80,
		[SMB2_LOCK] = 72,          [SMB2_IOCTL] = 72,
		[SMB2_SET_INFO] = 80,      [SMB2_QUERY_DIRECTORY] = 72,
		[SMB2_CHANGE_NOTIFY] = 72, [SMB2_QUERY_INFO] = 88,
	};
	bool good = true, cut = true;

	for (unsigned number = 0; number <= SMB2_COMMANDS; number++) {
		struct smb2_view view = view_of(number, 0);
		size_t place = places[number];

		good &= view.has_file == !!place && view.file[0] == (place ? at(place, 8) : 0) &&
			view.file[1] == (place ? at(place + 8, 8) : 0);
		cut &= !place || (parse_part(&view, place + 15) && !view.has_file &&
				  parse_part(&view, place + 16) && view.has_file);
	}
	ok(good, "each request has the id of its file in its place");
	ok(cut, "if all of it is there");
}

static void test_data(void)
{
	struct smb2_view view = view_of(SMB2_WRITE, 0);

	ok(view.data_at == at(66, 2) && view.data_length == at(68, 4) && view.length == at(68, 4) &&
		   view.offset == at(72, 8) && smb2_view_has_data(&view),
	   "a write says where its data lies, how much, and where it goes");
	view = view_of(SMB2_READ, 0);
	ok(!view.data_at && !view.data_length && view.length == at(68, 4) &&
		   view.offset == at(72, 8) && !smb2_view_has_data(&view),
	   "a read asks for so much from there, and has none");
	view = view_of(SMB2_READ, RESPONSE);
	ok(view.data_at == at(66, 1) && view.data_length == at(68, 4) && view.length == at(68, 4) &&
		   !view.offset && smb2_view_has_data(&view),
	   "its response has data, whose place is one octet");
	view = view_of(SMB2_WRITE, RESPONSE);
	ok(view.length == at(68, 4) && !view.data_at && !view.data_length && !view.offset,
	   "that of a write says how much was written");
	view = view_of(SMB2_CREATE, RESPONSE);
	ok(view.size == at(112, 8) && view.directory == !!(at(120, 4) & 0x10) && view.has_file &&
		   view.file[0] == at(128, 8) && view.file[1] == at(136, 8),
	   "that of a create has size, kind and id of the file");
	put(120, 0x10, 4);
	ok(parse_part(&view, SIZE) && view.directory, "a directory is one by its attribute");
	put(120, 0xffffffef, 4);
	ok(parse_part(&view, SIZE) && !view.directory, "and by no other");
}

static void test_failed(void)
{
	struct smb2_view view;

	command(SMB2_CREATE, RESPONSE);
	put(8, 0xc0000034, 4);
	ok(parse_part(&view, SIZE) && !view.size && !view.has_file && !view.directory,
	   "a response that failed has nothing but its status");
	command(SMB2_READ, RESPONSE);
	put(8, 0x80000005, 4);
	ok(parse_part(&view, SIZE) && view.data_length == at(68, 4),
	   "one that says that there is more has its data");
}

static void test_has_data(void)
{
	struct smb2_view view = { .data_length = 1, .data_at = SMB2_HEADER };

	ok(smb2_view_has_data(&view), "data lies behind the header");
	view.data_at--;
	ok(!smb2_view_has_data(&view), "not in it");
	view.smb1 = true;
	view.data_at = SMB1_HEADER;
	ok(smb2_view_has_data(&view), "that of SMB1 is shorter");
	view.data_at--;
	ok(!smb2_view_has_data(&view), "but is one");
	view = (struct smb2_view){ .data_at = SMB2_HEADER };
	ok(!smb2_view_has_data(&view), "no data is none");
}

/* A name at 150 of so many octets, which a create or a connect has at its place. */
static size_t name_length(unsigned number, size_t place, size_t begin, size_t length)
{
	struct smb2_view view;

	command(number, 0);
	put(place, begin, 2);
	put(place + 2, length, 2);
	if (!smb2_view_parse(&view, message, SIZE))
		abort();
	return view.name.at && view.name.at != message + begin ? SIZE : view.name.left;
}

static void test_names(void)
{
	ok(name_length(SMB2_CREATE, 108, 150, 10) == 10 &&
		   name_length(SMB2_TREE_CONNECT, 68, 150, 10) == 10,
	   "a file and a share have names");
	ok(name_length(SMB2_CREATE, 108, 150, SIZE - 150) == SIZE - 150 &&
		   !name_length(SMB2_CREATE, 108, 150, SIZE - 149),
	   "which end with the message at the latest");
	ok(name_length(SMB2_CREATE, 108, SMB2_HEADER, 4) == 4 &&
		   !name_length(SMB2_CREATE, 108, SMB2_HEADER - 1, 4),
	   "and begin behind the header");
	ok(!name_length(SMB2_CREATE, 108, SIZE + 1, 0) && !name_length(SMB2_ECHO, 68, 150, 10),
	   "not behind the end, nor in other commands");
}

static bool reads(const char *utf16, size_t length, size_t room, const char *wanted)
{
	const struct cursor name = { (const uint8_t *)utf16, length };
	char to[64] = "";
	size_t got = smb2_text(&name, to, room);

	return got == strlen(wanted) && !memcmp(to, wanted, got);
}

static void test_text(void)
{
	ok(reads("a\0\x7f\0", 4, 64, "a\x7f"), "plain characters have one octet");
	ok(reads("\x80\0\xff\x07", 4, 64, "\xc2\x80\xdf\xbf"), "those up to U+07FF two");
	ok(reads("\0\x08\xff\xd7\0\xe0\xff\xff", 8, 64,
		 "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"),
	   "up to U+FFFF three");
	ok(reads("\0\xd8\0\xdc\xff\xdb\xff\xdf", 8, 64, "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"),
	   "pairs four");
	ok(reads("\0\xdc", 2, 64, "\xef\xbf\xbd") && reads("\0\xd8", 2, 64, "\xef\xbf\xbd") &&
		   reads("\0\xd8z\0", 4, 64, "\xef\xbf\xbdz") &&
		   reads("\0\xd8\0\xe0", 4, 64, "\xef\xbf\xbd\xee\x80\x80"),
	   "half a pair is none");
	ok(reads("a\0b", 3, 64, "a") && reads("", 0, 64, ""), "half a character is left");
	ok(reads("a\0b\0c\0", 6, 5, "ab") && reads("a\0", 2, 3, ""),
	   "it is cut where the longest would not fit");
}

static void test_command_names(void)
{
	bool all = true;

	for (unsigned number = 0; number < SMB2_COMMANDS; number++)
		all &= smb2_command_name(number) != NULL;
	ok(all && !smb2_command_name(SMB2_COMMANDS), "commands have names, and there are no more");
	ok(!strcmp(smb2_command_name(SMB2_OPLOCK_BREAK), "oplock break") &&
		   !strcmp(smb2_command_name(SMB1_COMMANDS + 6), "delete"),
	   "those of SMB1 as well");
}

int main(void)
{
	test_header();
	test_files();
	test_data();
	test_failed();
	test_has_data();
	test_names();
	test_text();
	test_command_names();
	return done();
}
