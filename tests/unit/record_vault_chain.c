// SPDX-License-Identifier: BSD-2-Clause
/* A manifest that was shortened, altered or taken away: told, never accepted, and it goes on. */
#include <sys/resource.h>
#include "record/vault_line.h"
#include "vault_stage.h"

#define FILES 6

static void fill(void)
{
	struct vault *vault = stage_open(0);

	stage_fill(vault, 1, FILES);
	vault_close(vault);
}

/* Opens, publishes one more, closes: true when the vault is still good after that. */
static bool goes_on(unsigned number)
{
	struct vault *vault = stage_open(0);
	int err = vault ? stage_publish(vault, number, STAGE_TIME, 3, 3, NULL) : -1;

	vault_close(vault);
	if (err)
		printf("# %s: %s\n", stage_error, strerror(-err));
	return !err && !stage_verify();
}

/* The manifest without its last bytes. */
static void cut_manifest(long bytes)
{
	if (truncate(stage_path("MANIFEST.jsonl"), stage_size("MANIFEST.jsonl") - bytes))
		abort();
}

static size_t last_line_at(const char *text, size_t length)
{
	for (length--; length && text[length - 1] != '\n'; length--)
		;
	return length;
}

static void test_torn(void)
{
	FILE *stream;

	fill();
	stream = fopen(stage_path("MANIFEST.jsonl"), "a");
	fputs("{\"seq\":7,\"time\":\"2026-", stream);
	fclose(stream);
	ok(stage_verify() == 1 && stage_says("MANIFEST.jsonl", 7, "is not finished"),
	   "verify names a last line that was not finished");
	ok(goes_on(100), "the next start cuts it and goes on, and nothing is wrong any more");
	clear_stage();
}

static void test_no_descriptors(void)
{
	struct rlimit few = { 3, 3 }, usual;
	struct vault *vault;

	fill();
	getrlimit(RLIMIT_NOFILE, &usual);
	few.rlim_max = usual.rlim_max;
	setrlimit(RLIMIT_NOFILE, &few);
	vault = stage_open(0);
	setrlimit(RLIMIT_NOFILE, &usual);
	ok(!vault, "who can open no more files opens no vault");
	vault_close(vault);
	ok(!stage_verify() && goes_on(100), "and takes that for nobody's tampering");
	clear_stage();
}

static void test_behind(void)
{
	size_t length;
	char *text, *head;

	fill();
	text = stage_read("MANIFEST.jsonl", &length);
	head = stage_read("HEAD", &length);
	ok(goes_on(100), "a vault that nobody touched goes on");
	stage_write("HEAD", head, strlen(head));
	ok(stage_verify() == 1 && stage_says("HEAD", 0, "is at number 6, the manifest at 7"),
	   "verify tells of a HEAD that is one line behind");
	ok(goes_on(101), "the next start moves it on");
	free(text);
	free(head);
	clear_stage();
}

static void test_shortened(long bytes, const char *sentence)
{
	char name[128];

	fill();
	cut_manifest(bytes);
	ok(stage_verify() && (stage_says("MANIFEST.jsonl", 0, "but HEAD knows of 6")), sentence);
	ok(!goes_on(100) && stage_exists("MANIFEST-000001.jsonl") &&
		   stage_says("MANIFEST.jsonl", 1, "goes on as number 7"),
	   "the next start does not accept that: it goes on behind a line that says so");
	ok(!goes_on(101) && !stage_exists("MANIFEST-000002.jsonl") &&
		   stage_says("MANIFEST.jsonl", 1, "goes on as number 7"),
	   "the start after that goes on there");
	snprintf(name, sizeof(name), "2026/11/21/%s.pcapng", stage_id(FILES));
	ok(stage_says(name, 0, "is not in the manifest"),
	   "files whose lines are gone are not listed anew");
	clear_stage();
}

static void test_taken_away(void)
{
	fill();
	unlink(stage_path("MANIFEST.jsonl"));
	ok(stage_verify() && stage_says("MANIFEST.jsonl", 0, "is missing"),
	   "verify tells of a manifest that is missing");
	ok(!goes_on(100) && stage_says("MANIFEST.jsonl", 1, "after line 0 and goes on as number 7"),
	   "the next start goes on from HEAD and says so");
	clear_stage();
	fill();
	unlink(stage_path("HEAD"));
	ok(stage_verify() == 1 && stage_says("MANIFEST.jsonl", 0, "has no HEAD beside it"),
	   "verify tells of a HEAD that is missing");
	ok(!goes_on(100) && stage_says("MANIFEST.jsonl", 1, "after line 6 and goes on as number 7"),
	   "the next start goes on and says so");
	clear_stage();
	fill();
	stage_write("HEAD", "{}\n", 3);
	ok(stage_verify() &&
		   stage_says("MANIFEST.jsonl", 0, "a HEAD beside it that is not readable"),
	   "verify tells of a HEAD that is none");
	clear_stage();
}

static void test_altered(void)
{
	size_t length, at;
	char *text;

	fill();
	text = stage_read("MANIFEST.jsonl", &length);
	*strstr(text, "\"severity\":3") = 'X';
	stage_write("MANIFEST.jsonl", text, length);
	ok(stage_verify() && stage_says("MANIFEST.jsonl", 1, "is not a line of a manifest"),
	   "verify names the first broken line");
	ok(!goes_on(100), "an altered line is not accepted by the next start");
	free(text);
	clear_stage();
	fill();
	text = stage_read("MANIFEST.jsonl", &length);
	at = last_line_at(text, length);
	memmove(text, strchr(text, '\n') + 1, length - (size_t)(strchr(text, '\n') + 1 - text));
	stage_write("MANIFEST.jsonl", text, length - (length - at));
	ok(stage_verify() &&
		   stage_says("MANIFEST.jsonl", 0, "no line says that what was before it"),
	   "a first line that was cut off is told");
	free(text);
	clear_stage();
}

/* A line of an attacker who knows how lines are made, and leaves the next as it is. */
static void test_replaced(void)
{
	size_t length, rest;
	char *text, *second, *third, forged[VAULT_LINE_MAX];
	struct vault_line line;

	fill();
	text = stage_read("MANIFEST.jsonl", &length);
	second = strchr(text, '\n') + 1;
	third = strchr(second, '\n') + 1;
	rest = length - (size_t)(third - text);
	third[-1] = 0;
	if (vault_line_parse(second, &line))
		abort();
	line.severity = 4;
	/* As long as the one that it replaces. */
	memcpy(second, forged, vault_line_format(&line, forged));
	stage_write("MANIFEST.jsonl", text, (size_t)(third - text) + rest);
	ok(stage_verify() == 1 &&
		   stage_says("MANIFEST.jsonl", 3, "does not continue the line before it"),
	   "a line that was replaced by a good one is found by the next");
	free(text);
	clear_stage();
}

static void test_files(void)
{
	static const char name[] = "2026/11/21/9e3779b1000000000000000000000001";
	char path[128];
	struct vault *vault;

	fill();
	snprintf(path, sizeof(path), "%s.pcapng", name);
	unlink(stage_path(path));
	ok(stage_verify() == 1 && stage_says(path, 0, "is missing"), "a missing file is told");
	vault = stage_open(0);
	ok(vault && stage_counts(vault).files == FILES,
	   "a start does not explain away that a file is missing");
	vault_close(vault);
	ok(stage_verify() == 1 && stage_says(path, 0, "is missing"), "it is still told after that");
	stage_write(path, "torn", 4);
	ok(stage_verify() == 2 && stage_says(path, 0, "it ends in the middle of a block") &&
		   stage_says(path, 0, "has 4 bytes, published with 336: it was altered"),
	   "of an altered file the damage is told");
	snprintf(path, sizeof(path), "%s.json", name);
	unlink(stage_path(path));
	ok(stage_verify() == 3 && stage_says(path, 0, "is missing"), "missing JSON is told");
	if (symlink("/dev/zero", stage_path(path)))
		abort();
	ok(stage_verify() && stage_says(path, 0, "is not a regular file"),
	   "what is no file is told, and not read");
	stage_write("2026/11/21/\033[2J", "x", 1);
	ok(stage_verify() && stage_says("2026/11/21/\\x1b[2J", 0, "is not in the manifest"),
	   "a stranger's name is told harmlessly");
	clear_stage();
}

int main(void)
{
	begin_stage();
	test_torn();
	test_no_descriptors();
	test_behind();
	test_shortened(5, "verify tells of a manifest that lost half a line that HEAD knows");
	test_shortened(900, "verify tells of a manifest that lost lines that HEAD knows");
	test_taken_away();
	test_altered();
	test_replaced();
	test_files();
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
