// SPDX-License-Identifier: BSD-2-Clause
/* Programs are known by their first bytes, documents by their macros, shares and pipes by name. */
#include "analyze/macro_scan.h"
#include "dissect/http_message.h"
#include "dissect/smb2_view.h"
#include "suspicious_stage.h"

static void begin(void)
{
	suspicious_begin(80);
}

/* A body of so many bytes, in pieces. */
static void get(const char *target, const uint8_t *bytes, size_t length, size_t piece)
{
	struct http_message request = { .number = 1,
					.method = { (const uint8_t *)"GET", 3 },
					.target = { (const uint8_t *)target, strlen(target) } };
	struct http_message response = { .response = true, .number = 1, .status = 200 };
	struct http_body body = { .number = 1, .response = true };

	item(CLIENT, ITEM_HTTP_REQUEST, &request);
	item(SERVER, ITEM_HTTP_RESPONSE, &response);
	for (size_t at = 0; at < length; at += piece) {
		body.bytes = bytes + at;
		body.length = length - at < piece ? length - at : piece;
		item(SERVER, ITEM_HTTP_BODY, &body);
	}
	body.length = 0;
	body.whole = true;
	item(SERVER, ITEM_HTTP_END, &body);
}

static uint8_t file[20000];

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void test_long_name(void)
{
	begin();
	get("/" HUNDRED TEN TEN "12345678", (const uint8_t *)"#!/bin/sh\n", 10, 10);
	ok(says(1, "\"what\":\"" HUNDRED TEN TEN "12345678\""),
	   "a name of 128 bytes is told whole");
	begin();
	get("/" HUNDRED TEN TEN "123456789", (const uint8_t *)"#!/bin/sh\n", 10, 10);
	ok(says(1, "\"what\":\"" HUNDRED TEN TEN "12345678...\""), "a longer one is marked as cut");
	begin();
	get("/" HUNDRED TEN TEN "1234567\u00e4", (const uint8_t *)"#!/bin/sh\n", 10, 10);
	ok(says(1, "\"what\":\"" HUNDRED TEN TEN "1234567...\""), "before a character, not within");
}

static void test_programs(void)
{
	memset(file, 1, sizeof(file));
	memcpy(file, "MZ", 2);
	memcpy(file + 0x3c, "\x80\0\0\0", 4);
	memcpy(file + 0x80, "PE\0\0", 4);
	begin();
	get("/cat.jpg?x", file, sizeof(file), 1000);
	ok(says(1, "\"first_frame\":2,\"last_frame\":22,\"severity\":\"MEDIUM\",\"finding\":"
		   "\"EXECUTABLE_TRANSFER\",\"src_ip\":\"10.0.0.2\",\"dest_ip\":\"10.0.0.1\","
		   "\"port\":80,\"count\":1,\"trigger\":\"transfers of a Windows program (pe) over "
		   "HTTP\",\"what\":\"cat.jpg\""),
	   "a program is one by its first bytes, whatever it is called");
	begin();
	get("/a",
	    (const uint8_t *)"\x7f"
			     "ELF",
	    4, 1);
	get("/a",
	    (const uint8_t *)"\x7f"
			     "ELF",
	    4, 4);
	ok(says(1, "\"count\":2,\"trigger\":\"transfers of a Linux program (elf) over HTTP\""),
	   "the same again is counted, byte by byte or not");
	begin();
	get("/a.exe", (const uint8_t *)"MZ is how this text begins", 26, 26);
	get("/b.exe", (const uint8_t *)"<script>x</script>", 18, 18);
	ok(says(0, "EXE"), "text is no program, and a part of a page is no script");
	test_long_name();
	begin();
	get("/s", (const uint8_t *)"#!/bin/sh\n", 10, 10);
	ok(says(1, "\"severity\":\"LOW\",\"finding\":\"EXECUTABLE_TRANSFER\""),
	   "a script must be run by somebody: it weighs less");
}

static void test_macros(void)
{
	struct macro_scan scan = { 0 };
	static const uint8_t name[] = "vbaProject.bin";

	memset(file, 0, sizeof(file));
	memcpy(file, "PK\x03\x04", 4);
	memcpy(file + 100, "[Content_Types].xml", 19);
	begin();
	get("/a.docx", file, sizeof(file), 1000);
	ok(says(0, "EXE"), "a document is no program");
	memcpy(file + 9995, "word/vbaProject.bin", 19);
	begin();
	get("/a.docx", file, sizeof(file), 1000);
	ok(says(1, "\"trigger\":\"transfers of a document with macros (ooxml-macro) over HTTP\""),
	   "one with macros is found far behind its head, and across two pieces");
	memset(file, 0, sizeof(file));
	memcpy(file, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	memcpy(file + 15000, "_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", 24);
	begin();
	get("/a.doc", file, sizeof(file), 7);
	ok(says(1, "(ole2-macro)"), "likewise in the format before, in small pieces");
	for (unsigned i = 0; i < 13; i++)
		macro_scan_add(&scan, name + i, 1);
	ok(!scan.found, "thirteen letters of fourteen are no mark");
	macro_scan_add(&scan, name + 13, 1);
	ok(scan.found, "with the last it is one");
}

static uint64_t message;

static void exchange(struct smb2_view *request, const char *name, uint32_t status)
{
	struct smb2_view response = *request;
	uint8_t text[200];

	for (size_t i = 0; i < strlen(name); i++) {
		text[2 * i] = name[i];
		text[2 * i + 1] = 0;
	}
	request->name = (struct cursor){ text, 2 * strlen(name) };
	request->message = response.message = ++message;
	response.response = true;
	response.status = status;
	if (response.command == SMB2_CREATE && !status)
		response.has_file = true;
	response.file[0] = response.file[1] = message;
	place.key.high_port = 445;
	item(CLIENT, ITEM_SMB2, request);
	item(SERVER, ITEM_SMB2, &response);
}

static void use(uint16_t command, const char *name, uint32_t tree, uint32_t status)
{
	struct smb2_view request = { .command = command, .tree = tree };

	exchange(&request, name, status);
}

static void test_shares(void)
{
	begin();
	use(SMB2_TREE_CONNECT, "\\\\h\\c$", 1, 0);
	use(SMB2_TREE_CONNECT, "\\\\h\\c$", 1, 0);
	use(SMB2_TREE_CONNECT, "\\\\h\\IPC$", 2, 0);
	use(SMB2_TREE_CONNECT, "\\\\h\\public", 3, 0);
	ok(says(1, "\"first_frame\":1,\"last_frame\":4,\"severity\":\"HIGH\",\"finding\":"
		   "\"ADMIN_SHARE\",\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\",\"port\":445,"
		   "\"count\":2,"),
	   "C$ stands out, IPC$ alone and other shares do not");
	begin();
	use(SMB2_TREE_CONNECT, "\\\\h\\ADMIN$", 1, 0xc0000022);
	ok(says(1, "\"severity\":\"MEDIUM\",\"finding\":\"ADMIN_SHARE_REFUSED\""),
	   "one that was refused was tried");
	begin();
	use(SMB2_TREE_CONNECT, "\\\\h\\IPC$", 2, 0);
	use(SMB2_CREATE, "SVCCTL", 2, 0);
	ok(says(1, "\"severity\":\"HIGH\",\"finding\":\"REMOTE_CONTROL_PIPE\""),
	   "services are steered by svcctl");
	begin();
	use(SMB2_TREE_CONNECT, "\\\\h\\IPC$", 2, 0);
	use(SMB2_CREATE, "samr", 2, 0);
	ok(says(1, "\"severity\":\"LOW\",\"finding\":\"ACCOUNTS_PIPE\""), "accounts by samr");
	begin();
	use(SMB2_CREATE, "PSEXESVC-PC-1-stdin", 9, 0);
	ok(says(1, "\"finding\":\"REMOTE_CONTROL_PIPE\""),
	   "without the tree's beginning the pipe's name is enough");
	begin();
	use(SMB2_TREE_CONNECT, "\\\\h\\public", 2, 0);
	use(SMB2_CREATE, "svcctl", 2, 0);
	use(SMB2_CREATE, "svcctl2", 9, 0);
	use(SMB2_CREATE, "atsvc", 9, 0xc0000022);
	ok(says(0, "PIPE"), "no pipe: a file of that name, a longer name, one that was refused");
}

static void test_written(void)
{
	struct smb2_view write = { .command = SMB2_WRITE, .tree = 1, .has_file = true };
	struct smb2_data data = { .view = &write, .bytes = file, .length = 200 };

	memset(file, 0, sizeof(file));
	memcpy(file, "MZ", 2);
	memcpy(file + 0x3c, "\x80\0\0\0", 4);
	memcpy(file + 0x80, "PE\0\0", 4);
	begin();
	use(SMB2_TREE_CONNECT, "\\\\h\\public", 1, 0);
	use(SMB2_CREATE, "dir\\x.dat", 1, 0);
	write.file[0] = write.file[1] = message;
	write.data_at = 112;
	write.data_length = write.length = 200;
	exchange(&write, "", 0);
	item(CLIENT, ITEM_SMB2, &write);
	item(CLIENT, ITEM_SMB2_DATA, &data);
	ok(says(1, "\"severity\":\"HIGH\",\"finding\":\"EXECUTABLE_TRANSFER\",\"src_ip\":"
		   "\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\",\"port\":445,\"count\":1,\"trigger\":"
		   "\"transfers of a Windows program (pe) over SMB\",\"what\":\"x.dat\""),
	   "a program that is written to a share weighs more");
}

int main(void)
{
	if (lists_open(&lists, NULL))
		abort();
	test_programs();
	test_macros();
	test_shares();
	test_written();
	lists_close(lists);
	return done();
}
