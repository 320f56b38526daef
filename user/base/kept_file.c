// SPDX-License-Identifier: BSD-2-Clause
/* Replaces a small file as a whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/kept_file.h"

#define PART ".part"
#define ASIDES 99 /* whoever has so many looks at none */

/* Whoever writes later must be able to make and rename files: 0 or -EACCES. */
static int check_owner(int dir, uid_t uid, gid_t gid)
{
	struct stat status;

	if (uid == (uid_t)-1 || !uid)
		return faccessat(dir, ".", W_OK, AT_EACCESS) ? -errno : 0;
	if (fstat(dir, &status))
		return -errno;
	if (status.st_uid == uid)
		return status.st_mode & S_IWUSR ? 0 : -EACCES;
	if (status.st_gid == gid && gid != (gid_t)-1)
		return status.st_mode & S_IWGRP ? 0 : -EACCES;
	return status.st_mode & S_IWOTH ? 0 : -EACCES;
}

/* What is no file must not be replaced by one, or /dev/null is gone. */
static int check_kind(int dir, const char *name)
{
	struct stat found;

	if (fstatat(dir, name, &found, 0) || S_ISREG(found.st_mode))
		return 0;
	return S_ISDIR(found.st_mode) ? -EISDIR : -ENOTSUP;
}

int kept_file_check(const char *path)
{
	return check_kind(AT_FDCWD, path);
}

int kept_file_open(struct kept_file *file, const char *path, uid_t uid, gid_t gid)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t length = slash ? (size_t)(slash - path) : 0;
	char folder[PATH_MAX] = ".";
	int dir, err;

	if (!name[0] || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EISDIR;
	if (length >= sizeof(folder) || strlen(name) >= KEPT_FILE_NAME_LENGTH)
		return -ENAMETOOLONG;
	if (slash) {
		memcpy(folder, path, length);
		memcpy(folder + length, length ? "" : "/", length ? 1 : 2);
	}
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -errno;
	err = check_owner(dir, uid, gid);
	if (!err)
		err = check_kind(dir, name);
	if (err) {
		close(dir);
		return err;
	}
	file->dir = dir;
	memcpy(file->name, name, strlen(name) + 1);
	snprintf(file->part, sizeof(file->part), "%s" PART, name);
	return 0;
}

void kept_file_close(struct kept_file *file)
{
	if (file->dir >= 0)
		close(file->dir);
	file->dir = -1;
}

static int read_fd(int fd, size_t max, void **bytes, size_t *size)
{
	struct stat status;
	uint8_t *read_to;
	ssize_t n = 1;
	size_t got = 0;

	if (fstat(fd, &status))
		return -errno;
	if (!S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
	if ((uint64_t)status.st_size > max)
		return -EFBIG;
	read_to = malloc(status.st_size + 1);
	if (!read_to)
		return -ENOMEM;
	while (got < (size_t)status.st_size && n) {
		n = read(fd, read_to + got, status.st_size - got);
		if (n < 0 && errno != EINTR) {
			free(read_to);
			return -errno;
		}
		got += n > 0 ? n : 0;
	}
	*bytes = read_to;
	*size = got;
	return 0;
}

int kept_file_read(const struct kept_file *file, size_t max, void **bytes, size_t *size)
{
	int fd = openat(file->dir, file->name,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	int err;

	if (fd < 0)
		return -errno;
	err = read_fd(fd, max, bytes, size);
	close(fd);
	return err;
}

static int write_fd(int fd, const uint8_t *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		bytes += n > 0 ? n : 0;
		size -= n > 0 ? n : 0;
	}
	return fdatasync(fd) ? -errno : 0;
}

int kept_file_write(const struct kept_file *file, const void *bytes, size_t size, mode_t mode)
{
	int fd, err;

	/* What a writer left that was killed; and nobody's link is followed. */
	unlinkat(file->dir, file->part, 0);
	fd = openat(file->dir, file->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		    mode);
	if (fd < 0)
		return -errno;
	err = write_fd(fd, bytes, size);
	if (close(fd) && !err)
		err = -errno;
	if (!err && renameat(file->dir, file->part, file->dir, file->name))
		err = -errno;
	if (err)
		unlinkat(file->dir, file->part, 0);
	else if (fsync(file->dir)) /* else the name might come back without it */
		err = -errno;
	return err;
}

int kept_file_set_aside(const struct kept_file *file, char aside[KEPT_FILE_NAME])
{
	int err = -EEXIST;

	for (int i = 1; err == -EEXIST && i <= ASIDES; i++) {
		snprintf(aside, KEPT_FILE_NAME, "%s.aside-%d", file->name, i);
		err = renameat2(file->dir, file->name, file->dir, aside, RENAME_NOREPLACE) ? -errno
											   : 0;
	}
	return err;
}
