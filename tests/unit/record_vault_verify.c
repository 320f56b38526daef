// SPDX-License-Identifier: BSD-2-Clause
/* Verifying a vault: what was altered, what is strange, what is on its way, and what was proved. */
#include "vault_stage.h"

#define DAY "2026/11/21/"

static char file[VAULT_FILE], json[VAULT_FILE];

/* So many files; file and json are the first one's. */
static void begin(unsigned files)
{
	struct vault *vault = stage_open(0);

	stage_fill(vault, 1, files);
	vault_close(vault);
	snprintf(file, sizeof(file), DAY "%s.pcapng", stage_id(1));
	snprintf(json, sizeof(json), DAY "%s.json", stage_id(1));
}

static void change(const char *name, size_t at)
{
	size_t length;
	char *bytes = stage_read(name, &length);

	bytes[at] ^= 1;
	stage_write(name, bytes, length);
	free(bytes);
}

static void test_good(void)
{
	begin(3);
	ok(stage_verify() == 0 && stage_result.lines == 3 && stage_result.first == 1 &&
		   stage_result.head_count == 3 && stage_result.removals == 0,
	   "a vault that nobody touched is good, line by line");
	ok(stage_result.files == 3 &&
		   stage_result.bytes == 3 * (STAGE_CAPTURE(3) + strlen(STAGE_JSON)) &&
		   stage_result.unfinished == 0 && stage_result.proved == 0 && !stage_result.busy &&
		   stage_result.signature == VERIFY_UNSIGNED && stage_result.recovered == 0,
	   "and its files are counted");
	clear_stage();
	ok(stage_verify() == UINT64_MAX && strstr(stage_found, "cannot read the vault"),
	   "what is not there cannot be read");
}

static void test_altered(void)
{
	begin(2);
	change(file, STAGE_CAPTURE(3) - 10);
	ok(stage_verify() == 1 && stage_says(file, 0, ": it was altered") &&
		   stage_says(file, 0, "has the hash "),
	   "a bit of a file");
	change(file, STAGE_CAPTURE(3) - 10);
	ok(stage_verify() == 0, "taken back it is good");
	change(json, 3);
	ok(stage_verify() == 1 && stage_says(json, 0, "has the hash "), "a bit of its JSON");
	change(json, 3);
	stage_write(json, STAGE_JSON "\n", strlen(STAGE_JSON) + 1);
	ok(stage_verify() == 1 && stage_says(json, 0, "bytes, published with"),
	   "a byte more of it");
	stage_write(json, STAGE_JSON, strlen(STAGE_JSON));
	change(file, 0);
	ok(stage_verify() == 2 && stage_says(file, 0, "is no whole pcapng file: at byte 0, "),
	   "where the damage is in a file is told, too");
	clear_stage();
}

static void test_json(void)
{
	struct vault *vault = stage_open(0);
	struct vault_published published;
	struct vault_file *open;

	if (vault_begin(vault, "abcd", STAGE_TIME, &open))
		abort();
	put_capture(vault_stream(open), 1, 7);
	if (vault_finish(open, &published) || vault_commit(vault, open, NULL, 0, 3))
		abort();
	vault_close(vault);
	ok(stage_verify() == 0 && stage_result.bytes == STAGE_CAPTURE(1),
	   "a file may have no JSON");
	stage_write(DAY "abcd.json", "{}", 2);
	ok(stage_verify() == 1 && stage_says(DAY "abcd.json", 0, "is not in the manifest"),
	   "then there must be none");
	clear_stage();
}

/* What is told of something that lies there: NULL: nothing. */
static bool lies_there(const char *name, const char *what)
{
	bool good;

	stage_write(name, "x", 1);
	good = what ? stage_verify() == 1 && stage_says(name, 0, what)
		    : stage_verify() == 0 && stage_result.unfinished == 0;
	unlink(stage_path(name));
	return good;
}

static void test_strangers(void)
{
	begin(1);
	ok(lies_there("x", "is not in the manifest") &&
		   lies_there("2026/x", "is not in the manifest") &&
		   lies_there("2026/11/x", "is not in the manifest") &&
		   lies_there(DAY "x.pcapng", "is not in the manifest") &&
		   lies_there(DAY "x", "is not in the manifest") &&
		   lies_there(DAY ".json", "is not in the manifest"),
	   "a file that no line names is strange, wherever it lies");
	ok(lies_there("2026/HEAD", "is not in the manifest") &&
		   lies_there(DAY "LOCK", "is not in the manifest"),
	   "so is one of the vault's own elsewhere");
	ok(lies_there("UPLOADED", NULL) && lies_there("UPLOADED.new", NULL),
	   "what the uploader keeps is not");
	if (mkdir(stage_path("20261"), 0700) || mkdir(stage_path("2026/1x"), 0700) ||
	    mkdir(stage_path(DAY "00"), 0700))
		abort();
	ok(stage_verify() == 3 && stage_says("20261", 0, "nor one of its directories") &&
		   stage_says("2026/1x", 0, "nor one of its directories") &&
		   stage_says(DAY "00", 0, "nor one of its directories"),
	   "a directory that is no day is");
	clear_stage();
}

static void test_parts(void)
{
	begin(1);
	stage_write(DAY "abcd.pcapng.part", "x", 1);
	stage_write(DAY "abcd.json.part", "x", 1);
	stage_write("HEAD.part", "x", 1);
	ok(stage_verify() == 0 && stage_result.unfinished == 3, "what is on its way is counted");
	stage_write(DAY "abcg.pcapng.part", "x", 1);
	stage_write("2026/abcd.pcapng.part", "x", 1);
	stage_write(DAY "HEAD.part", "x", 1);
	stage_write("MANIFEST.jsonl.part", "x", 1);
	ok(stage_verify() == 4 && stage_result.unfinished == 3 &&
		   stage_says(DAY "abcg.pcapng.part", 0, "is not in the manifest"),
	   "in its place, under a name that it may have");
	clear_stage();
}

static int answer;
static unsigned asked;
static char shown[2][256];

static int prove(void *arg, const char *path, const char *json_path)
{
	asked++;
	snprintf(shown[0], sizeof(shown[0]), "%s", path);
	snprintf(shown[1], sizeof(shown[1]), "%s", json_path);
	return arg == &answer ? answer : -EINVAL;
}

static uint64_t verify_proving(int with)
{
	answer = with;
	asked = 0;
	return stage_verify_with((struct verify_options){ .prove = prove, .prove_arg = &answer });
}

static void test_proof(void)
{
	char path[512];

	begin(1);
	snprintf(path, sizeof(path), "%s/%s", stage_vault, json);
	ok(verify_proving(0) == 0 && stage_result.proved == 1 && asked == 1 &&
		   !strcmp(shown[0], stage_path(file)) && !strcmp(shown[1], path),
	   "a file that proves its finding is counted");
	ok(verify_proving(1) == 0 && stage_result.proved == 0 && asked == 1,
	   "one that cannot be tried is no problem");
	ok(verify_proving(-EBADMSG) == 1 && stage_result.proved == 0 &&
		   stage_says(file, 0, "does not prove its finding"),
	   "one that does not is");
	change(file, STAGE_CAPTURE(3) - 10);
	ok(verify_proving(0) == 1 && asked == 0 && stage_result.proved == 0,
	   "what was altered is not asked");
	clear_stage();
}

static void test_head(void)
{
	char head[VAULT_HASH], other[VAULT_HASH];

	begin(2);
	stage_verify();
	strcpy(head, stage_result.head);
	strcpy(other, head);
	other[5] = other[5] == 'a' ? 'b' : 'a';
	ok(stage_verify_with((struct verify_options){ .head = head }) == 0,
	   "a head that was taken before is found");
	ok(stage_verify_with((struct verify_options){ .head = other }) == 1,
	   "another one is missed");
	clear_stage();
}

static void test_busy(void)
{
	struct vault *vault;

	begin(1);
	vault = stage_open(0);
	ok(stage_verify() == 0 && stage_result.busy, "an agent that has it may go on meanwhile");
	vault_close(vault);
	ok(stage_verify() == 0 && !stage_result.busy, "and be gone");
	clear_stage();
}

int main(void)
{
	begin_stage();
	test_good();
	test_altered();
	test_json();
	test_strangers();
	test_parts();
	test_proof();
	test_head();
	test_busy();
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
