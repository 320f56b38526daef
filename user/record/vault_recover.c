// SPDX-License-Identifier: BSD-2-Clause
/*
 * Puts right what a crash left in a vault's days: a part becomes a file of its
 * whole blocks, or goes; a file that was renamed but not listed is listed; what
 * was to stand beside a file that is not there goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "record/vault_blocks.h"
#include "record/vault_store.h"

#define JSON_LOOK 65536    /* how far into it the severity is looked for */
#define SEVERITY_UNKNOWN 2 /* neither the first to go nor the last */

struct walk {
	struct vault *vault;
	int dir;
	unsigned level; /* 0: the vault, 3: a day */
	bool parts_only;
	char path[VAULT_DAY];
};

/* NAME ends in suffix: its length without that, or 0. */
static size_t before(const char *name, const char *suffix)
{
	size_t length = strlen(name), tail = strlen(suffix);

	if (length <= tail || strcmp(name + length - tail, suffix) != 0)
		return 0;
	return vault_id_is_valid(name, length - tail) ? length - tail : 0;
}

static int find_severity(int fd)
{
	static const char name[] = "\"severity\":";
	char *text = malloc(JSON_LOOK);
	ssize_t got = text ? pread(fd, text, JSON_LOOK - 1, 0) : -1;
	int severity = SEVERITY_UNKNOWN;
	const char *at;

	if (got > 0) {
		text[got] = 0;
		at = strstr(text, name);
		if (at && at[sizeof(name) - 1] >= '1' && at[sizeof(name) - 1] <= '4')
			severity = at[sizeof(name) - 1] - '0';
	}
	free(text);
	return severity;
}

/* The JSON is renamed before the file, so what stands under its name is whole. */
static int describe_json(int dir, const char *id, size_t length, struct vault_line *line)
{
	char name[VAULT_FILE];
	int fd, err;

	snprintf(name, sizeof(name), "%.*s.json", (int)length, id);
	line->severity = SEVERITY_UNKNOWN;
	fd = vault_paths_file(dir, name);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	err = vault_paths_hash(fd, line->json_sha256, &line->json_bytes);
	line->severity = find_severity(fd);
	close(fd);
	return err;
}

/* Lists a file that is whole by now. */
static int list_file(const struct walk *walk, const char *name, size_t id_length, int fd,
		     uint64_t time_ns)
{
	struct vault_line line = { .action = VAULT_PUBLISH, .recovered = true, .time_ns = time_ns };
	struct vault *vault = walk->vault;
	int err = vault_paths_hash(fd, line.sha256, &line.bytes);

	snprintf(line.file, sizeof(line.file), "%s/%.*s.pcapng", walk->path, (int)id_length, name);
	if (!err)
		err = describe_json(walk->dir, name, id_length, &line);
	if (!err)
		err = vault_manifest_append(vault, &line, true);
	if (err)
		return err;
	vault_entry_put(vault, &line, vault->segment);
	vault->counts.recovered++;
	return 0;
}

/* name: ID.pcapng.part, or ID.pcapng that no line names. */
static int recover_file(const struct walk *walk, const char *name, size_t id_length, bool part)
{
	struct vault_blocks blocks;
	struct stat status = { .st_mtim = { 0 } };
	char final[VAULT_FILE];
	int err, fd = openat(walk->dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	snprintf(final, sizeof(final), "%.*s.pcapng", (int)id_length, name);
	err = fstat(fd, &status) ? -errno : vault_blocks_scan(fd, &blocks);
	if (err)
		goto out;
	if (!blocks.packets) {
		err = unlinkat(walk->dir, name, 0) ? -errno : 0;
		goto out;
	}
	if (blocks.what)
		err = vault_blocks_cut(fd, &blocks);
	else if (part && fdatasync(fd))
		err = -errno;
	if (!err && part && renameat(walk->dir, name, walk->dir, final))
		err = -errno;
	if (!err && fsync(walk->dir))
		err = -errno;
	if (!err)
		err = list_file(walk, final, id_length, fd,
				(uint64_t)status.st_mtim.tv_sec * 1000000000 +
					(uint64_t)status.st_mtim.tv_nsec);
out:
	close(fd);
	return err;
}

static bool is_listed(const struct walk *walk, const char *name, size_t id_length)
{
	char file[VAULT_FILE];

	snprintf(file, sizeof(file), "%s/%.*s.pcapng", walk->path, (int)id_length, name);
	return vault_entry_find(walk->vault, file);
}

static void failed(const struct walk *walk, const char *name, int err)
{
	walk->vault->counts.failed++;
	log_warning("vault %s: cannot recover %s/%s: %s; the next start tries again",
		    walk->vault->directory, walk->path, name, strerror(-err));
}

static int visit_file(void *arg, const char *name, const struct stat *status)
{
	struct walk *walk = arg;
	size_t length;
	int err = 0;

	if (!S_ISREG(status->st_mode))
		return 0;
	if (before(name, ".json.part"))
		err = unlinkat(walk->dir, name, 0) ? -errno : 0;
	else if ((length = before(name, ".pcapng.part")))
		/* Of a file that is listed there is no part but a stranger's. */
		err = is_listed(walk, name, length) ? 0 : recover_file(walk, name, length, true);
	else if (!walk->parts_only && (length = before(name, ".pcapng")))
		err = is_listed(walk, name, length) ? 0 : recover_file(walk, name, length, false);
	if (err)
		failed(walk, name, err);
	return 0;
}

/* After the files: JSON that was there before its file. */
static int visit_json(void *arg, const char *name, const struct stat *status)
{
	struct walk *walk = arg;
	size_t length = before(name, ".json");
	char file[VAULT_FILE];
	struct stat found;

	if (!length || !S_ISREG(status->st_mode) || is_listed(walk, name, length))
		return 0;
	snprintf(file, sizeof(file), "%.*s.pcapng", (int)length, name);
	if (fstatat(walk->dir, file, &found, AT_SYMLINK_NOFOLLOW) && errno == ENOENT &&
	    unlinkat(walk->dir, name, 0))
		failed(walk, name, -errno);
	return 0;
}

static int visit_directory(void *arg, const char *name, const struct stat *status)
{
	static const unsigned digits[] = { 4, 2, 2 };
	struct walk *walk = arg, next = *walk;
	unsigned wanted = digits[walk->level];
	int err;

	if (!S_ISDIR(status->st_mode) || strlen(name) != wanted ||
	    strspn(name, "0123456789") != wanted)
		return 0;
	next.dir = vault_paths_directory(walk->dir, name);
	if (next.dir < 0)
		return next.dir;
	if (walk->level)
		strcat(next.path, "/");
	strcat(next.path, name);
	next.level++;
	if (next.level < 3) {
		err = vault_paths_list(next.dir, visit_directory, &next);
	} else {
		err = vault_paths_list(next.dir, visit_file, &next);
		if (!err && !walk->parts_only)
			err = vault_paths_list(next.dir, visit_json, &next);
		vault_paths_prune(walk->vault->root, next.path);
	}
	close(next.dir);
	return err;
}

int vault_recover(struct vault *vault, bool parts_only)
{
	static const char *const leftovers[] = { VAULT_HEAD ".part", VAULT_SIGNATURE ".part" };
	struct walk walk = { .vault = vault, .dir = vault->root, .parts_only = parts_only };

	for (unsigned i = 0; i < sizeof(leftovers) / sizeof(leftovers[0]); i++)
		if (unlinkat(vault->root, leftovers[i], 0) && errno != ENOENT)
			return -errno;
	return vault_paths_list(vault->root, visit_directory, &walk);
}
