// SPDX-License-Identifier: BSD-2-Clause
/* Reads a vault's manifest from its oldest segment to its newest and follows the chain. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/vault_chain.h"
#include "record/vault_paths.h"

#define WHAT_SIZE 320

void vault_segment_name(unsigned number, char to[VAULT_FILE])
{
	if (number)
		snprintf(to, VAULT_FILE, "MANIFEST-%06u.jsonl", number);
	else
		memcpy(to, VAULT_MANIFEST, sizeof(VAULT_MANIFEST));
}

static void complain(struct vault_chain *chain, unsigned number, const char *what)
{
	char segment[VAULT_FILE];

	chain->bad++;
	vault_segment_name(chain->at, segment);
	if (chain->wrong)
		chain->wrong(chain->arg, segment, number, what);
}

/* Why a line does not follow the one before it, or NULL. */
static const char *misfit(const struct vault_chain *chain, const struct vault_line *line,
			  char what[WHAT_SIZE])
{
	if (line->action == VAULT_BREAK || !chain->first)
		return NULL;
	if (line->seq != chain->count + 1) {
		snprintf(what, WHAT_SIZE,
			 "has number %" PRIu64 " and follows number %" PRIu64
			 ": lines are missing or out of place",
			 line->seq, chain->count);
		return what;
	}
	if (strcmp(line->prev, chain->hash)) {
		snprintf(what, WHAT_SIZE,
			 "does not continue the line before it, whose hash is "
			 "%.16s...: a line was replaced",
			 chain->hash);
		return what;
	}
	return NULL;
}

static void take_break(struct vault_chain *chain, const struct vault_line *line)
{
	char what[WHAT_SIZE];

	snprintf(what, sizeof(what),
		 "says that the chain was found broken after line %" PRIu64
		 " and goes on as number %" PRIu64,
		 chain->count, line->seq);
	complain(chain, chain->line_number, what);
	chain->breaks++;
	/* From here on only what is new counts. */
	chain->bad = 0;
}

static void take(struct vault_chain *chain, const struct vault_line *line)
{
	char what[WHAT_SIZE];
	const char *wrong = misfit(chain, line, what);

	if (wrong)
		complain(chain, chain->line_number, wrong);
	if (line->action == VAULT_BREAK)
		take_break(chain, line);
	if (!chain->first) {
		chain->first = line->seq;
		memcpy(chain->first_prev, line->prev, VAULT_HASH);
	}
	if (line->action == VAULT_DROP)
		memcpy(chain->dropped, line->sha256, VAULT_HASH);
	chain->count = line->seq;
	memcpy(chain->hash, line->hash, VAULT_HASH);
	chain->last = *line;
	if (chain->head_good && line->seq == chain->head_count)
		chain->head_found = !strcmp(line->hash, chain->head_hash);
	if (chain->line)
		chain->line(chain->arg, line);
}

/* true: go on. */
static bool read_line(struct vault_chain *chain, FILE *stream)
{
	char text[VAULT_LINE_MAX];
	struct vault_line line;
	const char *wrong;
	size_t length;
	bool cut = false;
	int byte;

	/* A zero in a line would end it for the functions that read text. */
	for (length = 0; (byte = getc(stream)) != EOF && byte != '\n'; length++) {
		cut |= !byte;
		if (length < sizeof(text) - 1)
			text[length] = (char)byte;
	}
	if (byte == EOF) {
		chain->torn_bytes = length;
		return false;
	}
	chain->line_number++;
	chain->good_bytes += length + 1;
	if (length >= sizeof(text) || cut) {
		complain(chain, chain->line_number, "is not a line of a manifest");
		return true;
	}
	text[length] = 0;
	wrong = vault_line_parse(text, &line);
	if (wrong)
		complain(chain, chain->line_number, wrong);
	else
		take(chain, &line);
	return true;
}

/* What says nothing of the files: to take it for tampering would stay in the chain for ever. */
static bool is_passing(int err)
{
	return err == -ENOMEM || err == -EMFILE || err == -ENFILE || err == -EACCES ||
	       err == -EPERM || err == -EIO || err == -EINTR;
}

static int read_segment(struct vault_chain *chain, unsigned number)
{
	char name[VAULT_FILE];
	FILE *stream;
	int fd, err;

	vault_segment_name(number, name);
	chain->at = number;
	chain->line_number = 0;
	chain->good_bytes = chain->torn_bytes = 0;
	fd = vault_paths_file(chain->root, name);
	if (fd == -ENOENT && !number)
		return 0;
	if (is_passing(fd))
		return fd;
	if (fd < 0) {
		complain(chain, 0, "cannot be read");
		return 0;
	}
	stream = fdopen(fd, "r");
	if (!stream) {
		close(fd);
		return -ENOMEM;
	}
	while (read_line(chain, stream))
		;
	err = ferror(stream) ? -EIO : 0;
	fclose(stream);
	chain->has_manifest |= !number;
	if (!err && number && chain->torn_bytes)
		complain(chain, chain->line_number + 1, "ends in the middle of a line");
	return err;
}

static int add_segment(void *arg, const char *name, const struct stat *status)
{
	struct vault_chain *chain = arg;
	unsigned number = vault_segment_number(name);

	(void)status;
	if (!number)
		return 0;
	if (chain->segment_count == VAULT_SEGMENTS_MAX)
		return -EFBIG;
	chain->segments[chain->segment_count++] = number;
	return 0;
}

static int ascending(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int read_head(struct vault_chain *chain)
{
	char text[VAULT_LINE_MAX];
	int err = vault_paths_read(chain->root, VAULT_HEAD, text, sizeof(text));

	if (err == -ENOENT)
		return 0;
	if (is_passing(err))
		return err;
	chain->head_there = true;
	if (!err)
		chain->head_good = vault_head_parse(text, &chain->head_count, chain->head_hash);
	return 0;
}

/* What the whole chain must be like, beside its lines. */
static void judge(struct vault_chain *chain)
{
	char what[WHAT_SIZE];

	chain->at = 0;
	if (chain->first == 1 ? strcmp(chain->first_prev, VAULT_NO_HASH) != 0
			      : chain->first && strcmp(chain->first_prev, chain->dropped) != 0 &&
					!chain->breaks) {
		snprintf(what, sizeof(what),
			 "begins at number %" PRIu64
			 ", and no line says that what was before it went",
			 chain->first);
		complain(chain, 0, what);
	}
	if (chain->head_there && !chain->head_good)
		complain(chain, 0, "has a HEAD beside it that is not readable as one");
	/* The first line may have been written, its HEAD not yet. */
	else if (!chain->head_there && (chain->count > 1 || chain->segment_count))
		complain(chain, 0, "has no HEAD beside it");
	else if (chain->head_good && chain->head_count > chain->count) {
		snprintf(what, sizeof(what),
			 "ends at number %" PRIu64 " but HEAD knows of %" PRIu64
			 ": the end was cut off",
			 chain->count, chain->head_count);
		complain(chain, 0, what);
	} else if (chain->head_good && !chain->head_found)
		complain(chain, 0, "has another line where HEAD points: it was rewritten");
}

int vault_chain_read(struct vault_chain *chain)
{
	int err;

	memcpy(chain->hash, VAULT_NO_HASH, VAULT_HASH);
	err = vault_paths_list(chain->root, add_segment, chain);
	qsort(chain->segments, chain->segment_count, sizeof(chain->segments[0]), ascending);
	if (!err && !chain->head_good)
		err = read_head(chain);
	for (unsigned i = 0; !err && i < chain->segment_count; i++)
		err = read_segment(chain, chain->segments[i]);
	if (!err)
		err = read_segment(chain, 0);
	if (!err)
		judge(chain);
	return err;
}
