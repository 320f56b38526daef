// SPDX-License-Identifier: BSD-2-Clause
/*
 * Bounds a vault's manifest: it is rotated at a size, and of the rotated
 * segments the oldest goes when there are too many.  Files that it lists and
 * that are still there are listed again first ("keep"), and a line in the chain
 * says that it goes ("drop"), so the chain may begin later but has no gap.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "record/vault_store.h"

#define SEGMENTS_KEPT 7

/* Each file of that segment once more; they were on the disk long since, so one sync does. */
static int list_again(struct vault *vault, unsigned segment)
{
	struct vault_entry *entry = NULL;
	struct vault_line line;
	int err = 0;

	while (!err && (entry = table_next(&vault->files, entry))) {
		if (entry->segment != segment)
			continue;
		vault_line_fill(&line, table_key(&vault->files, entry), entry);
		line.action = VAULT_KEEP;
		err = vault_manifest_append(vault, &line, false);
		if (!err)
			entry->segment = vault->segment;
	}
	return err;
}

/* The hash of its last line, and its size. */
static int look_at(const struct vault *vault, const char *name, struct vault_line *line)
{
	char text[2 * VAULT_LINE_MAX + 1];
	struct vault_line last;
	struct stat status;
	ssize_t got = -1;
	int fd = vault_paths_file(vault->root, name);
	char *at;

	if (fd < 0)
		return fd;
	if (!fstat(fd, &status)) {
		off_t from = status.st_size - (off_t)sizeof(text) + 1;

		got = pread(fd, text, sizeof(text) - 1, from < 0 ? 0 : from);
	}
	close(fd);
	if (got < 2 || text[got - 1] != '\n')
		return -EBADMSG;
	text[got - 1] = 0;
	at = strrchr(text, '\n');
	if (vault_line_parse(at ? at + 1 : text, &last))
		return -EBADMSG;
	memcpy(line->sha256, last.hash, VAULT_HASH);
	line->bytes = (uint64_t)status.st_size;
	return 0;
}

static int drop_oldest(struct vault *vault)
{
	struct vault_line line = { .action = VAULT_DROP, .time_ns = vault->now_ns };
	int err;

	vault_segment_name(vault->segments[0], line.file);
	err = look_at(vault, line.file, &line);
	if (err == -EBADMSG) /* damaged: that it was, a break says */
		memcpy(line.sha256, VAULT_NO_HASH, VAULT_HASH);
	else if (err)
		return err;
	err = list_again(vault, vault->segments[0]);
	if (!err)
		err = vault_manifest_append(vault, &line, true);
	if (err)
		return err;
	if (unlinkat(vault->root, line.file, 0) && errno != ENOENT)
		return -errno;
	vault->segment_count--;
	memmove(vault->segments, vault->segments + 1,
		vault->segment_count * sizeof(vault->segments[0]));
	return fsync(vault->root) ? -errno : 0;
}

void vault_segments_turn(struct vault *vault)
{
	int err = 0;

	if (vault->manifest < 0 || vault->manifest_bytes < vault->segment_size)
		return;
	if (vault->segment_count >= SEGMENTS_KEPT)
		err = drop_oldest(vault);
	if (!err)
		err = vault_manifest_rotate(vault);
	if (err)
		vault->counts.failed++;
}
