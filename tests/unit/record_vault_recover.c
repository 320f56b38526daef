// SPDX-License-Identifier: BSD-2-Clause
/* What a crash leaves in a vault is published as recovered, or removed: nothing torn stays. */
#include <signal.h>
#include <sys/resource.h>
#include "record/vault_store.h"
#include "vault_stage.h"

#define DAY "2026/11/21/"

static void make_day(void)
{
	mkdir(stage_path("2026"), 0750);
	mkdir(stage_path("2026/11"), 0750);
	mkdir(stage_path("2026/11/21"), 0750);
}

/* A file as a writer leaves it: so many packets, and so many bytes of one more. */
static void leave(const char *name, unsigned packets, long cut)
{
	FILE *stream;

	make_day();
	stream = fopen(stage_path(name), "w");
	put_capture(stream, packets + (cut > 0), 1);
	fclose(stream);
	if (cut > 0 && truncate(stage_path(name), STAGE_CAPTURE(packets) + cut))
		abort();
}

static struct vault_counts restart(void)
{
	struct vault *vault = stage_open(0);
	struct vault_counts counts = { .files = 999 };

	if (vault)
		vault_counts(vault, &counts);
	else
		printf("# %s\n", stage_error);
	vault_close(vault);
	return counts;
}

static bool says_recovered(const char *severity)
{
	size_t length;
	char *text = stage_read("MANIFEST.jsonl", &length);
	bool good = strstr(text, "\"recovered\":true") && strstr(text, severity);

	free(text);
	return good;
}

static void test_parts(void)
{
	restart();
	leave(DAY "aa.pcapng.part", 5, 50);
	leave(DAY "ab.pcapng.part", 0, 50);
	leave(DAY "ac.pcapng.part", 0, -1);
	stage_write(DAY "ad.pcapng.part", "", 0);
	stage_write(DAY "ae.pcapng.part", "not pcapng at all, but long enough", 34);
	stage_write(DAY "aa.json.part", "{\"sev", 5);
	ok(restart().recovered == 1, "of five parts one has a whole packet in it");
	ok(stage_size(DAY "aa.pcapng") == STAGE_CAPTURE(5), "it is cut to its last whole block");
	ok(says_recovered("\"severity\":2"), "the manifest says that it was recovered");
	ok(!stage_exists(DAY "ab.pcapng.part") && !stage_exists(DAY "ac.pcapng.part") &&
		   !stage_exists(DAY "ad.pcapng.part") && !stage_exists(DAY "ae.pcapng.part") &&
		   !stage_exists(DAY "aa.json.part"),
	   "what has nothing whole in it is removed");
	ok(!stage_verify() && stage_result.files == 1 && stage_result.recovered == 1,
	   "and the vault is good");
	clear_stage();
}

static void test_renamed(void)
{
	restart();
	leave(DAY "aa.pcapng", 3, -1);
	stage_write(DAY "aa.json", "{\"severity\":4}", 14);
	stage_write(DAY "ab.json", "{\"severity\":1}", 14);
	ok(restart().recovered == 1 && says_recovered("\"severity\":4"),
	   "a file that was renamed but not listed is listed, with its JSON and severity");
	ok(!stage_exists(DAY "ab.json"), "JSON whose file was not renamed is removed");
	ok(!stage_verify(), "and the vault is good");
	ok(!restart().recovered, "the next start finds nothing to do");
	clear_stage();
}

/* A removal that was written down, but not done. */
static void test_removal(void)
{
	struct vault *vault = stage_open(0);
	struct vault_published published;
	size_t length;
	char *bytes, name[128];

	stage_publish(vault, 1, STAGE_TIME, 3, 3, &published);
	snprintf(name, sizeof(name), "%s", published.file);
	bytes = stage_read(name, &length);
	vault_close(vault);
	vault = stage_open_with((struct vault_options){ .max_age_s = 1 });
	vault_tick(vault, STAGE_TIME + STAGE_HOUR);
	ok(stage_counts(vault).removed == 1 && !stage_exists("2026"),
	   "an expired file is removed, and its empty day");
	vault_close(vault);
	make_day();
	stage_write(name, bytes, length);
	ok(!restart().recovered && !stage_exists(name),
	   "a removal that was written down but not done is done at the next start");
	leave(name, 4, -1);
	ok(restart().recovered == 1 && stage_exists(name),
	   "another file of that name is not taken for the removed one");
	ok(!stage_verify(), "and the vault is good");
	free(bytes);
	clear_stage();
}

/* A segment whose end was written down, but which is there still. */
static void test_segment(void)
{
	static const char second[] = "MANIFEST-000002.jsonl";
	struct vault *vault = stage_open(8 * VAULT_BLOCK);
	char *segment = NULL;
	size_t length = 0;

	for (unsigned i = 1; !segment || stage_exists(second); i++) {
		if (stage_publish(vault, i, STAGE_TIME + i, 3, 3, NULL))
			abort();
		if (!segment && stage_exists(second))
			segment = stage_read(second, &length);
	}
	vault_close(vault);
	ok(!stage_verify() && stage_result.first > 1, "the oldest segments of a long manifest go");
	stage_write(second, segment, length);
	ok(stage_verify(), "one that did not go is told");
	restart();
	ok(!stage_exists(second) && !stage_verify(), "the next start lets it go");
	free(segment);
	clear_stage();
}

static void test_strangers(void)
{
	char outside[160];

	restart();
	make_day();
	snprintf(outside, sizeof(outside), "%s/outside", stage);
	close(open(outside, O_CREAT | O_WRONLY, 0640));
	if (symlink(outside, stage_path(DAY "aa.pcapng.part")))
		abort();
	stage_write(DAY "Readme.pcapng", "x", 1);
	stage_write("2026/note", "x", 1);
	ok(!restart().recovered && stage_exists(DAY "aa.pcapng.part") && !access(outside, F_OK) &&
		   stage_exists(DAY "Readme.pcapng") && stage_exists("2026/note"),
	   "links and what no vault names that way are left alone");
	ok(stage_verify() == 3, "and verify names the three");
	unlink(outside);
	clear_stage();
}

/* No file grows beyond so many bytes, as on a full disk; say nothing meanwhile.  Returns the limit
 * that there was. */
static rlim_t limit_files(rlim_t bytes)
{
	struct rlimit limit;
	rlim_t before;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	before = limit.rlim_cur;
	limit.rlim_cur = bytes;
	if (setrlimit(RLIMIT_FSIZE, &limit))
		abort();
	return before;
}

static bool head_is(const char *text)
{
	size_t length;
	char *there = stage_read("HEAD", &length);
	bool same = !strcmp(there, text);

	free(there);
	return same;
}

/* A HEAD that cannot be written does not keep a vault closed; a tick makes it good. */
static void test_head(void)
{
	struct vault *vault = stage_open(0);
	size_t before, after;
	char *old, *new;
	rlim_t limit;

	stage_fill(vault, 1, 1);
	old = stage_read("HEAD", &before);
	stage_fill(vault, 2, 1);
	vault_close(vault);
	new = stage_read("HEAD", &after);
	stage_write("HEAD", old, before);
	ok(!restart().failed && head_is(new) && !stage_verify(),
	   "a HEAD that is behind is written anew");
	stage_write("HEAD", old, before);
	limit = limit_files(10);
	vault = stage_open(0);
	if (vault)
		vault_tick(vault, STAGE_TIME);
	limit_files(limit);
	ok(vault && stage_counts(vault).failed == 1 && stage_counts(vault).files == 2 &&
		   head_is(old),
	   "where that fails, the vault is opened, and the failure counted");
	vault_tick(vault, STAGE_TIME);
	ok(head_is(new) && stage_counts(vault).failed == 1, "a tick makes it good");
	vault_close(vault);
	ok(!stage_verify() && stage_result.files == 2, "and nothing is missing");
	free(old);
	free(new);
	clear_stage();
}

int main(void)
{
	if (!access("/dev/shm", W_OK))
		setenv("SKUA_STAGE", "/dev/shm", 0);
	begin_stage();
	test_parts();
	test_renamed();
	test_removal();
	test_segment();
	test_strangers();
	verify_result_fini(&stage_result);
	test_head();
	end_stage();
	return done();
}
