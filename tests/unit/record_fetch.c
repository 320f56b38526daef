// SPDX-License-Identifier: BSD-2-Clause
/* Which snapshot of a vault is meant, and whether its packets are what was written down. */
#include <errno.h>
#include "record/fetch_match.h"
#include "record/upload_file.h"
#include "vault_stage.h"

#define DAY "2026/11/21/"
#define ID "0123456789abcdef0123456789abcdef"

static struct fetch_match match;
static char error[UPLOAD_ERROR_SIZE];

static bool is_name(const char *what)
{
	error[0] = '\0';
	return !fetch_check_name(what, error) && !error[0];
}

static void test_names(void)
{
	char long_id[UPLOAD_PATH + 1];

	ok(is_name("0123") && !is_name("012"), "four digits of an ID will do, three will not");
	ok(strstr(error, "'012' is no ID of a finding"), "which is said");
	ok(is_name(ID) && is_name(ID "-2"), "a whole one is one, a second of the same, too");
	ok(!is_name("01234g") && !is_name("0123A") && !is_name("../0123"),
	   "other letters make none");
	ok(is_name(DAY ID ".pcapng") && !is_name(DAY ID ".json") && !is_name("2026/11/21"),
	   "a path is that of a snapshot");
	memset(long_id, 'a', sizeof(long_id));
	long_id[UPLOAD_PATH - 1] = '\0';
	ok(is_name(long_id), "63 digits may be one");
	memset(long_id, 'a', UPLOAD_PATH);
	long_id[UPLOAD_PATH] = '\0';
	ok(!is_name(long_id), "64 do not fit");
}

static void take(const char *file, bool published, uint64_t seq)
{
	struct upload_line line = { .seq = seq, .published = published };

	snprintf(line.file, sizeof(line.file), "%s", file);
	fetch_match_take(&match, &line);
}

static void test_match(void)
{
	ok(!fetch_match_init(&match, "0123", error) && !match.found, "nothing is found yet");
	take("", true, 1);
	take(DAY "0124.pcapng", true, 2);
	ok(!match.found, "a line about nothing, or about another, finds nothing");
	take(DAY ID ".pcapng", true, 3);
	ok(match.found && match.line.seq == 3 && !match.several && !fetch_match_sure(&match),
	   "the beginning of an ID finds it, but another line may, too");
	take(DAY ID ".pcapng", true, 4);
	ok(!match.several && match.line.seq == 4, "the same file again is the same");
	take(DAY "01235.pcapng", true, 5);
	ok(match.several, "another one is another");
	take(DAY "01236.pcapng", false, 6);
	ok(match.removed && match.line.seq == 5, "one that was removed is not found, but known");
}

static void test_match_whole(void)
{
	fetch_match_init(&match, ID, error);
	take(DAY ID "-2.pcapng", true, 1);
	ok(!match.found, "a whole ID is not the beginning of another");
	take(DAY ID ".pcapng", true, 2);
	ok(match.found && fetch_match_sure(&match), "who gives all of it is sure");
	fetch_match_init(&match, DAY ID ".pcapng", error);
	ok(!fetch_match_sure(&match), "who found nothing is not");
	take("2026/11/22/" ID ".pcapng", true, 3);
	ok(!match.found, "a path is of its day");
	take(DAY ID ".pcapng", true, 4);
	ok(match.found && fetch_match_sure(&match), "and is sure");
}

static FILE *to;

/* What fetching says; the packets are in to. */
static int fetch(struct fetched *out, const char *what)
{
	if (to)
		fclose(to);
	to = tmpfile();
	error[0] = '\0';
	return fetch_from_vault(out, stage_vault, what, to, error);
}

static void fill(unsigned files)
{
	struct vault *vault = stage_open(0);

	stage_fill(vault, 1, files);
	vault_close(vault);
}

static void test_vault(void)
{
	struct fetched fetched = {};
	char id[33], file[VAULT_FILE], hash[UPLOAD_HASH];

	fill(3);
	snprintf(id, sizeof(id), "%s", stage_id(2));
	snprintf(file, sizeof(file), DAY "%s.pcapng", id);
	ok(!fetch(&fetched, id) && !strcmp(fetched.file, file) && fetched.seq == 2 &&
		   fetched.bytes == STAGE_CAPTURE(3) && ftell(to) == STAGE_CAPTURE(3) &&
		   !upload_file_hash(fileno(to), hash) && !strcmp(hash, fetched.sha256),
	   "a snapshot is fetched by its ID, with all its bytes");
	ok(!fetch(&fetched, file), "and by its path");
	id[7] = '\0';
	ok(!fetch(&fetched, id) && fetched.seq == 2, "and by the beginning of its ID");
	memset(&fetched, 0, sizeof(fetched));
	ok(fetch(&fetched, "ffff") == -ENOENT && strstr(error, "has no snapshot of ffff") &&
		   !fetched.seq,
	   "one that is not there is not found");
	ok(fetch(&fetched, "x") == -EINVAL && strstr(error, "is no ID"), "nor what is no ID");
	clear_stage();
}

static void test_several(void)
{
	struct vault *vault = stage_open(0);
	struct vault_published published;
	struct fetched fetched;
	struct vault_file *file;

	for (unsigned i = 0; i < 2; i++) {
		if (vault_begin(vault, i ? "abcd01" : "abcd02", STAGE_TIME, &file))
			abort();
		put_capture(vault_stream(file), 3, i);
		if (vault_finish(file, &published) || vault_commit(vault, file, NULL, 0, 3))
			abort();
	}
	vault_close(vault);
	ok(fetch(&fetched, "abcd0") == -ENOTUNIQ && strstr(error, "beginning of several"),
	   "where two begin alike neither is taken");
	ok(!fetch(&fetched, "abcd01") && strstr(fetched.file, "abcd01"), "a digit more decides");
	clear_stage();
}

static void test_damaged(void)
{
	struct fetched fetched = {};
	char name[VAULT_FILE];
	size_t length;
	char *bytes;

	fill(1);
	snprintf(name, sizeof(name), DAY "%s.pcapng", stage_id(1));
	bytes = stage_read(name, &length);
	bytes[length - 5] ^= 1;
	stage_write(name, bytes, length);
	ok(fetch(&fetched, stage_id(1)) == -EBADMSG && !fetched.bytes &&
		   strstr(error, "is not what line 1 of the manifest says"),
	   "a bit that was changed is noticed");
	bytes[length - 5] ^= 1;
	stage_write(name, bytes, length + 1);
	ok(fetch(&fetched, stage_id(1)) == -EBADMSG, "so is a byte more,");
	stage_write(name, bytes, length);
	ok(!fetch(&fetched, stage_id(1)), "as it was, it is taken");
	unlink(stage_path(name));
	ok(fetch(&fetched, stage_id(1)) == -ENOENT && strstr(error, "somebody removed it"),
	   "who removed it is not known");
	free(bytes);
	clear_stage();
	ok(fetch(&fetched, stage_id(1)) == -ENOENT && strstr(error, "cannot open"),
	   "no vault, no snapshot");
	if (mkdir(stage_vault, 0700))
		abort();
	ok(fetch(&fetched, stage_id(1)) == -ENOENT && strstr(error, "has no snapshot"),
	   "nor in one without a manifest");
	clear_stage();
}

static void test_removed(void)
{
	struct vault *vault = stage_open(8 * 4096);
	struct fetched fetched;

	stage_fill(vault, 1, 6);
	vault_close(vault);
	ok(fetch(&fetched, stage_id(1)) == -ENOENT && strstr(error, "removed by its quota"),
	   "one that the quota removed is told as that");
	ok(!fetch(&fetched, stage_id(6)) && fetched.seq > 6, "the last one is");
	clear_stage();
}

int main(void)
{
	begin_stage();
	test_names();
	test_match();
	test_match_whole();
	test_vault();
	test_several();
	test_damaged();
	test_removed();
	fclose(to);
	end_stage();
	return done();
}
