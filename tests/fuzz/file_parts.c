// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as a capture that tells of itself and is copied: printed in both
 * ways, and copied with and without what it should not show.  A copy must read
 * without damage and have as many packets.  The first byte says which copy.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/log.h"
#include "capture/file_info.h"
#include "copy/export.h"
#include "copy/info.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const volatile sig_atomic_t never;

static void check(bool good)
{
	if (!good)
		abort();
}

static int as_file(const void *bytes, size_t size, char path[32])
{
	int fd = memfd_create("capture", 0);

	check(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

static void print(const struct file_info *info)
{
	const struct info_view view = { .path = "capture", .file = info };
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	info_write_json(stream, &view);
	info_write_table(stream, &view);
	fclose(stream);
	for (size_t i = 0; i < size; i++)
		check(text[i] == '\n' || (text[i] & 0xe0));
	free(text);
}

static void check_copy(const char *bytes, size_t size, uint64_t packets)
{
	char path[32], error[FILE_ERROR_SIZE];
	struct file_info *info;
	int fd = as_file(bytes, size, path);

	check(!file_info_read(&info, path, &never, error));
	check(info->packets == packets && !info->problem[0]);
	file_info_close(info);
	close(fd);
}

static void copy(const char *path, const struct scrub *scrub, bool to_pcapng)
{
	struct export export = { .scrub = scrub, .stopped = &never };
	char *copied;
	size_t size;
	int err;

	check(!file_parts_open(&export.from, path, export.error));
	export.block = malloc(FILE_STREAM_NEED_MAX + 64);
	export.to = open_memstream(&copied, &size);
	if (file_parts_is_pcapng(export.from) && to_pcapng)
		err = export_blocks(&export);
	else
		err = export_packets(&export, to_pcapng);
	fclose(export.to);
	if (!err && size)
		check_copy(copied, size, export.counts.packets);
	free(copied);
	free(export.block);
	file_parts_close(export.from);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct anonymizer *anonymizer;
	char path[32], error[FILE_ERROR_SIZE];
	struct file_info *info;
	struct scrub scrub;
	int fd;

	if (!size)
		return 0;
	log_set_level(LOG_ERROR);
	if (!anonymizer)
		check(sodium_init() >= 0 &&
		      !anonymizer_open(&anonymizer, "a secret of enough bytes", 24));
	scrub = (struct scrub){ bytes[0] & 1 ? anonymizer : NULL, bytes[0] & 2 };
	fd = as_file(bytes + 1, size - 1, path);
	if (!file_info_read(&info, path, &never, error)) {
		print(info);
		file_info_close(info);
		copy(path, bytes[0] & 4 ? &scrub : NULL, bytes[0] & 8);
	}
	close(fd);
	return 0;
}
