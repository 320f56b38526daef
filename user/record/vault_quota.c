// SPDX-License-Identifier: BSD-2-Clause
/* Which files a vault holds, and which of them go first. */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "record/vault_store.h"

#define REMOVE_MAX 16 /* files in one go, so that nobody waits long */

struct name {
	char file[VAULT_FILE];
};

/* Keys are compared byte by byte. */
static struct name name_of(const char *file)
{
	struct name name;

	memset(&name, 0, sizeof(name));
	memcpy(name.file, file, strnlen(file, VAULT_FILE - 1));
	return name;
}

uint64_t vault_blocks_taken(uint64_t bytes, uint64_t json_bytes)
{
	uint64_t blocks = (bytes + VAULT_BLOCK - 1) / VAULT_BLOCK +
			  (json_bytes + VAULT_BLOCK - 1) / VAULT_BLOCK;

	return blocks * VAULT_BLOCK;
}

struct vault_entry *vault_entry_find(const struct vault *vault, const char *file)
{
	struct name name = name_of(file);

	return table_find(&vault->files, &name);
}

void vault_entry_drop(struct vault *vault, const char *file)
{
	struct vault_entry *entry = vault_entry_find(vault, file);

	if (!entry)
		return;
	vault->counts.bytes -= vault_blocks_taken(entry->bytes, entry->json_bytes);
	vault->counts.files--;
	table_remove(&vault->files, entry);
}

void vault_entry_put(struct vault *vault, const struct vault_line *line, unsigned segment)
{
	struct name name = name_of(line->file);
	struct vault_entry *entry;

	vault_entry_drop(vault, line->file);
	if (vault->counts.files >= VAULT_FILES_MAX)
		return; /* a manifest that no vault wrote */
	entry = table_insert(&vault->files, &name);
	*entry = (struct vault_entry){ .bytes = line->bytes,
				       .json_bytes = line->json_bytes,
				       .time_ns = line->time_ns,
				       .severity = line->severity,
				       .segment = segment };
	memcpy(entry->sha256, line->sha256, VAULT_HASH);
	memcpy(entry->json_sha256, line->json_sha256, VAULT_HASH);
	vault->counts.bytes += vault_blocks_taken(entry->bytes, entry->json_bytes);
	vault->counts.files++;
	if (entry->time_ns < vault->oldest_ns)
		vault->oldest_ns = entry->time_ns;
}

void vault_line_fill(struct vault_line *line, const char *file, const struct vault_entry *entry)
{
	*line = (struct vault_line){ .time_ns = entry->time_ns,
				     .bytes = entry->bytes,
				     .json_bytes = entry->json_bytes,
				     .severity = entry->severity };
	memcpy(line->file, file, VAULT_FILE);
	memcpy(line->sha256, entry->sha256, VAULT_HASH);
	memcpy(line->json_sha256, entry->json_sha256, VAULT_HASH);
}

int vault_unlink(struct vault *vault, const char *file)
{
	char day[VAULT_DAY], json[VAULT_FILE];
	int dir, err = 0;

	vault_paths_split(file, day, json);
	dir = vault_paths_directory(vault->root, day);
	if (dir < 0)
		return dir == -ENOENT ? 0 : dir;
	if (unlinkat(dir, file + VAULT_DAY, 0) && errno != ENOENT)
		err = -errno;
	if (unlinkat(dir, json, 0) && errno != ENOENT)
		err = -errno;
	/* Before another line: only the last one's file may come back after a crash. */
	if (fsync(dir))
		err = -errno;
	close(dir);
	vault_paths_prune(vault->root, day);
	return err;
}

static int remove_file(struct vault *vault, const struct vault_entry *entry)
{
	struct vault_line line;
	int err;

	vault_line_fill(&line, table_key(&vault->files, entry), entry);
	line.action = VAULT_REMOVE;
	line.time_ns = vault->now_ns;
	err = vault_manifest_append(vault, &line, true);
	if (err)
		return err;
	vault_entry_drop(vault, line.file);
	vault->counts.removed++;
	return vault_unlink(vault, line.file);
}

/* The oldest of the lowest severity. */
static const struct vault_entry *first_to_go(const struct vault *vault)
{
	const struct vault_entry *entry = NULL, *found = NULL;

	while ((entry = table_next(&vault->files, entry))) {
		if (!found || entry->severity > found->severity ||
		    (entry->severity == found->severity && entry->time_ns < found->time_ns))
			found = entry;
	}
	return found;
}

static bool is_disk_full(const struct vault *vault, uint64_t bytes)
{
	struct statvfs disk;
	uint64_t need;

	if (!vault->options.min_free_percent || fstatvfs(vault->root, &disk) || !disk.f_frsize)
		return false;
	need = bytes / disk.f_frsize + disk.f_blocks * vault->options.min_free_percent / 100;
	return disk.f_bavail < need;
}

/* Why so much does not fit in, or 0. */
static int is_over(const struct vault *vault, uint64_t bytes)
{
	if (vault->options.max_bytes && vault->counts.bytes + bytes > vault->options.max_bytes)
		return -EDQUOT;
	if (bytes && vault->counts.files >= VAULT_FILES_MAX)
		return -EDQUOT;
	return is_disk_full(vault, bytes) ? -ENOSPC : 0;
}

int vault_make_room(struct vault *vault, uint64_t bytes, int severity)
{
	int over;

	if (vault->options.max_bytes && bytes > vault->options.max_bytes)
		return -EFBIG;
	for (unsigned i = 0; (over = is_over(vault, bytes)); i++) {
		const struct vault_entry *entry = first_to_go(vault);
		int err;

		if (!entry || entry->severity < severity || i == REMOVE_MAX)
			return over;
		err = remove_file(vault, entry);
		if (err)
			return err;
	}
	return 0;
}

void vault_expire(struct vault *vault)
{
	uint64_t age_ns = vault->options.max_age_s * 1000000000, oldest = UINT64_MAX;
	const struct vault_entry *entry = NULL;
	unsigned removed = 0;

	if (!vault->options.max_age_s || vault->now_ns < age_ns ||
	    vault->oldest_ns >= vault->now_ns - age_ns)
		return;
	while ((entry = table_next(&vault->files, entry))) {
		uint64_t time_ns = entry->time_ns;

		if (time_ns >= vault->now_ns - age_ns || removed == REMOVE_MAX) {
			oldest = time_ns < oldest ? time_ns : oldest;
			continue;
		}
		removed++;
		if (remove_file(vault, entry)) {
			vault->counts.failed++;
			return;
		}
	}
	vault->oldest_ns = oldest;
}
