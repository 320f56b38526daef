// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever a list of indicators holds, it is refused with its line, or every
 * entry of it is found again by its own text.  The first byte says where the
 * input is split into two files.
 */
#include <stdlib.h>
#include <string.h>
#include "base/indicator_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void need(bool good)
{
	if (!good)
		abort();
}

static void check_found(const struct indicator *found)
{
	need(found->kind >= INDICATOR_ADDRESS && found->kind <= INDICATOR_JA4);
	need(strlen(found->text) < INDICATOR_TEXT && strlen(found->label) < INDICATOR_LABEL);
	need(found->line > 0 && !strncmp(found->file, "file", 4));
}

static bool finds_address(const struct indicator_set *set, const char *word)
{
	struct indicator found;
	struct network network;

	if (network_parse(&network, word) ||
	    !indicator_set_find_address(set, &network.address, &found))
		return false;
	check_found(&found);
	return found.kind == INDICATOR_ADDRESS || found.kind == INDICATOR_NETWORK;
}

static bool finds_name(const struct indicator_set *set, const char *word)
{
	struct indicator found;

	if (!indicator_set_find_name(set, word, true, &found))
		return false;
	check_found(&found);
	/* What is not restricted to TLS is found without it too. */
	need(found.kind != INDICATOR_NAME || indicator_set_find_name(set, word, false, &found));
	return true;
}

static bool finds_ja4(const struct indicator_set *set, const char *word)
{
	struct indicator found;

	if (!indicator_set_find_ja4(set, word, &found))
		return false;
	check_found(&found);
	need(strstr(found.text, word) != NULL);
	return true;
}

/* The indicator of a line that was taken is found in the way that it is meant for. */
static void check_word(const struct indicator_set *set, const char *word)
{
	char below[INDICATOR_TEXT + 2] = "a";

	if (!strncmp(word, "sni:", 4) || !strncmp(word, "ja4:", 4))
		word += 4;
	strcat(below, word + (word[0] == '*'));
	need(finds_address(set, word) || finds_name(set, word) || finds_ja4(set, word) ||
	     (strchr("*.", word[0]) && finds_name(set, below)));
}

static void check_lines(const struct indicator_set *set, const uint8_t *bytes, size_t size)
{
	const uint8_t *const end = bytes + size;
	char word[INDICATOR_TEXT];

	if (size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		bytes += 3;
	while (bytes < end) {
		const uint8_t *next = memchr(bytes, '\n', end - bytes);
		size_t length = 0;

		while (bytes < end && *bytes != '\n' && memchr(" \t\r,", *bytes, 4))
			bytes++;
		while (bytes + length < end && !memchr(" \t\r,\n#", bytes[length], 6))
			length++;
		need(length < sizeof(word));
		memcpy(word, bytes, length);
		word[length] = '\0';
		if (length)
			check_word(set, word);
		bytes = next ? next + 1 : end;
	}
}

static bool add(struct indicator_set *set, const char *file, const uint8_t *bytes, size_t size)
{
	struct indicator_fault fault = { .line = 0 };
	/* A copy of its own, so that reading beyond the end is seen. */
	char *text = malloc(size ? size : 1);
	int err;

	need(text != NULL);
	memcpy(text, bytes, size);
	err = indicator_set_read(set, file, text, size, &fault);
	need(!err || (fault.line && fault.why && strlen(fault.shown) < sizeof(fault.shown)));
	free(text);
	return !err;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct indicator_set set;
	size_t split;

	if (!size)
		return 0;
	split = (size - 1) * bytes[0] / 255;
	bytes++;
	size--;
	need(!indicator_set_init(&set));
	if (add(&set, "file-1", bytes, split) && add(&set, "file-2", bytes + split, size - split)) {
		need(set.text_bytes <= set.text_room);
		check_lines(&set, bytes, split);
		check_lines(&set, bytes + split, size - split);
	}
	indicator_set_fini(&set);
	return 0;
}
