// SPDX-License-Identifier: BSD-2-Clause
/* SMB2 operations are paired, compounds included, and their data makes files. */
#include <stdlib.h>
#include <string.h>
#include "analyze/object_answers.h"
#include "analyze/smb_answers.h"
#include "dissect/smb2_view.h"
#include "items_played.h"
#include "refusing_calloc.h"

#define SAME UINT64_MAX

static void begin(bool objects)
{
	const struct object_answers_options settings = { NULL, 10000, 10000 };

	items_begin(objects ? object_answers_open(&analyst, &settings)
			    : smb_answers_open(&analyst, false));
}

/* A message in the making: commands behind each other. */
static uint8_t message[4096];
static size_t length, last;

static void put(size_t at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		message[last + at + i] = value >> 8 * i;
}

/* size: of the command; begins at the next multiple of eight. */
static void command(uint16_t number, uint64_t id, uint32_t flags, uint32_t status, size_t size)
{
	if (length > 4) {
		size_t here = 4 + ((length - 4 + 7) & ~(size_t)7);

		put(20, here - last, 4);
		last = here;
	} else {
		memset(message, 0, sizeof(message));
		last = 4;
	}
	length = last + size;
	memcpy(message + last, "\xfeSMB", 4);
	put(4, 64, 2);
	put(8, status, 4);
	put(12, number, 2);
	put(16, flags, 4);
	put(24, id, 8);
	put(36, 7, 4);
	put(40, 0x99, 8);
}

static void put_name(size_t at, const char *name)
{
	put(at, at + 4, 2);
	put(at + 2, 2 * strlen(name), 2);
	for (size_t i = 0; name[i]; i++)
		put(at + 4 + 2 * i, (uint8_t)name[i], 2);
}

static void put_file(size_t at, uint64_t file)
{
	put(at, file, 8);
	put(at + 8, file, 8);
}

/* In pieces of so many octets. */
static void flush(unsigned server, size_t piece)
{
	items_send_netbios(445, server, message, length, piece);
	length = 0;
}

static void connect_tree(const char *share)
{
	command(SMB2_TREE_CONNECT, 1, 0, 0, 72 + 2 * strlen(share));
	put_name(68, share);
	flush(0, 1000);
	command(SMB2_TREE_CONNECT, 1, 1, 0, 80);
	flush(1, 1000);
}

static void create(uint64_t id, const char *name, uint64_t file, uint64_t size)
{
	command(SMB2_CREATE, id, 0, 0, 112 + 2 * strlen(name));
	put_name(108, name);
	flush(0, 1000);
	command(SMB2_CREATE, id, 1, 0, 152);
	put(112, size, 8);
	put_file(128, file);
	flush(1, 1000);
}

static void write_data(uint64_t id, uint64_t file, uint64_t offset, const char *text, size_t piece)
{
	command(SMB2_WRITE, id, 0, 0, 112 + strlen(text));
	put(66, 112, 2);
	put(68, strlen(text), 4);
	put(72, offset, 8);
	put_file(80, file);
	memcpy(message + last + 112, text, strlen(text));
	flush(0, piece);
	command(SMB2_WRITE, id, 1, 0, 80);
	put(68, strlen(text), 4);
	flush(1, 1000);
}

static void close_file(uint64_t id, uint64_t file)
{
	command(SMB2_CLOSE, id, 0, 0, 88);
	put_file(72, file);
	flush(0, 1000);
	command(SMB2_CLOSE, id, 1, 0, 124);
	flush(1, 1000);
}

/* Create, read and close in one message, each with the file of the one before. */
static void compound(void)
{
	command(SMB2_CREATE, 10, 0, 0, 122);
	put_name(108, "dir\\f");
	command(SMB2_READ, 11, 4, 0, 112);
	put(68, 100, 4);
	put_file(80, SAME);
	command(SMB2_CLOSE, 12, 4, 0, 88);
	put_file(72, SAME);
	flush(0, 7);
	command(SMB2_CREATE, 10, 1, 0, 152);
	put(112, 3, 8);
	put_file(128, 77);
	command(SMB2_READ, 11, 5, 0, 83);
	put(66, 80, 1);
	put(68, 3, 4);
	memcpy(message + last + 80, "abc", 3);
	command(SMB2_CLOSE, 12, 5, 0, 124);
	flush(1, 7);
}

static void test_rows(void)
{
	begin(false);
	connect_tree("\\\\s\\data");
	compound();
	finish();
	ok(has("\"command\":\"tree connect\",\"tree\":\"\\\\\\\\s\\\\data\",\"status\":\"ok\""),
	   "a share is named by its tree connect");
	ok(has("\"command\":\"read\",\"tree\":\"\\\\\\\\s\\\\data\",\"file\":\"dir\\\\f\","
	       "\"offset\":0,"
	       "\"bytes\":3,\"status\":\"ok\""),
	   "a read in a compound has the file that the command before it opened");
	ok(has("\"command\":\"close\",\"tree\":\"\\\\\\\\s\\\\data\",\"file\":\"dir\\\\f\""),
	   "and so has the close");
	free(said);
	begin(false);
	command(SMB2_CREATE, 5, 0, 0, 120);
	put_name(108, "gone");
	flush(0, 1000);
	command(SMB2_CREATE, 5, 1, SMB2_STATUS_PENDING, 73);
	flush(1, 1000);
	command(SMB2_CREATE, 5, 1, 0xc0000034, 73);
	flush(1, 1000);
	command(SMB2_CREATE, 6, 0, 0, 120);
	put_name(108, "x\x1b[m");
	flush(0, 1000);
	finish();
	ok(has("\"file\":\"gone\",\"status\":\"name not found\",\"response_frame\":3"),
	   "the answer that comes later is the answer");
	ok(has("\"file\":\"x\\u001b[m\",\"message_id\":6") ||
		   has("\"file\":\"x\\\\x1b[m\",\"message_id\":6"),
	   "what is not answered is shown too, its hostile name escaped");
	free(said);
	begin(false);
	command(SMB2_CREATE, 6, 0, 0, 120);
	put_name(108, "x");
	flush(0, 1000);
	calloc_refuses = true;
	finish();
	calloc_refuses = false;
	ok(has("\"file\":\"x\",\"message_id\":6"),
	   "and so it is when there is no memory to sort what is left");
	free(said);
}

static void test_files(void)
{
	begin(true);
	connect_tree("\\\\s\\data");
	compound();
	create(20, "d\\up.bin", 5, 0);
	write_data(22, 5, 2, "c", 1000);
	write_data(21, 5, 0, "ab", 1);
	close_file(23, 5);
	create(30, "again", 6, 0);
	write_data(31, 6, 0, "abc", 1000);
	write_data(32, 6, 0, "x", 1000);
	close_file(33, 6);
	finish();
	ok(has("\"host\":\"\\\\\\\\s\\\\data\",\"path\":\"dir\\\\f\",\"name\":\"f\",\"type\":"
	       "\"text\","
	       "\"bytes\":3,\"state\":\"whole\",\"sha256\":\"" ABC),
	   "a file that a compound reads is an object");
	ok(has("\"path\":\"d\\\\up.bin\",\"name\":\"up.bin\",\"type\":\"text\",\"bytes\":3,"
	       "\"state\":\"whole\",\"sha256\":\"" ABC),
	   "pieces are put where their offsets say, in whatever order they come");
	ok(has("\"path\":\"again\",\"name\":\"again\",\"type\":\"text\",\"bytes\":3,\"state\":"
	       "\"rewritten\""),
	   "what is written over is not called whole");
	free(said);
	begin(true);
	connect_tree("\\\\s\\IPC$");
	create(20, "svcctl", 5, 0);
	write_data(21, 5, 0, "abc", 1000);
	close_file(22, 5);
	finish();
	ok(!said[0], "a pipe is no file");
	free(said);
}

/* So many octets, one by one, behind a hole that the last request fills. */
static void write_octets(unsigned count)
{
	begin(true);
	connect_tree("\\\\s\\data");
	create(20, "octets", 5, 0);
	for (unsigned i = 1; i <= count; i++)
		write_data(20 + i, 5, i, "a", 1000);
	write_data(50000, 5, 0, "a", 1000);
	close_file(50001, 5);
	finish();
}

static void test_octets(void)
{
	write_octets(8192);
	ok(has("\"bytes\":8193,\"state\":\"whole\""),
	   "8192 pieces wait for what comes before them");
	free(said);
	write_octets(8193);
	ok(has("\"bytes\":0,\"state\":\"torn\""), "one more tears the object");
	free(said);
}

int main(void)
{
	test_rows();
	test_files();
	test_octets();
	return done();
}
