// SPDX-License-Identifier: BSD-2-Clause
/* Checks a vault without changing it, again where an agent was writing meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/remedy.h"
#include "record/vault_paths.h"
#include "record/vault_store.h"
#include "record/verify_round.h"

#define ROUNDS 8 /* while an agent writes */
#define PAUSE_NS 100000000

void verify_wrong(struct verify_round *round, const char *where, unsigned line, const char *format,
		  ...)
{
	struct verify_result *result = round->result;
	struct verify_problem *problem;
	va_list arguments;

	result->problem_count++;
	if (result->kept == VERIFY_PROBLEMS)
		return;
	problem = &result->problems[result->kept++];
	snprintf(problem->where, sizeof(problem->where), "%s", where);
	problem->line = line;
	va_start(arguments, format);
	vsnprintf(problem->what, sizeof(problem->what), format, arguments);
	va_end(arguments);
}

/* Whether an agent holds the vault's lock. */
static bool is_busy(int root)
{
	struct flock whole = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	int fd = openat(root, VAULT_LOCK, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool busy;

	if (fd < 0)
		return false;
	busy = !fcntl(fd, F_OFD_GETLK, &whole) && whole.l_type != F_UNLCK;
	close(fd);
	return busy;
}

static uint64_t worth(const void *value)
{
	(void)value;
	return 0;
}

static int look(struct verify_round *round)
{
	const struct table_options options = { .key_size = VAULT_FILE,
					       .value_size = sizeof(struct verify_file),
					       .capacity = VAULT_FILES_MAX,
					       .worth = worth };
	int err = table_init(&round->files, &options);

	if (err)
		return err;
	round->result->problem_count = round->result->kept = 0;
	err = verify_chain(round);
	if (!err)
		err = verify_files(round);
	if (!err)
		err = verify_strangers(round);
	if (err)
		table_fini(&round->files);
	return err;
}

static int look_until_steady(struct verify_round *round)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	struct table before;
	int err = look(round);

	for (unsigned i = 1; !err && i < ROUNDS && round->result->problem_count; i++) {
		if (!is_busy(round->root))
			break;
		round->result->busy = true;
		nanosleep(&pause, NULL);
		before = round->files;
		round->before = &before;
		err = look(round);
		table_fini(&before);
	}
	if (!err)
		table_fini(&round->files);
	return err;
}

static int read_key(const char *path, struct vault_public *key, char error[VAULT_ERROR_SIZE])
{
	int err = vault_public_read(path, key);

	if (err)
		snprintf(error, VAULT_ERROR_SIZE, "cannot read the key %s: %s; %s", path,
			 err == -EBADMSG ? "it is no public key of minisign" : strerror(-err),
			 err == -EBADMSG ? "name the one that --sign's has beside it"
					 : remedy_read(err));
	return err;
}

int verify_run(const struct verify_options *options, struct verify_result *out,
	       char error[VAULT_ERROR_SIZE])
{
	struct verify_result result = { .lines = 0 };
	struct vault_public key;
	struct verify_round round = { .options = options, .result = &result, .root = -1 };
	int err = sodium_init() < 0 ? -ENOMEM : 0;

	if (!err && options->key) {
		err = read_key(options->key, &key, error);
		round.key = &key;
		if (err)
			return err;
	}
	result.problems = calloc(VERIFY_PROBLEMS, sizeof(*result.problems));
	if (!err && result.problems)
		round.root = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (round.root < 0)
		err = result.problems ? -errno : -ENOMEM;
	if (!err)
		result.busy = is_busy(round.root);
	if (!err)
		err = look_until_steady(&round);
	if (round.root >= 0)
		close(round.root);
	if (err) {
		snprintf(error, VAULT_ERROR_SIZE, "cannot read the vault %s: %s; %s",
			 options->directory, strerror(-err), remedy_read(err));
		free(result.problems);
		return err;
	}
	*out = result;
	return 0;
}

void verify_result_fini(struct verify_result *result)
{
	free(result->problems);
	result->problems = NULL;
}
