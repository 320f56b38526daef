// SPDX-License-Identifier: BSD-2-Clause
/* Checks the chain of a vault, HEAD, its signature and a head taken before. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "record/vault_paths.h"
#include "record/vault_store.h"
#include "record/verify_round.h"

static void put_file(struct verify_round *round, const struct vault_line *line)
{
	char name[VAULT_FILE];
	struct verify_file *file;
	bool is_new;

	memset(name, 0, sizeof(name));
	memcpy(name, line->file, strlen(line->file));
	file = table_find(&round->files, name);
	if (line->action == VAULT_REMOVE) {
		if (file)
			table_remove(&round->files, file);
		return;
	}
	if (!file && round->files.used == VAULT_FILES_MAX) {
		verify_wrong(round, line->file, 0, "is one file more than a vault lists");
		return;
	}
	file = table_get(&round->files, name, &is_new);
	*file = (struct verify_file){ .bytes = line->bytes, .json_bytes = line->json_bytes };
	memcpy(file->sha256, line->sha256, VAULT_HASH);
	memcpy(file->json_sha256, line->json_sha256, VAULT_HASH);
}

static void on_line(void *arg, const struct vault_line *line)
{
	struct verify_round *round = arg;
	struct verify_result *result = round->result;

	result->lines++;
	result->removals += line->action == VAULT_REMOVE;
	result->recovered += line->recovered;
	if (round->options->head && !strcmp(line->hash, round->options->head))
		round->given_found = true;
	if (line->action != VAULT_DROP && line->action != VAULT_BREAK)
		put_file(round, line);
}

static void on_wrong(void *arg, const char *segment, unsigned number, const char *what)
{
	verify_wrong(arg, segment, number, "%s", what);
}

/* HEAD was read first: an agent may have moved it since. */
static bool head_moved(const struct verify_round *round)
{
	char text[VAULT_LINE_MAX], hash[VAULT_HASH];
	const struct vault_chain *chain = &round->chain;
	uint64_t count;

	if (vault_paths_read(round->root, VAULT_HEAD, text, sizeof(text)) ||
	    !vault_head_parse(text, &count, hash))
		return false;
	return count > chain->count || (count == chain->count && !strcmp(hash, chain->hash));
}

static void check_end(struct verify_round *round)
{
	const struct vault_chain *chain = &round->chain;

	if (!chain->has_manifest && !chain->segment_count)
		verify_wrong(round, VAULT_MANIFEST, 0, "is missing: nothing says what was here");
	if (chain->torn_bytes)
		verify_wrong(
			round, VAULT_MANIFEST, chain->line_number + 1,
			"is not finished: the agent died while it wrote it, and the next start "
			"cuts it; or the end was cut off");
	if (chain->head_good && chain->head_found && chain->head_count < chain->count &&
	    !head_moved(round))
		verify_wrong(round, VAULT_HEAD, 0,
			     "is at number %" PRIu64 ", the manifest at %" PRIu64
			     ": the agent died between the two, and the next start mends it; or "
			     "lines were added",
			     chain->head_count, chain->count);
	if (!chain->head_there && chain->count == 1)
		verify_wrong(round, VAULT_HEAD, 0, "is missing");
}

/* The head that was taken before must be a line of this chain. */
static void check_given(struct verify_round *round)
{
	const struct vault_chain *chain = &round->chain;
	const char *head = round->options->head;

	if (!head || round->given_found || !strcmp(head, VAULT_NO_HASH))
		return;
	/* The line before the first one that is kept. */
	if (chain->first > 1 && !strcmp(head, chain->first_prev) && chain->dropped[0])
		return;
	verify_wrong(round, VAULT_MANIFEST, 0,
		     "does not contain the head that was given, %.16s...: the end was cut off "
		     "before it, or the chain was rewritten%s",
		     head,
		     chain->first > 1 ? " (or it is older than the lines that are kept)" : "");
}

static void check_signature(struct verify_round *round)
{
	char text[VAULT_LINE_MAX], head[VAULT_LINE_MAX];
	const struct vault_chain *chain = &round->chain;
	int err = vault_paths_read(round->root, VAULT_SIGNATURE, text, sizeof(text));
	const char *what;

	round->result->signature = err ? VERIFY_UNSIGNED : VERIFY_UNCHECKED;
	if (!round->key)
		return;
	if (err) {
		verify_wrong(round, VAULT_SIGNATURE, 0,
			     err == -ENOENT ? "is missing: the vault is not signed"
					    : "cannot be read as a signature");
		return;
	}
	vault_head_format(chain->head_count, chain->head_hash, head);
	what = vault_sign_check(round->key, head, strlen(head), text);
	round->result->signature = what || !chain->head_good ? VERIFY_FORGED : VERIFY_SIGNED;
	if (what)
		verify_wrong(round, VAULT_SIGNATURE, 0, "%s", what);
}

int verify_chain(struct verify_round *round)
{
	struct vault_chain *chain = &round->chain;
	int err;

	*chain = (struct vault_chain){
		.root = round->root, .line = on_line, .wrong = on_wrong, .arg = round
	};
	round->given_found = false;
	round->result->lines = round->result->removals = round->result->recovered = 0;
	err = vault_chain_read(chain);
	if (err)
		return err;
	check_end(round);
	check_given(round);
	check_signature(round);
	round->result->first = chain->first;
	round->result->head_count = chain->count;
	memcpy(round->result->head, chain->hash, VAULT_HASH);
	return 0;
}
