// SPDX-License-Identifier: BSD-2-Clause
/*
 * A vault in trouble: faults full DIR (a small file system), faults readonly DIR (as another
 * user), faults vanished, faults clock, faults churn, faults beside, faults confined KEY;
 * and faults fill DIR KEY, for those who only want a vault
 */
#include <signal.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include "../unit/vault_stage.h"
#include "base/privs.h"

#define NUMBERS 5000
#define KEPT 40 /* files beside a look */

static bool is_good(void)
{
	bool good = !stage_verify() && !stage_result.unfinished;

	if (!good)
		printf("# %s, %u unfinished\n", stage_found, (unsigned)stage_result.unfinished);
	return good;
}

static int test_full(const char *directory)
{
	struct vault *vault;
	struct statvfs disk;
	struct vault_counts counts;
	unsigned i = 0, refused = 0;
	int err = 0;

	snprintf(stage_vault, sizeof(stage_vault), "%s/vault", directory);
	vault = stage_open(0);
	for (i = 0; i < NUMBERS && refused < 20; i++) {
		int now = stage_publish(vault, i, STAGE_TIME, 300, 3, NULL);

		refused += now != 0;
		err = now ? now : err;
	}
	counts = stage_counts(vault);
	ok(err == -ENOSPC && counts.published == i - refused && counts.failed >= refused,
	   "on a full disk publishing fails with ENOSPC, again and again, and is counted");
	vault_tick(vault, STAGE_TIME);
	ok(is_good(), "what was published before is whole");
	vault_close(vault);
	vault = stage_open_with((struct vault_options){ .min_free_percent = 25 });
	ok(vault, "a vault on a full disk can be opened");
	for (i = 0; i < 40; i++)
		vault_tick(vault, STAGE_TIME + i);
	statvfs(stage_vault, &disk);
	counts = stage_counts(vault);
	ok(counts.removed && disk.f_bavail * 4 >= disk.f_blocks,
	   "min_free_percent makes room on it, some files at each tick");
	ok(!stage_publish(vault, NUMBERS, STAGE_TIME, 300, 3, NULL),
	   "then files are published again");
	vault_close(vault);
	ok(is_good(), "and all of it verifies");
	return done();
}

static int test_readonly(const char *directory)
{
	struct vault *vault;

	snprintf(stage_vault, sizeof(stage_vault), "%s", directory);
	vault = stage_open(0);
	ok(!vault && strstr(stage_error, "Permission denied") && strstr(stage_error, "chown"),
	   "a directory that this account may not write to is an error with a remedy");
	return done();
}

static int test_vanished(void)
{
	struct vault *vault;
	struct vault_file *file;
	struct vault_published published;
	uint64_t count;
	char moved[150], head[VAULT_HASH];

	begin_stage();
	log_set_level(LOG_ERROR);
	vault = stage_open(0);
	stage_fill(vault, 1, 5);
	vault_begin(vault, stage_id(6), STAGE_TIME, &file);
	put_capture(vault_stream(file), 3, 6);
	snprintf(moved, sizeof(moved), "%.128s/moved", stage);
	rename(stage_vault, moved);
	vault_finish(file, &published);
	ok(vault_commit(vault, file, NULL, 0, 3) == -ESTALE && stage_counts(vault).failed == 1,
	   "when the directory went away, what was being written fails, counted");
	ok(!stage_publish(vault, 7, STAGE_TIME, 3, 3, NULL) && stage_exists("2026/11/21"),
	   "the next file makes it again, where it was");
	vault_head(vault, &count, head);
	ok(count == 7 && stage_verify() == 1 &&
		   stage_says("MANIFEST.jsonl", 1,
			      "found broken after line 0 and goes on as number 6"),
	   "the new chain does not hide that there was another before");
	clear_stage();
	chmod(stage, 0500);
	ok(geteuid() ? stage_publish(vault, 8, STAGE_TIME, 3, 3, NULL) == -EACCES : true,
	   "while it cannot be made again, publishing fails");
	chmod(stage, 0700);
	ok(!stage_publish(vault, 9, STAGE_TIME, 3, 3, NULL), "and goes on as soon as it can");
	unlink(stage_path("MANIFEST.jsonl"));
	ok(!stage_publish(vault, 10, STAGE_TIME, 3, 3, NULL) && stage_verify() &&
		   stage_says("MANIFEST.jsonl", 1, "found broken"),
	   "a manifest that is taken away from a running agent is noticed, and it goes on");
	vault_close(vault);
	snprintf(stage_vault, sizeof(stage_vault), "%s", moved);
	vault = stage_open(0);
	vault_close(vault);
	ok(is_good() && stage_result.files == 5,
	   "the directory that was moved away is good, without the part");
	end_stage();
	return done();
}

static int test_clock(void)
{
	struct vault *vault;
	const uint64_t steps[] = { 0, 4000000000000000000u, 1, 3600, 18446744073709551615u };
	unsigned failures = 0;

	begin_stage();
	vault = stage_open_with((struct vault_options){ .max_age_s = 86400 });
	for (unsigned i = 0; i < 5; i++) {
		failures += stage_publish(vault, i, steps[i], 3, 3, NULL) != 0;
		failures +=
			stage_publish(vault, 100 + i, STAGE_TIME - i * STAGE_HOUR, 3, 3, NULL) != 0;
	}
	ok(!failures && stage_exists("1970/01/01") && stage_exists("2554/07/21"),
	   "whatever the clock says, a file is published on the day that it is given");
	vault_tick(vault, STAGE_TIME);
	ok(stage_counts(vault).removed == 3 && !stage_exists("1970") && stage_exists("2554/07/21"),
	   "what is older than max_age goes, what is of the future stays");
	vault_tick(vault, 1000);
	vault_tick(vault, STAGE_TIME + 1);
	ok(stage_counts(vault).removed == 3, "a clock that goes back removes nothing");
	vault_close(vault);
	vault = stage_open(0);
	ok(vault && !stage_publish(vault, 500, 77, 3, 3, NULL), "it can be opened again");
	vault_close(vault);
	ok(is_good(), "and verifies, though its times go back and forth");
	end_stage();
	return done();
}

static unsigned long manifest_bytes(void)
{
	unsigned long bytes = 0;

	for (unsigned i = 0; i < 1000; i++) {
		char name[64] = "MANIFEST.jsonl";
		long size;

		if (i)
			snprintf(name, sizeof(name), "MANIFEST-%06u.jsonl", i);
		size = stage_size(name);
		bytes += size > 0 ? (unsigned long)size : 0;
	}
	return bytes;
}

static int test_churn(void)
{
	struct vault *vault;
	unsigned long most = 0;
	struct vault_counts counts;
	char head[VAULT_HASH];
	uint64_t count;

	begin_stage();
	vault = stage_open(60 * 8192);
	stage_publish(vault, 0, STAGE_TIME, 3, 1, NULL);
	for (unsigned i = 1; i < NUMBERS; i++) {
		unsigned long bytes;

		int err = stage_publish(vault, i, STAGE_TIME + i * STAGE_HOUR, 3, 2 + i % 3, NULL);

		if (err && err != -EDQUOT)
			printf("# %u was not published: %s\n", i, strerror(-err));
		if (i % 50)
			continue;
		bytes = manifest_bytes();
		most = bytes > most ? bytes : most;
	}
	counts = stage_counts(vault);
	ok(counts.published + counts.failed == NUMBERS && counts.bytes <= 60 * 8192 &&
		   counts.files == counts.published - counts.removed,
	   "5,000 files go through a vault of 60: published and removed add up");
	ok(stage_exists("2026/11/21/00000000000000000000000000000000.pcapng"),
	   "the one of the highest severity is there still");
	printf("# figure: manifest of a churned vault at most %lu kB\n", most / 1000);
	ok(most < 9 * 66000, "the manifest is bounded");
	vault_head(vault, &count, head);
	vault_close(vault);
	ok(!stage_verify_with((struct verify_options){ .head = head }) && stage_result.first > 1,
	   "its chain begins later, but has no gap");
	end_stage();
	return done();
}

/* Writes until it is killed: at once until a segment of the manifest is full, then with pauses. */
static void write_for_ever(useconds_t pause)
{
	struct vault *vault = stage_open(KEPT * 8192);
	bool full = false;

	for (unsigned i = 0; vault; i++) {
		stage_publish(vault, i, STAGE_TIME + i * STAGE_HOUR / 60, 3, 3, NULL);
		vault_tick(vault, STAGE_TIME + i * STAGE_HOUR / 60);
		full = full || stage_exists("MANIFEST-000001.jsonl");
		if (full)
			usleep(pause);
	}
	_exit(1);
}

/* What a look at as much as the writer keeps takes on average, in microseconds. */
static useconds_t look_us(void)
{
	struct vault *vault = stage_open(0);
	struct timespec begun, ended;

	stage_fill(vault, 1, KEPT);
	vault_close(vault);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (unsigned i = 0; i < 20; i++)
		stage_verify();
	clock_gettime(CLOCK_MONOTONIC, &ended);
	clear_stage();
	return (useconds_t)((ended.tv_sec - begun.tv_sec) * 1000000 +
			    (ended.tv_nsec - begun.tv_nsec) / 1000) /
	       20;
}

/* Lines of the manifest, by HEAD. */
static unsigned long lines_published(void)
{
	size_t length;
	char *head = stage_read("HEAD", &length), *count = strstr(head, "\"count\":");
	unsigned long lines = count ? strtoul(count + 8, NULL, 10) : 0;

	free(head);
	return lines;
}

/* Looks a few times, then it gives up: who publishes as fast as it looks is no agent. */
static int test_beside(void)
{
	unsigned bad = 0, busy = 0, looks = 0, moved = 0;
	useconds_t pause;
	pid_t pid;

	begin_stage();
	pause = 5000 + 10 * look_us();
	pid = fork();
	if (!pid)
		write_for_ever(pause);
	while (!stage_exists("MANIFEST-000001.jsonl") && !waitpid(pid, NULL, WNOHANG))
		usleep(1000);
	for (; looks < 25 || (moved < 10 && looks < 1000); looks++) {
		unsigned long before = lines_published();

		bad += stage_verify() != 0;
		busy += stage_result.busy;
		moved += lines_published() != before;
		if (stage_result.problem_count)
			printf("# %s\n", stage_found);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	printf("# %u looks, during %u of them something was published, each %.1f ms\n", looks,
	       moved, pause / 1e3);
	ok(!bad && busy == looks && moved >= 10,
	   "verify beside an agent that publishes and removes never finds anything wrong");
	end_stage();
	return done();
}

static int test_confined(const char *key)
{
	struct vault *vault;
	unsigned failures = 0;

	begin_stage();
	vault = stage_open_with((struct vault_options){ .max_bytes = 30 * 8192, .sign_key = key });
	ok(!privs_confine(), "the process is confined as a worker is");
	for (unsigned i = 0; i < 400; i++) {
		failures += stage_publish(vault, i, STAGE_TIME + i * STAGE_HOUR, 3, 3, NULL) != 0;
		vault_tick(vault, STAGE_TIME + i * STAGE_HOUR);
	}
	ok(!failures && stage_counts(vault).removed >= 370,
	   "files are published, signed, removed, the manifest rotated");
	clear_stage();
	ok(!stage_publish(vault, 1000, STAGE_TIME, 3, 3, NULL) && stage_exists("2026/11/21"),
	   "a directory that went away is made again");
	vault_close(vault);
	end_stage();
	return done();
}

static int fill(const char *directory, const char *key)
{
	struct vault *vault;

	vault = stage_open_with((struct vault_options){ .directory = directory, .sign_key = key });
	if (!vault) {
		fprintf(stderr, "%s\n", stage_error);
		return 1;
	}
	stage_fill(vault, 1, 9);
	vault_close(vault);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	log_set_level(LOG_ERROR);
	if (!access("/dev/shm", W_OK))
		setenv("SKUA_STAGE", "/dev/shm", 0);
	if (!strcmp(what, "full") && argc > 2)
		return test_full(argv[2]);
	if (!strcmp(what, "readonly") && argc > 2)
		return test_readonly(argv[2]);
	if (!strcmp(what, "vanished"))
		return test_vanished();
	if (!strcmp(what, "clock"))
		return test_clock();
	if (!strcmp(what, "churn"))
		return test_churn();
	if (!strcmp(what, "beside"))
		return test_beside();
	if (!strcmp(what, "confined") && argc > 2)
		return test_confined(argv[2]);
	if (!strcmp(what, "fill") && argc > 3)
		return fill(argv[2], argv[3]);
	return 2;
}
