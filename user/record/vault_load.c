// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reads a vault's chain when it is opened.  A last line that was not finished
 * is cut, a HEAD one step behind is moved on.  Whatever else does not fit was
 * not done by a crash: the chain goes on from HEAD in a new segment whose first
 * line says that it broke, and the old one stays as it is.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "record/vault_store.h"

struct loading {
	struct vault *vault;
	struct vault_chain chain;
	char first[512]; /* what was wrong first since the last break */
};

static unsigned next_segment(const struct vault_chain *chain)
{
	return chain->segment_count ? chain->segments[chain->segment_count - 1] + 1 : 1;
}

static void on_line(void *arg, const struct vault_line *line)
{
	struct loading *loading = arg;
	const struct vault_chain *chain = &loading->chain;

	if (line->action == VAULT_PUBLISH || line->action == VAULT_KEEP)
		vault_entry_put(loading->vault, line, chain->at ? chain->at : next_segment(chain));
	else if (line->action == VAULT_REMOVE)
		vault_entry_drop(loading->vault, line->file);
	else if (line->action == VAULT_BREAK)
		loading->first[0] = 0;
}

static void on_wrong(void *arg, const char *segment, unsigned number, const char *what)
{
	struct loading *loading = arg;

	if (loading->first[0])
		return;
	if (number)
		snprintf(loading->first, sizeof(loading->first), "%s, line %u, %s", segment, number,
			 what);
	else
		snprintf(loading->first, sizeof(loading->first), "%s %s", segment, what);
}

static uint64_t worth(const void *value)
{
	const struct vault_entry *entry = value;

	return entry->time_ns;
}

static int begin_table(struct vault *vault)
{
	const struct table_options options = { .key_size = VAULT_FILE,
					       .value_size = sizeof(struct vault_entry),
					       .capacity = VAULT_FILES_MAX,
					       .worth = worth };

	if (vault->has_files)
		table_fini(&vault->files);
	vault->has_files = !table_init(&vault->files, &options);
	vault->counts.bytes = vault->counts.files = 0;
	vault->oldest_ns = UINT64_MAX;
	return vault->has_files ? 0 : -ENOMEM;
}

static int read_chain(struct loading *loading)
{
	struct vault *vault = loading->vault;
	int err = begin_table(vault);

	loading->first[0] = 0;
	loading->chain = (struct vault_chain){
		.root = vault->root, .line = on_line, .wrong = on_wrong, .arg = loading
	};
	/* The directory may have changed under us: what was written last is known here. */
	if (vault->count) {
		loading->chain.head_there = loading->chain.head_good = true;
		loading->chain.head_count = vault->count;
		memcpy(loading->chain.head_hash, vault->hash, VAULT_HASH);
	}
	return err ? err : vault_chain_read(&loading->chain);
}

/* A removal is written down first and done then: true if the last one was not done. */
static bool finish_last(struct vault *vault, const struct vault_line *last)
{
	char sha256[VAULT_HASH];
	uint64_t bytes;
	int fd;

	if (last->action == VAULT_DROP)
		return !unlinkat(vault->root, last->file, 0);
	if (last->action != VAULT_REMOVE)
		return false;
	fd = vault_paths_file(vault->root, last->file);
	if (fd < 0)
		return false;
	/* Another file of that name may have been about to be published. */
	if (!vault_paths_hash(fd, sha256, &bytes) && !strcmp(sha256, last->sha256))
		vault_unlink(vault, last->file);
	close(fd);
	return true;
}

/* Goes on from the last line that is known to have been written. */
static int mark_break(struct vault *vault, const struct loading *loading)
{
	const struct vault_chain *chain = &loading->chain;
	struct vault_line line = { .action = VAULT_BREAK, .time_ns = vault->now_ns };
	int err = 0;

	log_warning("vault %s: the manifest is not as it was left: %s; it goes on behind a line "
		    "that says so: 'skua verify %s' tells everything",
		    vault->directory, loading->first, vault->directory);
	if (chain->head_good && chain->head_count > vault->count) {
		vault->count = chain->head_count;
		memcpy(vault->hash, chain->head_hash, VAULT_HASH);
	}
	vault_segment_name(vault->segment, line.file);
	memcpy(line.sha256, chain->hash, VAULT_HASH);
	if (chain->has_manifest)
		err = vault_manifest_rotate(vault);
	return err ? err : vault_manifest_append(vault, &line, true);
}

static int go_on(struct vault *vault, const struct vault_chain *chain)
{
	int err = vault_manifest_open(vault);

	if (!err && chain->torn_bytes) {
		if (ftruncate(vault->manifest, (off_t)chain->good_bytes) ||
		    fdatasync(vault->manifest))
			return -errno;
		vault->manifest_bytes = chain->good_bytes;
	}
	if (!err && chain->count &&
	    (vault->options.sign_key || !chain->head_good || chain->head_count != chain->count) &&
	    vault_head_write(vault))
		vault->counts.failed++; /* a full disk, say; it is tried again */
	return err;
}

int vault_load(struct vault *vault, bool *broken)
{
	struct loading *loading = calloc(1, sizeof(*loading));
	struct vault_chain *chain;
	int err;

	if (!loading)
		return -ENOMEM;
	loading->vault = vault;
	chain = &loading->chain;
	err = read_chain(loading);
	if (!err && finish_last(vault, &chain->last))
		err = read_chain(loading);
	if (err)
		goto out;
	memcpy(vault->segments, chain->segments, sizeof(vault->segments));
	vault->segment_count = chain->segment_count;
	vault->segment = next_segment(chain);
	vault->count = chain->count;
	memcpy(vault->hash, chain->hash, VAULT_HASH);
	if (chain->last.time_ns > vault->now_ns)
		vault->now_ns = chain->last.time_ns;
	*broken = chain->bad || chain->breaks;
	err = chain->bad ? mark_break(vault, loading) : go_on(vault, chain);
out:
	free(loading);
	return err;
}
