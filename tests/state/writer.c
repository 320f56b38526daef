// SPDX-License-Identifier: BSD-2-Clause
/* Replaces a state by turns with two others, until it is killed; or says which of them a file is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/kept_file.h"
#include "track/memory_file.h"

static const struct memory_options options = MEMORY_OPTIONS_DEFAULT;

/* Of 20,000 relations or of 100: sizes differ, so that a mixture is neither. */
static void *make(bool large, size_t *size)
{
	struct memory memory;
	struct address client, server;
	void *bytes;

	if (memory_init(&memory, &options) || address_parse(&client, "10.0.0.5") ||
	    address_parse(&server, "203.0.113.9"))
		abort();
	for (uint32_t i = 0; i < (large ? 20000 : 100); i++) {
		memcpy(server.bytes + 8, &i, sizeof(i));
		memory_meet(&memory, &client, &server, 0, MEMORY_DAY_NS + i);
	}
	*size = memory_size(&memory);
	bytes = malloc(*size);
	if (!bytes)
		abort();
	memory_write(&memory, bytes);
	memory_fini(&memory);
	return bytes;
}

static int write_for_ever(const struct kept_file *file)
{
	size_t sizes[2];
	void *bytes[2] = { make(false, &sizes[0]), make(true, &sizes[1]) };

	for (unsigned i = 0;; i++) {
		if (kept_file_write(file, bytes[i % 2], sizes[i % 2], 0600))
			return 1;
		if (!i) {
			puts("begun");
			fflush(stdout);
		}
	}
}

static int say(const struct kept_file *file)
{
	struct memory memory;
	void *bytes;
	size_t size;

	if (memory_init(&memory, &options) ||
	    kept_file_read(file, memory_size_max(&memory), &bytes, &size) ||
	    memory_read(&memory, bytes, size))
		return 1;
	printf("%u\n", memory.relations.used);
	memory_fini(&memory);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	struct kept_file file;

	if (argc != 3 || kept_file_open(&file, argv[2], -1, -1))
		return 2;
	return strcmp(argv[1], "write") ? say(&file) : write_for_ever(&file);
}
