// SPDX-License-Identifier: BSD-2-Clause
/* One file on its way into a vault: begun, finished, published or abandoned. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/sha256.h"
#include "base/time_text.h"
#include "record/vault_store.h"

static void part_name(const struct vault_file *file, char to[VAULT_FILE])
{
	snprintf(to, VAULT_FILE, "%s.pcapng.part", file->id);
}

static void free_file(struct vault_file *file)
{
	if (file->stream)
		fclose(file->stream);
	if (file->dir >= 0)
		close(file->dir);
	free(file);
}

/* Sets where it will lie, and where it lies now. */
static struct vault_file *make_file(const struct vault *vault, const char *id, uint64_t time_ns)
{
	size_t room = strlen(vault->directory) + VAULT_FILE + sizeof("/.part");
	struct vault_file *file = calloc(1, sizeof(*file) + room);
	char time[TIME_TEXT];

	if (!file)
		return NULL;
	file->dir = -1;
	file->time_ns = time_ns;
	file->generation = vault->generation;
	snprintf(file->id, sizeof(file->id), "%s", id);
	time_format(time, time_ns);
	snprintf(file->published.file, VAULT_FILE, "%.4s/%.2s/%.2s/%s.pcapng", time, time + 5,
		 time + 8, file->id);
	snprintf(file->path, room, "%s/%s.part", vault->directory, file->published.file);
	return file;
}

static int open_part(const struct vault *vault, struct vault_file *file)
{
	char day[VAULT_DAY], name[VAULT_FILE];
	struct stat status;
	int fd;

	vault_paths_split(file->published.file, day, name);
	file->dir = vault_paths_day(vault->root, day);
	if (file->dir < 0)
		return file->dir;
	if (!fstatat(file->dir, file->published.file + VAULT_DAY, &status, AT_SYMLINK_NOFOLLOW))
		return -EEXIST;
	part_name(file, name);
	fd = openat(file->dir, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    VAULT_MODE);
	if (fd < 0)
		return -errno;
	file->stream = fdopen(fd, "w+");
	if (file->stream)
		return 0;
	close(fd);
	unlinkat(file->dir, name, 0);
	return -ENOMEM;
}

int vault_begin(struct vault *vault, const char *id, uint64_t time_ns, struct vault_file **out)
{
	struct vault_file *file;
	int err;

	if (!vault_id_is_valid(id, strlen(id)))
		return -EINVAL;
	err = vault_ready(vault);
	file = err ? NULL : make_file(vault, id, time_ns);
	if (!err)
		err = file ? open_part(vault, file) : -ENOMEM;
	if (err) {
		vault->counts.failed += err != -EEXIST;
		if (file)
			free_file(file);
		return err;
	}
	if (time_ns > vault->now_ns)
		vault->now_ns = time_ns;
	vault->in_progress++;
	*out = file;
	return 0;
}

FILE *vault_stream(struct vault_file *file)
{
	return file->stream;
}

const char *vault_part_path(const struct vault_file *file)
{
	return file->path;
}

int vault_finish(struct vault_file *file, struct vault_published *out)
{
	int err = 0, fd;

	if (!file->stream)
		return -EINVAL;
	fd = fileno(file->stream);
	if (fflush(file->stream))
		err = -errno;
	else if (ferror(file->stream))
		err = -EIO;
	if (!err && fdatasync(fd))
		err = -errno;
	if (!err)
		err = vault_paths_hash(fd, file->published.sha256, &file->published.bytes);
	if (fclose(file->stream) && !err)
		err = -errno;
	file->stream = NULL;
	if (err)
		return err;
	file->finished = true;
	*out = file->published;
	return 0;
}

static void describe(struct vault_line *line, const struct vault_file *file, const char *json,
		     size_t length, int severity)
{
	unsigned char hash[SHA256_DIGEST_SIZE];

	*line = (struct vault_line){ .action = VAULT_PUBLISH,
				     .time_ns = file->time_ns,
				     .bytes = file->published.bytes,
				     .severity = severity < 1   ? 1
						 : severity > 4 ? 4
								: severity };
	memcpy(line->file, file->published.file, VAULT_FILE);
	memcpy(line->sha256, file->published.sha256, VAULT_HASH);
	if (!json)
		return;
	sha256_of(hash, json, length);
	sodium_bin2hex(line->json_sha256, VAULT_HASH, hash, sizeof(hash));
	line->json_bytes = length;
}

/*
 * The JSON first: then a file under its own name always has it.  Whenever this
 * ends early, vault_recover() finds a part, or a file that no line names.
 */
static int publish(struct vault *vault, struct vault_file *file, struct vault_line *line,
		   const char *json)
{
	char part[VAULT_FILE], json_name[VAULT_FILE], day[VAULT_DAY];
	const char *name = line->file + VAULT_DAY;
	int err = 0;

	part_name(file, part);
	vault_paths_split(line->file, day, json_name);
	if (json)
		err = vault_paths_prepare(file->dir, json_name, json, line->json_bytes);
	if (json && !err)
		err = vault_paths_replace(file->dir, json_name);
	if (!err && renameat(file->dir, part, file->dir, name))
		err = -errno;
	if (!err && fsync(file->dir))
		err = -errno;
	if (!err)
		err = vault_manifest_append(vault, line, true);
	if (!err)
		return 0;
	unlinkat(file->dir, part, 0);
	unlinkat(file->dir, name, 0);
	unlinkat(file->dir, json_name, 0);
	return err;
}

int vault_commit(struct vault *vault, struct vault_file *file, const char *json, size_t length,
		 int severity)
{
	struct vault_line line;
	int err = file->finished ? vault_ready(vault) : -EINVAL;

	/* The directory went away, and the part with it. */
	if (!err && file->generation != vault->generation)
		err = -ESTALE;
	describe(&line, file, json, length, severity);
	if (!err)
		err = vault_make_room(vault, vault_blocks_taken(line.bytes, line.json_bytes),
				      line.severity);
	if (!err)
		err = publish(vault, file, &line, json);
	if (err) {
		vault_abandon(vault, file);
		return err;
	}
	vault->in_progress--;
	free_file(file);
	vault_entry_put(vault, &line, vault->segment);
	vault->counts.published++;
	vault_segments_turn(vault);
	return 0;
}

void vault_abandon(struct vault *vault, struct vault_file *file)
{
	char part[VAULT_FILE], day[VAULT_DAY];

	if (!file)
		return;
	part_name(file, part);
	unlinkat(file->dir, part, 0);
	memcpy(day, file->published.file, VAULT_DAY - 1);
	day[VAULT_DAY - 1] = 0;
	if (file->generation == vault->generation && vault->root >= 0)
		vault_paths_prune(vault->root, day);
	vault->in_progress--;
	vault->counts.failed++;
	free_file(file);
}
