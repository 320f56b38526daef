// SPDX-License-Identifier: BSD-2-Clause
/*
 * First bytes of files.  libmagic knows thousands of kinds at the price of a
 * large interpreter of hostile bytes; analysts ask for these few.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include "analyze/content_type.h"

static const struct magic {
	const char *type;
	unsigned at, length;
	const char *bytes;
} magics[] = {
	{ "elf", 0, 4,
	  "\x7f"
	  "ELF" },
	{ "mach-o", 0, 4, "\xcf\xfa\xed\xfe" },
	{ "mach-o", 0, 4, "\xce\xfa\xed\xfe" },
	{ "java-class", 0, 4, "\xca\xfe\xba\xbe" },
	{ "pdf", 0, 5, "%PDF-" },
	{ "gzip", 0, 3, "\x1f\x8b\x08" },
	{ "bzip2", 0, 3, "BZh" },
	{ "xz", 0, 6,
	  "\xfd"
	  "7zXZ\0" },
	{ "7z", 0, 6, "7z\xbc\xaf\x27\x1c" },
	{ "rar", 0, 6, "Rar!\x1a\x07" },
	{ "cab", 0, 4, "MSCF" },
	{ "zstd", 0, 4, "\x28\xb5\x2f\xfd" },
	{ "tar", 257, 5, "ustar" },
	{ "png", 0, 8, "\x89PNG\r\n\x1a\n" },
	{ "jpeg", 0, 3, "\xff\xd8\xff" },
	{ "gif", 0, 4, "GIF8" },
	{ "bmp", 0, 2, "BM" },
	{ "ico", 0, 4, "\0\0\1\0" },
	{ "webp", 8, 4, "WEBP" },
	{ "flash", 0, 3, "CWS" },
	{ "flash", 0, 3, "FWS" },
	{ "mp4", 4, 4, "ftyp" },
	{ "mp3", 0, 3, "ID3" },
	{ "ogg", 0, 4, "OggS" },
	{ "woff", 0, 3, "wOF" },
	{ "rtf", 0, 5, "{\\rtf" },
	{ "lnk", 0, 8, "L\0\0\0\x01\x14\x02\0" },
	{ "chm", 0, 4, "ITSF" },
	{ "sqlite", 0, 15, "SQLite format 3" },
	{ "pcap", 0, 4, "\xd4\xc3\xb2\xa1" },
	{ "pcapng", 0, 4, "\x0a\x0d\x0d\x0a" },
	{ "script", 0, 2, "#!" },
};

/* Text that says what it is by its first word, in any case, behind blanks. */
static const struct magic words[] = {
	{ "html", 0, 0, "<!doctype html" },
	{ "html", 0, 0, "<html" },
	{ "html", 0, 0, "<head" },
	{ "html", 0, 0, "<body" },
	{ "html", 0, 0, "<!--" },
	{ "script", 0, 0, "<?php" },
	{ "script", 0, 0, "<script" },
	{ "script", 0, 0, "<job" },
	{ "svg", 0, 0, "<svg" },
	{ "xml", 0, 0, "<?xml" },
	{ "script", 0, 0, "@echo off" },
	{ "script", 0, 0, "wscript." },
	{ "script", 0, 0, "powershell" },
	{ "script", 0, 0, "on error resume next" },
};

#define PE_HEADER_MAX (1u << 24) /* no stub is larger; four letters would be */
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static uint32_t le32(const uint8_t *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static bool has(const uint8_t *head, size_t length, const char *text)
{
	return memmem(head, length, text, strlen(text)) != NULL;
}

/* The header of the image may lie beyond what was kept: the old one is believed then. */
static bool is_pe(const uint8_t *head, size_t length)
{
	uint32_t at;

	if (length < 64 || memcmp(head, "MZ", 2))
		return false;
	at = le32(head + 0x3c);
	if (at > length - 4)
		return at < PE_HEADER_MAX;
	return !memcmp(head + at, "PE\0\0", 4) || has(head, length, "DOS mode");
}

static const char *zip_type(const uint8_t *head, size_t length)
{
	if (has(head, length, "AndroidManifest.xml"))
		return "apk";
	if (has(head, length, "META-INF/MANIFEST"))
		return "jar";
	if (has(head, length, "vbaProject.bin"))
		return "ooxml-macro";
	if (has(head, length, "[Content_Types].xml") || has(head, length, "_rels/.rels"))
		return "ooxml";
	return "zip";
}

/* MS-CFB: the class of the root entry, when its sector is among these, tells installers. */
static const char *compound_type(const uint8_t *head, size_t length)
{
	static const uint8_t installer[] = { 0x84, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0 };
	uint64_t root;

	if (length < 512)
		return "ole2";
	root = ((uint64_t)le32(head + 0x30) + 1) * 512 + 80;
	if (root + sizeof(installer) <= length &&
	    !memcmp(head + root, installer, sizeof(installer)))
		return "msi";
	return "ole2";
}

static const char *text_type(const uint8_t *head, size_t length)
{
	size_t at = length >= 3 && !memcmp(head, "\xef\xbb\xbf", 3) ? 3 : 0;

	while (at < length && strchr(" \t\r\n", head[at]) && head[at])
		at++;
	for (unsigned i = 0; i < COUNT(words); i++) {
		size_t word = strlen(words[i].bytes);

		if (length - at >= word &&
		    !strncasecmp((const char *)head + at, words[i].bytes, word))
			return words[i].type;
	}
	for (size_t i = 0; i < length; i++) {
		if (head[i] < ' ' && !(head[i] && strchr("\t\r\n\f\x1b", head[i])))
			return "binary";
	}
	if (at < length && (head[at] == '{' || head[at] == '['))
		return "json";
	return "text";
}

const char *content_type(const uint8_t *head, size_t length)
{
	if (!length)
		return "empty";
	if (is_pe(head, length))
		return "pe";
	if (length >= 4 && !memcmp(head, "PK\x03\x04", 4))
		return zip_type(head, length);
	if (length >= 8 && !memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
		return compound_type(head, length);
	for (unsigned i = 0; i < COUNT(magics); i++) {
		const struct magic *magic = &magics[i];

		if (length >= magic->at + magic->length &&
		    !memcmp(head + magic->at, magic->bytes, magic->length))
			return magic->type;
	}
	return text_type(head, length);
}
