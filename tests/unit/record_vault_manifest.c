// SPDX-License-Identifier: BSD-2-Clause
/* A manifest that is opened, appended to and rotated: what stands in the way leaves it as it was.
 */
#include <signal.h>
#include <sys/resource.h>
#include "record/vault_store.h"
#include "vault_stage.h"

#define OTHER "MANIFEST.other"

static struct vault *vault;

static void begin(unsigned files)
{
	vault = stage_open(0);
	if (!vault)
		abort();
	stage_fill(vault, 1, files);
}

static void end(void)
{
	vault_close(vault);
	clear_stage();
}

/* A line about a file that nobody looks for. */
static int append(enum vault_action action, bool sync)
{
	struct vault_line line = { .time_ns = STAGE_TIME, .action = action };

	snprintf(line.file, sizeof(line.file), "2026/11/21/%s.pcapng", stage_id(77));
	memcpy(line.sha256, VAULT_NO_HASH, VAULT_HASH);
	return vault_manifest_append(vault, &line, sync);
}

/* The count that HEAD tells, 0: none. */
static uint64_t head(void)
{
	char hash[VAULT_HASH];
	uint64_t count = 0;
	size_t length;
	char *text = stage_read("HEAD", &length);

	if (!vault_head_parse(text, &count, hash))
		count = 0;
	free(text);
	return count;
}

static bool is_whole(uint64_t count)
{
	return vault->count == count &&
	       vault->manifest_bytes == (uint64_t)stage_size(VAULT_MANIFEST);
}

static void test_append(void)
{
	uint64_t before;

	begin(2);
	before = vault->manifest_bytes;
	ok(is_whole(2) && head() == 2, "each file is a line, and HEAD is at the last");
	ok(!append(VAULT_REMOVE, false) && is_whole(3) && vault->manifest_bytes > before &&
		   head() == 2,
	   "a line that need not be on the disk leaves HEAD where it is");
	ok(!append(VAULT_REMOVE, true) && is_whole(4) && head() == 4 && !vault->head_stale,
	   "the next one that must be moves it over both");
	end();
}

/* The lowest free descriptor is given first: of a daemon without a standard input that is 0. */
static void test_descriptor_zero(void)
{
	int input;

	begin(1);
	input = dup(0);
	close(0);
	ok(!vault_manifest_rotate(vault) && vault->manifest == 0 && vault->manifest_bytes == 0,
	   "descriptor 0 is as good as any");
	ok(!append(VAULT_REMOVE, true) && is_whole(2) && vault->manifest == 0,
	   "and is appended to");
	ok(!vault_manifest_check(vault), "and checked");
	vault_close(vault);
	dup2(input, 0);
	close(input);
	clear_stage();
}

static void test_opened_again(void)
{
	begin(1);
	close(vault->manifest);
	vault->manifest = -1;
	vault->manifest_bytes = 0;
	ok(!append(VAULT_REMOVE, true) && is_whole(2), "a manifest that was lost is opened again");
	end();
}

/* What lies in its place while it is not open, and what opening it says. */
static bool refuses(int err)
{
	int was = vault->manifest, got;

	vault->manifest = -1;
	vault->manifest_bytes = 1;
	got = vault_manifest_open(vault);
	if (got != err)
		printf("# %d\n", got);
	return got == err && vault->manifest == -1 && vault->manifest_bytes == 1 && !close(was);
}

static void test_in_its_place(void)
{
	begin(1);
	unlink(stage_path(VAULT_MANIFEST));
	if (symlink("HEAD", stage_path(VAULT_MANIFEST)))
		abort();
	ok(refuses(-ELOOP), "a link is no manifest");
	end();
	begin(1);
	unlink(stage_path(VAULT_MANIFEST));
	if (mkfifo(stage_path(VAULT_MANIFEST), 0600))
		abort();
	ok(refuses(-EINVAL), "nor is a pipe");
	end();
	begin(1);
	unlink(stage_path(VAULT_MANIFEST));
	if (mkdir(stage_path(VAULT_MANIFEST), 0700))
		abort();
	ok(refuses(-EISDIR), "nor a directory");
	end();
}

static void test_somebody_else(void)
{
	size_t length;
	char *text, from[512];
	FILE *stream;

	begin(2);
	text = stage_read(VAULT_MANIFEST, &length);
	ok(!vault_manifest_check(vault), "a manifest that nobody touched is ours");
	stage_write(OTHER, text, length);
	snprintf(from, sizeof(from), "%s", stage_path(OTHER));
	if (rename(from, stage_path(VAULT_MANIFEST)))
		abort();
	ok(vault_manifest_check(vault) == -ESTALE,
	   "one with the same lines that is not the same file is not");
	ok(append(VAULT_REMOVE, true) == -ESTALE && vault->count == 2 && head() == 2,
	   "and nothing is appended");
	unlink(stage_path(VAULT_MANIFEST));
	ok(vault_manifest_check(vault) == -ESTALE, "nor is one that is gone");
	free(text);
	end();
	begin(2);
	stream = fopen(stage_path(VAULT_MANIFEST), "a");
	fputc('\n', stream);
	fclose(stream);
	ok(vault_manifest_check(vault) == -ESTALE, "nor one that is a byte longer,");
	if (truncate(stage_path(VAULT_MANIFEST), vault->manifest_bytes))
		abort();
	ok(!vault_manifest_check(vault), "until that is taken back,");
	if (truncate(stage_path(VAULT_MANIFEST), vault->manifest_bytes - 1))
		abort();
	ok(vault_manifest_check(vault) == -ESTALE, "nor one that is a byte shorter");
	end();
}

static void test_no_head(void)
{
	begin(2);
	if (mkdir(stage_path("HEAD.part"), 0700) || mkdir(stage_path("HEAD.part/x"), 0700))
		abort();
	ok(append(VAULT_PUBLISH, true) && is_whole(2), "nothing is published without its HEAD");
	ok(!append(VAULT_REMOVE, true) && is_whole(3) && head() == 2 && vault->head_stale &&
		   vault->counts.failed == 1,
	   "but space can be made: the line stands, and the failure is counted");
	ok(!append(VAULT_REMOVE, false) && is_whole(4) && vault->counts.failed == 1,
	   "a line that leaves HEAD alone does not fail");
	ok(vault_head_write(vault) && vault->head_stale, "HEAD is behind as long as that lasts");
	rmdir(stage_path("HEAD.part/x"));
	rmdir(stage_path("HEAD.part"));
	ok(!vault_head_write(vault) && !vault->head_stale && head() == 4, "and no longer");
	end();
}

static void test_full_disk(void)
{
	struct rlimit usual, little;
	int err;

	begin(2);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &usual);
	little = usual;
	little.rlim_cur = vault->manifest_bytes + 10;
	setrlimit(RLIMIT_FSIZE, &little);
	err = append(VAULT_REMOVE, false);
	setrlimit(RLIMIT_FSIZE, &usual);
	ok(err == -EFBIG && is_whole(2), "half a line is taken back");
	ok(!append(VAULT_REMOVE, true) && is_whole(3) && !vault_manifest_check(vault),
	   "so that the next one is whole");
	end();
}

static void test_rotate(void)
{
	begin(2);
	ok(!vault_manifest_rotate(vault) && stage_exists("MANIFEST-000001.jsonl") &&
		   stage_size(VAULT_MANIFEST) == 0 && vault->manifest_bytes == 0,
	   "a rotated manifest is empty, what it held is a segment");
	ok(vault->segment_count == 1 && vault->segments[0] == 1 && vault->segment == 2 &&
		   vault->count == 2,
	   "which is known; numbers of lines go on");
	ok(!append(VAULT_REMOVE, true) && is_whole(3) && !vault_manifest_rotate(vault) &&
		   stage_exists("MANIFEST-000002.jsonl") && vault->segments[1] == 2,
	   "the next one is the second");
	vault_close(vault);
	vault = stage_open(0);
	ok(vault && vault->segment_count == 2 && vault->segments[0] == 1 &&
		   vault->segments[1] == 2 && vault->segment == 3 && vault->count == 3,
	   "whoever opens it again knows both");
	vault->segment_count = VAULT_SEGMENTS_MAX;
	ok(vault_manifest_rotate(vault) == -ENOSPC && stage_exists(VAULT_MANIFEST) &&
		   vault->manifest >= 0,
	   "of 64 there is no further one, and the manifest stays");
	vault->segment_count = 2;
	unlink(stage_path(VAULT_MANIFEST));
	ok(!vault_manifest_rotate(vault) && vault->segment_count == 3 && is_whole(3),
	   "one that is gone can be rotated, too");
	end();
}

int main(void)
{
	while (open("/dev/null", O_RDWR) < 3)
		; /* so that 0 to 2 are taken, whoever started this */
	begin_stage();
	test_append();
	test_descriptor_zero();
	test_opened_again();
	test_in_its_place();
	test_somebody_else();
	test_no_head();
	test_full_disk();
	test_rotate();
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
