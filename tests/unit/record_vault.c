// SPDX-License-Identifier: BSD-2-Clause
/* Files go into a vault whole, with their names, modes and lines, or not at all. */
#include <dirent.h>
#include <inttypes.h>
#include "vault_stage.h"

#define FILE_1 "2026/11/21/9e3779b1000000000000000000000001"

static mode_t mode_of(const char *name)
{
	struct stat status;

	return lstat(stage_path(name), &status) ? 0 : status.st_mode & 07777;
}

static void test_publish(void)
{
	struct vault *vault = stage_open(0);
	struct vault_published published;
	uint64_t count = 0;
	char hash[VAULT_HASH];

	ok(vault, "a vault is made where there is none");
	vault_head(vault, &count, hash);
	ok(count == 0 && strspn(hash, "0") == 64, "its head is nothing at first");
	ok(!stage_publish(vault, 1, STAGE_TIME, 3, 2, &published), "a file is published");
	ok(!strcmp(published.file, FILE_1 ".pcapng") && published.bytes == STAGE_CAPTURE(3),
	   "its name is the day of its packets and its id");
	ok(stage_size(FILE_1 ".pcapng") == STAGE_CAPTURE(3) &&
		   stage_size(FILE_1 ".json") == sizeof(STAGE_JSON) - 1,
	   "it lies there, its JSON beside it");
	ok(mode_of("2026/11/21") == 0750 && mode_of(".") == 0750 &&
		   mode_of(FILE_1 ".pcapng") == 0640 && mode_of(FILE_1 ".json") == 0640 &&
		   mode_of("MANIFEST.jsonl") == 0640 && mode_of("HEAD") == 0640,
	   "directories have mode 0750, files 0640");
	vault_head(vault, &count, hash);
	ok(count == 1 && strspn(hash, "0") != 64, "the head has moved on");
	ok(stage_publish(vault, 1, STAGE_TIME, 3, 2, NULL) == -EEXIST,
	   "an id is published once a day");
	ok(!stage_publish(vault, 1, STAGE_TIME + 24 * STAGE_HOUR, 3, 2, NULL),
	   "the next day it may come again");
	ok(stage_counts(vault).published == 2 && stage_counts(vault).files == 2 &&
		   stage_counts(vault).bytes == 4 * 4096 && !stage_counts(vault).failed,
	   "what is there is counted in blocks");
	vault_close(vault);
	ok(!stage_verify() && stage_result.files == 2 && stage_result.lines == 2 &&
		   strcmp(stage_result.head, hash) != 0,
	   "verify finds nothing wrong, and the head of the second line");
	clear_stage();
}

static void test_names(void)
{
	static const char *const bad[] = {
		"",  ".", "..",  "a/b", "../a",
		"A", "g", "a b", "a.b", "012345678901234567890123456789012345678901234"
	};
	struct vault *vault = stage_open(0);
	struct vault_file *file;
	bool refused = true;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused &= vault_begin(vault, bad[i], STAGE_TIME, &file) == -EINVAL;
	ok(refused, "an id is of 0-9, a-f and - and not longer than 44, or it is refused");
	ok(!vault_begin(vault, "01234567890123456789012345678901234567890123", STAGE_TIME, &file),
	   "one of 44 is good");
	vault_abandon(vault, file);
	vault_close(vault);
	clear_stage();
}

static void test_parts(void)
{
	struct vault *vault = stage_open(0);
	struct vault_published published;
	struct vault_file *file, *other;

	vault_begin(vault, stage_id(1), STAGE_TIME, &file);
	ok(vault_begin(vault, stage_id(1), STAGE_TIME, &other) == -EEXIST,
	   "an id that is being written is refused");
	put_capture(vault_stream(file), 3, 1);
	ok(!vault_finish(file, &published) && stage_size(FILE_1 ".pcapng.part") == STAGE_CAPTURE(3),
	   "a finished file is a part still");
	ok(!access(vault_part_path(file), R_OK), "its path is known, so that it can be replayed");
	ok(!stage_verify() && stage_result.unfinished == 1 && stage_result.busy,
	   "verify sees a part of an agent at work, and nothing wrong");
	vault_abandon(vault, file);
	ok(!stage_exists("2026") && stage_counts(vault).failed == 1,
	   "of an abandoned file nothing is left, not even its directories, but a count");
	vault_begin(vault, stage_id(1), STAGE_TIME, &file);
	ok(vault_commit(vault, file, NULL, 0, 3) == -EINVAL && !stage_exists("2026"),
	   "what is not finished is not published");
	vault_abandon(vault, NULL);
	vault_begin(vault, stage_id(1), STAGE_TIME, &file);
	put_capture(vault_stream(file), 3, 1);
	vault_finish(file, &published);
	ok(!vault_commit(vault, file, NULL, 0, 3) && !stage_exists(FILE_1 ".json"),
	   "a file may be published without JSON");
	vault_close(vault);
	ok(!stage_verify(), "and that verifies");
	clear_stage();
}

static void test_lock(void)
{
	struct vault *vault = stage_open(0), *other = stage_open(0);

	ok(!other && strstr(stage_error, "another agent writes to it"),
	   "a second agent is refused, and told why");
	stage_fill(vault, 1, 1);
	vault_close(vault);
	vault = stage_open(0);
	ok(vault && stage_counts(vault).files == 1, "when the first has gone it may have it");
	vault_close(vault);
	ok(!stage_open_with((struct vault_options){ .directory = "/nowhere/at/all" }) &&
		   strstr(stage_error, "make the directory above it first"),
	   "a directory that cannot be made is an error with a remedy");
	clear_stage();
}

/* Links where the vault's own directories and files are expected. */
static void test_links(void)
{
	char outside[256], link[512];
	struct vault *vault = stage_open(0);
	struct stat status;

	snprintf(outside, sizeof(outside), "%s/outside", stage);
	mkdir(outside, 0755);
	if (symlink(outside, stage_path("2026")))
		abort();
	ok(stage_publish(vault, 1, STAGE_TIME, 3, 3, NULL) == -ELOOP ||
		   stage_publish(vault, 1, STAGE_TIME, 3, 3, NULL) == -ENOTDIR,
	   "a link in the place of a directory is not followed");
	snprintf(link, sizeof(link), "%s/11", outside);
	ok(lstat(link, &status) && errno == ENOENT, "and nothing was written behind it");
	unlink(stage_path("2026"));
	ok(!stage_publish(vault, 1, STAGE_TIME, 3, 3, NULL), "without it, files are published");
	snprintf(link, sizeof(link), "%s/target", outside);
	if (symlink(link, stage_path("HEAD.part")))
		abort();
	ok(!stage_publish(vault, 2, STAGE_TIME, 3, 3, NULL) && lstat(link, &status),
	   "a link under the name of a part is replaced, not followed");
	vault_close(vault);
	unlink(stage_path("MANIFEST.jsonl"));
	if (symlink("/etc/passwd", stage_path("MANIFEST.jsonl")))
		abort();
	ok(!stage_open(0), "a manifest that is a link is an error");
	clear_stage();
}

static void test_owner(void)
{
	struct vault *vault;
	struct stat status = { .st_uid = 0 };

	if (geteuid()) {
		skip("what root makes is given to the worker", "needs root");
		return;
	}
	vault = stage_open_with((struct vault_options){ .uid = 65534, .gid = 65534 });
	stat(stage_path("MANIFEST.jsonl"), &status);
	ok(vault && status.st_uid == 65534, "what root makes is given to the worker");
	vault_close(vault);
	clear_stage();
}

int main(void)
{
	begin_stage();
	test_publish();
	test_names();
	test_parts();
	test_lock();
	test_links();
	test_owner();
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
