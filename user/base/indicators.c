// SPDX-License-Identifier: BSD-2-Clause
/* The files of indicators: read, watched, read again. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "skua/hash.h"
#include "base/indicators.h"
#include "base/log.h"
#include "base/text.h"

#define FILE_BYTES ((size_t)256 << 20) /* more than a million of the longest lines */
#define FILES_MAX 4096                 /* of one directory */
#define SHOWN_MAX 80                   /* octets of a bad line */
#define ERROR_SIZE (PATH_MAX + 512)

struct indicators {
	const char *const *paths;
	unsigned count;
	struct indicator_set set;
	uint64_t state; /* of the files, when they were read last, with success or without */
	uint64_t checked_ns;
};

struct reading {
	struct indicator_set set;
	char error[ERROR_SIZE];
};

/* What is done to each file: 0 or -errno. */
typedef int file_fn(void *arg, const char *path, const struct stat *status);

static int wanted(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && entry->d_name[length - 1] != '~';
}

/* alphasort() would ask the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int walk_directory(const char *directory, file_fn *fn, void *arg)
{
	struct dirent **entries;
	char path[PATH_MAX];
	struct stat status;
	int err = 0, count = scandir(directory, &entries, wanted, by_name);

	if (count < 0)
		return -errno;
	if (count > FILES_MAX)
		err = -E2BIG;
	for (int i = 0; i < count; i++) {
		int n = snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);

		if (!err && n >= (int)sizeof(path))
			err = -ENAMETOOLONG;
		/* What is gone meanwhile is not there; folders within are nobody's. */
		if (!err && !stat(path, &status) && S_ISREG(status.st_mode))
			err = fn(arg, path, &status);
		free(entries[i]);
	}
	free(entries);
	return err;
}

static int walk(const char *path, file_fn *fn, void *arg)
{
	struct stat status;

	if (stat(path, &status))
		return -errno;
	if (S_ISDIR(status.st_mode))
		return walk_directory(path, fn, arg);
	return S_ISREG(status.st_mode) ? fn(arg, path, &status) : -EINVAL;
}

static int add_state(void *arg, const char *path, const struct stat *status)
{
	uint64_t *state = arg;

	for (; *path; path++)
		*state = skua_mix(*state, (unsigned char)*path);
	*state = skua_mix(*state, status->st_dev);
	*state = skua_mix(*state, status->st_ino);
	*state = skua_mix(*state, status->st_size);
	*state = skua_mix(*state, status->st_mtim.tv_sec);
	*state = skua_mix(*state, status->st_mtim.tv_nsec);
	return 0;
}

/* Another number when a file came, went or changed; what cannot be looked at counts as well. */
static uint64_t state_of(const struct indicators *indicators)
{
	uint64_t state = 1;

	for (unsigned i = 0; i < indicators->count; i++) {
		/* By itself: as an argument it might come after the state that it changes was read.
		 */
		int err = walk(indicators->paths[i], add_state, &state);

		state = skua_mix(state, -err);
	}
	return state;
}

/* *text: to be freed.  A file that grows while it is read is read up to where it ended. */
static int read_text(const char *path, char **text, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err = 0;
	struct stat status;
	char *read_to = NULL;
	size_t got = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status))
		err = -errno;
	else if ((uint64_t)status.st_size > FILE_BYTES)
		err = -EFBIG;
	if (!err && !(read_to = malloc(status.st_size + 1)))
		err = -ENOMEM;
	while (!err && got < (size_t)status.st_size && n) {
		n = read(fd, read_to + got, status.st_size - got);
		if (n < 0 && errno != EINTR)
			err = -errno;
		got += n > 0 ? n : 0;
	}
	close(fd);
	if (err) {
		free(read_to);
		return err;
	}
	*text = read_to;
	*length = got;
	return 0;
}

static void complain(struct reading *reading, const char *path, int err)
{
	if (err == -ENOSPC)
		snprintf(reading->error, sizeof(reading->error),
			 "%s: with this file there are more than %u indicators, or more than %u MB "
			 "of text; join addresses to networks",
			 path, INDICATORS_MAX, INDICATORS_TEXT >> 20);
	else
		snprintf(reading->error, sizeof(reading->error),
			 "%s: cannot read it: %s; --indicators names a text file, or a folder of "
			 "them",
			 path, strerror(-err));
}

static void complain_of_line(struct reading *reading, const char *path,
			     const struct indicator_fault *fault)
{
	char shown[TEXT_ESCAPED(SHOWN_MAX)];
	size_t length = strlen(fault->shown);

	text_escape(shown, sizeof(shown), fault->shown, length < SHOWN_MAX ? length : SHOWN_MAX);
	snprintf(reading->error, sizeof(reading->error),
		 "%s:%u: %s: \"%s\"; a line holds 203.0.113.5, 203.0.113.0/24, example.org, "
		 "*.example.org, sni:example.org or a JA4, and a label",
		 path, fault->line, fault->why, shown);
}

static int read_file(void *arg, const char *path, const struct stat *status)
{
	struct reading *reading = arg;
	struct indicator_fault fault = { .line = 0 };
	size_t length = 0;
	char *text = NULL;
	int err = read_text(path, &text, &length);

	(void)status;
	if (!err)
		err = indicator_set_read(&reading->set, path, text, length, &fault);
	free(text);
	if (fault.line)
		complain_of_line(reading, path, &fault);
	else if (err)
		complain(reading, path, err);
	return err;
}

/* reading->set is to be freed when this succeeds. */
static int read_all(const struct indicators *indicators, struct reading *reading)
{
	int err = indicator_set_init(&reading->set);

	reading->error[0] = '\0';
	if (err)
		complain(reading, indicators->paths[0], err);
	for (unsigned i = 0; !err && i < indicators->count; i++) {
		err = walk(indicators->paths[i], read_file, reading);
		if (err && !reading->error[0])
			complain(reading, indicators->paths[i], err);
	}
	if (err)
		indicator_set_fini(&reading->set);
	return err;
}

int indicators_open(struct indicators **out, const char *const *paths, unsigned count)
{
	struct indicators *indicators = calloc(1, sizeof(*indicators));
	struct reading reading;
	int err;

	if (!indicators)
		return -ENOMEM;
	indicators->paths = paths;
	indicators->count = count;
	indicators->state = state_of(indicators);
	err = read_all(indicators, &reading);
	if (err) {
		log_error("%s", reading.error);
		free(indicators);
		return err;
	}
	indicators->set = reading.set;
	*out = indicators;
	return 0;
}

void indicators_close(struct indicators *indicators)
{
	if (!indicators)
		return;
	indicator_set_fini(&indicators->set);
	free(indicators);
}

const struct indicator_set *indicators_set(const struct indicators *indicators)
{
	return &indicators->set;
}

int indicators_reload(struct indicators *indicators)
{
	struct reading reading;
	int err;

	/* Taken before reading, so that what changes meanwhile is read once more. */
	indicators->state = state_of(indicators);
	err = read_all(indicators, &reading);
	if (err) {
		log_error("%s; those read before stay in force: %u", reading.error,
			  indicators->set.count);
		return err;
	}
	indicator_set_fini(&indicators->set);
	indicators->set = reading.set;
	log_info("indicators in force now: %u", indicators->set.count);
	return 0;
}

void indicators_tick(struct indicators *indicators, uint64_t now_ns)
{
	if (!indicators->checked_ns)
		indicators->checked_ns = now_ns;
	if (now_ns < indicators->checked_ns + INDICATORS_CHECK_NS)
		return;
	indicators->checked_ns = now_ns;
	if (state_of(indicators) != indicators->state)
		indicators_reload(indicators);
}
