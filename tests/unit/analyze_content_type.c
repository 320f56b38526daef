// SPDX-License-Identifier: BSD-2-Clause
/* Files are known by how they begin, not by what they are called. */
#include <string.h>
#include "analyze/content_type.h"
#include "tap.h"

static bool is(const char *type, const void *head, size_t length)
{
	const char *got = content_type(head, length);

	if (strcmp(got, type))
		printf("# %s, not %s\n", got, type);
	return !strcmp(got, type);
}

static void test_executables(void)
{
	uint8_t pe[256] = "MZ";

	ok(is("text", "MZ is a nice beginning", 22), "two letters make no program for Windows");
	pe[0x3c] = 0x80;
	memcpy(pe + 0x80, "PE\0\0", 4);
	ok(is("pe", pe, sizeof(pe)), "its second header does");
	memcpy(pe + 0x3c, "\0\0\1", 4);
	ok(is("pe", pe, sizeof(pe)), "and so does one that lies beyond what is kept");
	memset(pe, 'n', sizeof(pe));
	memcpy(pe, "MZ", 2);
	ok(is("text", pe, sizeof(pe)), "letters where its place should stand are text");
	ok(is("elf",
	      "\x7f"
	      "ELF\2\1",
	      6),
	   "ELF is known");
	ok(is("script", "#!/bin/sh\n", 10) && is("script", "\r\n @ECHO OFF\r\n", 14),
	   "scripts are known, in any case and behind blanks");
}

static void test_documents(void)
{
	uint8_t compound[2048] = { 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1 };
	const char ooxml[] = "PK\x03\x04....................[Content_Types].xml";

	ok(is("ole2", compound, sizeof(compound)), "a compound document is one");
	memcpy(compound + 512 + 80, "\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", 16);
	ok(is("msi", compound, sizeof(compound)), "its class tells an installer");
	memset(compound + 0x30, 0xff, 4);
	ok(is("ole2", compound, sizeof(compound)), "a directory that lies elsewhere is not read");
	ok(is("ooxml", ooxml, sizeof(ooxml)) && is("zip", ooxml, 10),
	   "an archive may be a document");
	ok(is("pdf", "%PDF-1.4", 8) && is("html", "<!DOCTYPE HTML>", 15) &&
		   is("json", "{\"a\":1}", 7),
	   "documents are known");
	ok(is("binary", "\1\2\3", 3) && is("text", "hello", 5) && is("empty", "", 0),
	   "and what is nothing of these is text or is not");
}

int main(void)
{
	test_executables();
	test_documents();
	return done();
}
