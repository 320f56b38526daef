// SPDX-License-Identifier: BSD-2-Clause
/* Checks the files of a vault against what its manifest says, and finds what it does not name. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"
#include "record/upload_state.h"
#include "record/vault_blocks.h"
#include "record/vault_paths.h"
#include "record/vault_store.h"
#include "record/verify_round.h"

/* true: it is there, and has this hash. */
static bool check_hash(struct verify_round *round, const char *where, int fd, const char *sha256,
		       uint64_t bytes)
{
	char found[VAULT_HASH];
	uint64_t size;

	if (fd < 0) {
		if (fd == -ENOENT)
			verify_wrong(round, where, 0, "is missing");
		else if (fd == -ELOOP || fd == -EINVAL || fd == -ENOTDIR)
			verify_wrong(round, where, 0, "is not a regular file");
		else
			verify_wrong(round, where, 0, "cannot be read: %s", strerror(-fd));
		return false;
	}
	if (vault_paths_hash(fd, found, &size)) {
		verify_wrong(round, where, 0, "cannot be read to its end");
		return false;
	}
	if (size != bytes)
		verify_wrong(round, where, 0,
			     "has %" PRIu64 " bytes, published with %" PRIu64 ": it was altered",
			     size, bytes);
	else if (strcmp(found, sha256) != 0)
		verify_wrong(round, where, 0,
			     "has the hash %.16s..., published with %.16s...: it was altered",
			     found, sha256);
	return size == bytes && !strcmp(found, sha256);
}

static bool check_blocks(struct verify_round *round, const char *where, int fd)
{
	struct vault_blocks blocks;

	if (vault_blocks_scan(fd, &blocks)) {
		verify_wrong(round, where, 0, "cannot be read to its end");
		return false;
	}
	if (!blocks.what)
		return true;
	verify_wrong(round, where, 0, "is no whole pcapng file: at byte %" PRIu64 ", %s",
		     blocks.whole, blocks.what);
	return false;
}

static bool check_json(struct verify_round *round, const char *where,
		       const struct verify_file *file)
{
	int fd = vault_paths_file(round->root, where);
	bool good = true;

	if (file->json_sha256[0]) {
		good = check_hash(round, where, fd, file->json_sha256, file->json_bytes);
	} else if (fd != -ENOENT) {
		verify_wrong(round, where, 0, "is not in the manifest");
		good = false;
	}
	if (fd >= 0)
		close(fd);
	return good;
}

static bool check_proof(struct verify_round *round, const char *name, const char *json,
			struct verify_file *file)
{
	char *path = NULL, *json_path = NULL;
	int err = -ENOMEM;

	if (!round->options->prove)
		return true;
	if (asprintf(&path, "%s/%s", round->options->directory, name) >= 0 &&
	    asprintf(&json_path, "%s/%s", round->options->directory, json) >= 0)
		err = round->options->prove(round->options->prove_arg, path, json_path);
	free(path);
	free(json_path);
	file->proved = !err;
	if (err < 0)
		verify_wrong(round, name, 0, "does not prove its finding when it is replayed");
	return err >= 0;
}

/* "2026/11/21/ID.json" */
static void json_of(const char *file, char to[VAULT_FILE])
{
	char day[VAULT_DAY], json[VAULT_FILE];

	vault_paths_split(file, day, json);
	snprintf(to, VAULT_FILE, "%.10s/%.*s", day, VAULT_FILE - VAULT_DAY - 1, json);
}

static bool check_file(struct verify_round *round, const char *name, struct verify_file *file)
{
	char json[VAULT_FILE];
	int fd = vault_paths_file(round->root, name);
	bool good = check_hash(round, name, fd, file->sha256, file->bytes);

	/* Also of an altered file: where the damage is. */
	if (fd >= 0 && !check_blocks(round, name, fd))
		good = false;
	if (fd >= 0)
		close(fd);
	json_of(name, json);
	if (!check_json(round, json, file))
		good = false;
	return good && check_proof(round, name, json, file);
}

static bool was_good(const struct verify_round *round, const char *name, struct verify_file *file)
{
	const struct verify_file *before = round->before ? table_find(round->before, name) : NULL;

	if (!before || !before->good || strcmp(before->sha256, file->sha256) != 0 ||
	    strcmp(before->json_sha256, file->json_sha256) != 0)
		return false;
	file->proved = before->proved;
	return true;
}

int verify_files(struct verify_round *round)
{
	struct verify_result *result = round->result;
	struct verify_file *file = NULL;

	result->files = result->bytes = result->proved = 0;
	while ((file = table_next(&round->files, file))) {
		const char *name = table_key(&round->files, file);

		file->good = was_good(round, name, file) || check_file(round, name, file);
		result->files++;
		result->bytes += file->bytes + file->json_bytes;
		result->proved += file->proved;
	}
	return 0;
}

struct walk {
	struct verify_round *round;
	int dir;
	unsigned level; /* 0: the vault, 3: a day */
	char path[VAULT_DAY];
};

static bool ends_with(const char *name, const char *tail)
{
	size_t length = strlen(name), tail_length = strlen(tail);

	return length > tail_length && !strcmp(name + length - tail_length, tail);
}

static bool is_known_at_top(const char *name)
{
	static const char *const names[] = { VAULT_LOCK,        VAULT_HEAD,
					     VAULT_SIGNATURE,   VAULT_MANIFEST,
					     UPLOAD_STATE_NAME, UPLOAD_STATE_NAME ".new" };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return vault_segment_number(name);
}

static bool is_part(const struct walk *walk, const char *name)
{
	size_t length = strlen(name);

	if (!walk->level)
		return !strcmp(name, VAULT_HEAD ".part") || !strcmp(name, VAULT_SIGNATURE ".part");
	if (ends_with(name, ".pcapng.part"))
		length -= sizeof(".pcapng.part") - 1;
	else if (ends_with(name, ".json.part"))
		length -= sizeof(".json.part") - 1;
	else
		return false;
	return walk->level == 3 && vault_id_is_valid(name, length);
}

/* A file of a day that the manifest names, or its JSON. */
static bool is_listed(const struct walk *walk, const char *name)
{
	char file[VAULT_FILE];
	size_t length = strlen(name), tail;

	if (walk->level != 3 || length + VAULT_DAY >= VAULT_FILE)
		return false;
	tail = ends_with(name, ".json") ? sizeof(".json") - 1 : sizeof(".pcapng") - 1;
	if (length <= tail || (!ends_with(name, ".json") && !ends_with(name, ".pcapng")))
		return false;
	length -= tail;
	if (VAULT_DAY + length + sizeof(".pcapng") > VAULT_FILE)
		return false;
	memset(file, 0, sizeof(file));
	snprintf(file, sizeof(file), "%.10s/%.*s.pcapng", walk->path, (int)length, name);
	return table_find(&walk->round->files, file);
}

static void tell(const struct walk *walk, const char *name, const char *what)
{
	char shown[TEXT_ESCAPED(VAULT_FILE)], where[sizeof(shown) + VAULT_DAY + 1];

	text_escape(shown, sizeof(shown), name, strnlen(name, VAULT_FILE));
	snprintf(where, sizeof(where), "%s%s%s", walk->path, walk->level ? "/" : "", shown);
	verify_wrong(walk->round, where, 0, "%s", what);
}

static int visit(void *arg, const char *name, const struct stat *status)
{
	static const unsigned digits[] = { 4, 2, 2, 0 };
	struct walk *walk = arg, next = *walk;
	unsigned wanted = digits[walk->level];
	int err;

	if (S_ISREG(status->st_mode) && is_part(walk, name)) {
		walk->round->result->unfinished++;
		return 0;
	}
	if (S_ISREG(status->st_mode) &&
	    (walk->level ? is_listed(walk, name) : is_known_at_top(name)))
		return 0;
	if (!S_ISDIR(status->st_mode) || !wanted || strlen(name) != wanted ||
	    strspn(name, "0123456789") != wanted) {
		tell(walk, name,
		     S_ISREG(status->st_mode)
			     ? "is not in the manifest"
			     : "is no file of a vault, nor one of its directories");
		return 0;
	}
	next.dir = vault_paths_directory(walk->dir, name);
	if (next.dir < 0) {
		if (next.dir != -ENOENT)
			tell(walk, name, "cannot be looked into");
		return 0;
	}
	if (walk->level)
		strcat(next.path, "/");
	strcat(next.path, name); /* as many digits as there is room for */
	next.level++;
	err = vault_paths_list(next.dir, visit, &next);
	close(next.dir);
	return err;
}

int verify_strangers(struct verify_round *round)
{
	struct walk walk = { .round = round, .dir = round->root };

	round->result->unfinished = 0;
	return vault_paths_list(round->root, visit, &walk);
}
