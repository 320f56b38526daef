// SPDX-License-Identifier: BSD-2-Clause
/* The directory of a journal: names of files, and the quota that they share. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/remedy.h"
#include "capture/journal_files.h"
#include "capture/journal_pack.h"

#define BLOCK 4096    /* the least that a file takes */
#define NAME_TRIES 64 /* other agents may write to the same directory */
#define STAMP 16      /* "20261121T145003" and a zero; then a dash and the number */

/* Whoever writes later must be able to make and remove files: 0 or -EACCES. */
static int check_owner(int dir, uid_t uid, gid_t gid)
{
	struct stat status;

	if (uid == (uid_t)-1 || !uid)
		return 0;
	if (fstat(dir, &status))
		return -errno;
	if (status.st_uid == uid)
		return status.st_mode & S_IWUSR ? 0 : -EACCES;
	if (status.st_gid == gid && gid != (gid_t)-1)
		return status.st_mode & S_IWGRP ? 0 : -EACCES;
	return status.st_mode & S_IWOTH ? 0 : -EACCES;
}

int journal_files_init(struct journal_files *files, const struct journal_options *options,
		       char error[JOURNAL_ERROR_SIZE])
{
	bool made = !mkdir(options->directory, 0750);
	int refused = made ? 0 : -errno, err = 0,
	    dir = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		err = errno == ENOENT ? refused : -errno;
	else if (made && options->uid != (uid_t)-1 && fchown(dir, options->uid, options->gid))
		err = -errno;
	else
		err = check_owner(dir, options->uid, options->gid);
	if (err) {
		snprintf(error, JOURNAL_ERROR_SIZE, "cannot write a journal to %s: %s; %s",
			 options->directory, strerror(-err),
			 err == -EACCES ? "give it to the account that writes it (chown)"
					: remedy_write(err));
		if (dir >= 0)
			close(dir);
		return err;
	}
	*files = (struct journal_files){ .dir = dir,
					 .quota = options->quota,
					 .file_max = options->file_max };
	return 0;
}

void journal_files_fini(struct journal_files *files)
{
	if (files->dir >= 0)
		close(files->dir);
	files->dir = -1;
}

/* "20261121T145003-000001.skj.zst", as journal_files_begin() makes them, and nothing else. */
static bool is_ours(const char *name)
{
	static const char pattern[] = "dddddddd"
				      "T"
				      "dddddd"
				      "-"
				      "dddddd";
	size_t length = sizeof(pattern) - 1;

	for (size_t i = 0; i < length; i++) {
		bool digit = name[i] >= '0' && name[i] <= '9';

		if (pattern[i] == 'd' ? !digit : name[i] != pattern[i])
			return false;
	}
	_Static_assert(sizeof(pattern) + sizeof(".skj.zst") <= JOURNAL_NAME_MAX, "a name fits");
	return !strcmp(name + length, ".skj") || !strcmp(name + length, ".skj.zst");
}

struct found {
	uint64_t bytes;
	unsigned count;
	char oldest[JOURNAL_NAME_MAX], newest[JOURNAL_NAME_MAX]; /* "": there is none */
};

static int look(const struct journal_files *files, struct found *found)
{
	int fd = openat(files->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int err = listing ? 0 : -errno;

	memset(found, 0, sizeof(*found));
	if (err && fd >= 0)
		close(fd);
	while (!err && (entry = readdir(listing))) {
		struct stat status;

		if (!is_ours(entry->d_name) ||
		    fstatat(files->dir, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(status.st_mode))
			continue;
		found->count++;
		found->bytes += ((uint64_t)status.st_size / BLOCK + 1) * BLOCK;
		if (!found->oldest[0] || strcmp(entry->d_name, found->oldest) < 0)
			memcpy(found->oldest, entry->d_name, strlen(entry->d_name) + 1);
		if (strcmp(entry->d_name, found->newest) > 0)
			memcpy(found->newest, entry->d_name, strlen(entry->d_name) + 1);
	}
	if (listing)
		closedir(listing);
	return err;
}

/* So that one more file fits in, with what a header takes.  Tells what is left. */
static int make_room(struct journal_files *files, struct found *found)
{
	for (;;) {
		int err = look(files, found);

		if (err)
			return err;
		if (!found->count || (found->bytes + files->file_max + 2 * BLOCK <= files->quota &&
				      found->count < JOURNAL_FILES_MAX))
			return 0;
		if (unlinkat(files->dir, found->oldest, 0) && errno != ENOENT)
			return -errno;
		files->removed++;
	}
}

/*
 * The time and the file's number in its run.  But names must sort as files were
 * written, or the newest would be taken for the oldest: after a clock that
 * went back, or within a second, counting goes on from the last name.
 */
static int choose_name(const struct found *found, uint32_t sequence, char stamp[STAMP],
		       unsigned *number)
{
	time_t now = time(NULL);
	struct tm utc;

	if (!gmtime_r(&now, &utc) || !strftime(stamp, STAMP, "%Y%m%dT%H%M%S", &utc))
		return -EOVERFLOW;
	*number = sequence;
	if (strncmp(found->newest, stamp, STAMP - 1) < 0)
		return 0;
	memcpy(stamp, found->newest, STAMP - 1);
	*number = (unsigned)strtoul(found->newest + STAMP, NULL, 10) + 1;
	return 0;
}

int journal_files_begin(struct journal_files *files, uint32_t sequence, char name[JOURNAL_NAME_MAX])
{
	struct found found;
	char stamp[STAMP];
	unsigned number;
	int err = make_room(files, &found);

	if (!err)
		err = choose_name(&found, sequence, stamp, &number);
	for (unsigned i = 0; !err && i < NAME_TRIES; i++) {
		int fd;

		snprintf(name, JOURNAL_NAME_MAX, "%s-%06u" JOURNAL_SUFFIX, stamp,
			 (number + i) % 1000000);
		fd = openat(files->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			    0640);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			return -errno;
	}
	return err ? err : -EEXIST;
}

void journal_files_drop(struct journal_files *files, const char *name)
{
	unlinkat(files->dir, name, 0);
}
