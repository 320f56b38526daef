// SPDX-License-Identifier: BSD-2-Clause
/*
 * What an attacker may write into a vault: lines, HEAD and signatures are read
 * without harm and in one way only; of a part what is kept is whole.
 * The first byte chooses, the rest is content.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "record/vault_blocks.h"
#include "record/vault_line.h"
#include "record/vault_sign.h"

#define CONTENT_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void need(bool good)
{
	if (!good)
		abort();
}

static void read_line(const char *text)
{
	struct vault_line line;
	char again[VAULT_LINE_MAX];

	if (vault_line_parse(text, &line))
		return;
	again[vault_line_format(&line, again) - 1] = 0;
	need(!strcmp(text, again));
}

static void read_head(const char *text)
{
	char hash[VAULT_HASH], again[VAULT_LINE_MAX];
	uint64_t count;

	if (!vault_head_parse(text, &count, hash))
		return;
	vault_head_format(count, hash, again);
	need(!strcmp(text, again));
}

static void check_signature(const char *text)
{
	static const struct vault_public key;

	need(vault_sign_check(&key, text, strlen(text), text));
}

/* Behind a header, so that the blocks are reached. */
static void read_blocks(const uint8_t *bytes, size_t size)
{
	static const uint32_t header[] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX,
					   28,         1,  20,         1, 0,          20 };
	struct vault_blocks blocks, again;
	int fd = memfd_create("part", 0);

	need(fd >= 0 && write(fd, header, sizeof(header)) == (ssize_t)sizeof(header) &&
	     write(fd, bytes, size) == (ssize_t)size);
	need(!vault_blocks_scan(fd, &blocks) && blocks.whole <= blocks.size);
	if (blocks.what) {
		need(!vault_blocks_cut(fd, &blocks) && !vault_blocks_scan(fd, &again));
		need(!again.what && again.packets == blocks.packets && again.size == blocks.whole);
	}
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text;

	if (!size || size > CONTENT_MAX)
		return 0;
	text = strndup((const char *)bytes + 1, size - 1);
	switch (bytes[0] % 4) {
	case 0:
		read_line(text);
		break;
	case 1:
		read_head(text);
		break;
	case 2:
		check_signature(text);
		break;
	default:
		read_blocks(bytes + 1, size - 1);
	}
	free(text);
	return 0;
}
