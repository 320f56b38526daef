// SPDX-License-Identifier: BSD-2-Clause
/*
 * Alters a vault as an attacker would, and sees what verify says:
 * tamper SECRET PUBLIC OTHER_SECRET [FLIPS]
 */
#include "../unit/vault_stage.h"

#define FILES 12
#define LIST_MAX 64

static const char *secret, *public, *other_secret;
static unsigned random_state = 7;

static unsigned draw(unsigned below)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 8) % below;
}

/* seed: other packets under the same names. */
static void fill(const char *key, unsigned seed, char head[VAULT_HASH])
{
	struct vault *vault = stage_open_with((struct vault_options){ .sign_key = key });
	struct vault_published published;
	struct vault_file *file;
	uint64_t count;

	for (unsigned i = 1; i <= FILES; i++) {
		if (vault_begin(vault, stage_id(i), STAGE_TIME + i * 8 * STAGE_HOUR, &file))
			abort();
		put_capture(vault_stream(file), 2 + i % 3, seed + i);
		vault_finish(file, &published);
		if (vault_commit(vault, file, STAGE_JSON, sizeof(STAGE_JSON) - 1, 3))
			abort();
	}
	vault_head(vault, &count, head);
	vault_close(vault);
}

static char *list[LIST_MAX];
static unsigned listed;

static int add(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)where;
	if (kind == FTW_F && status->st_size && listed < LIST_MAX)
		list[listed++] = strdup(path + strlen(stage_vault) + 1);
	return 0;
}

static void list_files(void)
{
	for (unsigned i = 0; i < listed; i++)
		free(list[i]);
	listed = 0;
	nftw(stage_vault, add, 16, FTW_PHYS);
}

/* Every other flip is in one of the few small files that hold it all together. */
static const char *choose_file(void)
{
	static const char *const small[] = { "HEAD", "HEAD.minisig", "MANIFEST.jsonl" };

	return draw(2) ? list[draw(listed)] : small[draw(3)];
}

static void test_flips(unsigned flips)
{
	const struct verify_options options = { .key = public };
	unsigned missed = 0, kinds[4] = { 0 };
	char head[VAULT_HASH];
	char sentence[128];

	fill(secret, 1, head);
	list_files();
	ok(!stage_verify_with(options) && stage_result.signature == VERIFY_SIGNED &&
		   listed == 2 * FILES + 3,
	   "a vault that nobody touched is good, and signed");
	for (unsigned i = 0; i < flips; i++) {
		const char *name = choose_file();
		size_t length;
		char *bytes = stage_read(name, &length);
		unsigned at = draw((unsigned)length);
		char was = bytes[at];

		bytes[at] ^= (char)(1 + draw(255));
		stage_write(name, bytes, length);
		if (!stage_verify_with(options)) {
			printf("# %s byte %u: %d became %d\n", name, at, was, bytes[at]);
			missed++;
		}
		bytes[at] = was;
		stage_write(name, bytes, length);
		free(bytes);
		kinds[strstr(name, ".pcapng")    ? 0
		      : strstr(name, ".jsonl")   ? 1
		      : strncmp(name, "HEAD", 4) ? 2
						 : 3]++;
	}
	printf("# figure: one byte changed at %u random positions (%u packets, %u manifest, %u "
	       "JSON, "
	       "%u HEAD and signature): %u not detected\n",
	       flips, kinds[0], kinds[1], kinds[2], kinds[3], missed);
	snprintf(sentence, sizeof(sentence), "a changed byte is detected at each of %u positions",
		 flips);
	ok(!missed, sentence);
	ok(!stage_verify_with(options), "with the bytes as they were the vault is good again");
	clear_stage();
}

/* The last lines, what they published and HEAD's memory of them: all gone. */
static void cut_tail(unsigned lines)
{
	size_t length, at;
	char *manifest = stage_read("MANIFEST.jsonl", &length), head[256];
	const char *hash;

	for (unsigned i = 0; i < lines; i++) {
		const char *line;
		char file[VAULT_FILE];

		for (at = length - 1; at && manifest[at - 1] != '\n'; at--)
			;
		line = strstr(manifest + at, "\"file\":\"") + 8;
		snprintf(file, sizeof(file), "%.*s", (int)strcspn(line, "\""), line);
		unlink(stage_path(file));
		strcpy(strstr(file, ".pcapng"), ".json");
		unlink(stage_path(file));
		length = at;
		manifest[length] = 0;
	}
	stage_write("MANIFEST.jsonl", manifest, length);
	for (at = length - 1; at && manifest[at - 1] != '\n'; at--)
		;
	hash = strstr(manifest + at, "\"hash\":\"") + 8;
	snprintf(head, sizeof(head), "{\"count\":%d,\"hash\":\"%.64s\"}\n",
		 atoi(manifest + at + strlen("{\"seq\":")), hash);
	stage_write("HEAD", head, strlen(head));
	free(manifest);
}

static void test_cut(void)
{
	char head[VAULT_HASH];

	fill(secret, 1, head);
	cut_tail(3);
	ok(!stage_verify() && stage_result.files == FILES - 3,
	   "a vault whose end was cut off with its files and HEAD is consistent in itself");
	ok(stage_verify_with((struct verify_options){ .head = head }) &&
		   stage_says("MANIFEST.jsonl", 0, "does not contain the head that was given"),
	   "against a head taken before, the cut is found");
	ok(stage_verify_with((struct verify_options){ .key = public }) &&
		   stage_says("HEAD.minisig", 0, "does not fit"),
	   "against the public key, too");
	clear_stage();
}

static void test_rewrite(void)
{
	char head[VAULT_HASH], forged[VAULT_HASH];
	char *signature;
	size_t length;

	fill(secret, 1, head);
	signature = stage_read("HEAD.minisig", &length);
	clear_stage();
	fill(NULL, 1000, forged);
	ok(strcmp(head, forged) != 0 && !stage_verify(),
	   "a vault that was written anew with other packets is consistent in itself");
	ok(stage_verify_with((struct verify_options){ .head = head }) &&
		   stage_says("MANIFEST.jsonl", 0, "does not contain the head that was given"),
	   "against a head taken before, the forgery is found");
	ok(stage_verify_with((struct verify_options){ .key = public }) &&
		   stage_says("HEAD.minisig", 0, "is missing"),
	   "against the public key it lacks a signature");
	stage_write("HEAD.minisig", signature, length);
	ok(stage_verify_with((struct verify_options){ .key = public }) &&
		   stage_says("HEAD.minisig", 0, "does not fit"),
	   "the old signature does not fit it");
	clear_stage();
	fill(other_secret, 1000, forged);
	ok(stage_verify_with((struct verify_options){ .key = public }) &&
		   stage_says("HEAD.minisig", 0, "was made with another key"),
	   "nor does one by another key");
	free(signature);
	clear_stage();
}

/* A later head of an honest vault, and an earlier one. */
static void test_heads(void)
{
	char head[VAULT_HASH], later[VAULT_HASH];
	struct vault *vault;
	uint64_t count;

	fill(secret, 1, head);
	vault = stage_open_with((struct vault_options){ .sign_key = secret });
	stage_fill(vault, 1000, 3);
	vault_head(vault, &count, later);
	vault_close(vault);
	ok(!stage_verify_with((struct verify_options){ .head = head, .key = public }) &&
		   !stage_verify_with((struct verify_options){ .head = later, .key = public }),
	   "an earlier head and the last one are both in the chain of an honest vault");
	clear_stage();
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	secret = argv[1];
	public = argv[2];
	other_secret = argv[3];
	if (!access("/dev/shm", W_OK))
		setenv("SKUA_STAGE", "/dev/shm", 0);
	begin_stage();
	test_flips(argc > 4 ? (unsigned)atoi(argv[4]) : 600);
	test_cut();
	test_rewrite();
	test_heads();
	verify_result_fini(&stage_result);
	end_stage();
	return done();
}
