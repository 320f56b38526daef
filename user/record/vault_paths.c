// SPDX-License-Identifier: BSD-2-Clause
/* Reaches the files of a vault from one descriptor, following no link. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/vault_paths.h"

#define READ_SIZE 65536
#define FOLLOW_NONE (O_NOFOLLOW | O_CLOEXEC)

int vault_paths_root(const char *directory)
{
	int made = mkdir(directory, VAULT_DIRECTORY_MODE), why = errno;
	/* Here alone a link is followed: the operator named it. */
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	return made && errno == ENOENT ? -why : -errno;
}

static int open_directory(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | FOLLOW_NONE);

	return fd < 0 ? -errno : fd;
}

static int make_directory(int dir, const char *name)
{
	if (!mkdirat(dir, name, VAULT_DIRECTORY_MODE)) {
		if (fsync(dir))
			return -errno;
	} else if (errno != EEXIST) {
		return -errno;
	}
	return open_directory(dir, name);
}

/* Part by part: O_NOFOLLOW speaks of the last one only. */
static int descend(int root, const char *path, int (*open_next)(int, const char *))
{
	char names[VAULT_FILE], *save, *name;
	int dir = -1;

	if (strlen(path) >= sizeof(names))
		return -ENAMETOOLONG;
	memcpy(names, path, strlen(path) + 1);
	for (name = strtok_r(names, "/", &save); name; name = strtok_r(NULL, "/", &save)) {
		int next = open_next(dir < 0 ? root : dir, name);

		if (dir >= 0)
			close(dir);
		if (next < 0)
			return next;
		dir = next;
	}
	return dir < 0 ? -EINVAL : dir;
}

int vault_paths_day(int root, const char *day)
{
	return descend(root, day, make_directory);
}

int vault_paths_directory(int dir, const char *path)
{
	return descend(dir, path, open_directory);
}

/* A name that is no file, such as a device or a pipe, must not be waited for. */
static int open_any(int dir, const char *name)
{
	struct stat status;
	int fd;

	if (fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW))
		return -errno;
	if (S_ISDIR(status.st_mode))
		return open_directory(dir, name);
	fd = openat(dir, name, O_RDONLY | O_NONBLOCK | FOLLOW_NONE);
	return fd < 0 ? -errno : fd;
}

int vault_paths_file(int root, const char *path)
{
	struct stat status;
	int fd = descend(root, path, open_any);

	if (fd < 0)
		return fd;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

int vault_paths_part(int dir, const char *name)
{
	int flags = O_RDWR | O_CREAT | O_EXCL | FOLLOW_NONE;
	int fd = openat(dir, name, flags, VAULT_MODE);

	if (fd < 0 && errno == EEXIST && !unlinkat(dir, name, 0))
		fd = openat(dir, name, flags, VAULT_MODE);
	return fd < 0 ? -errno : fd;
}

int vault_paths_write(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t wrote = write(fd, at, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return wrote ? -errno : -EIO;
		at += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

static void name_part(const char *name, char to[VAULT_FILE + sizeof(".part")])
{
	snprintf(to, VAULT_FILE + sizeof(".part"), "%s.part", name);
}

int vault_paths_prepare(int dir, const char *name, const void *bytes, size_t length)
{
	char part[VAULT_FILE + sizeof(".part")];
	int err, fd;

	name_part(name, part);
	fd = vault_paths_part(dir, part);
	if (fd < 0)
		return fd;
	err = vault_paths_write(fd, bytes, length);
	if (!err && fdatasync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (err)
		unlinkat(dir, part, 0);
	return err;
}

int vault_paths_replace(int dir, const char *name)
{
	char part[VAULT_FILE + sizeof(".part")];

	name_part(name, part);
	if (renameat(dir, part, dir, name)) {
		int err = -errno;

		unlinkat(dir, part, 0);
		return err;
	}
	return fsync(dir) ? -errno : 0;
}

int vault_paths_read(int dir, const char *name, char *to, size_t size)
{
	size_t used = 0;
	ssize_t got = 1;
	int fd = vault_paths_file(dir, name);

	if (fd < 0)
		return fd;
	while (got > 0 && used < size) {
		got = read(fd, to + used, size - used);
		used += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (got < 0)
		return -EIO;
	if (used == size)
		return -EFBIG;
	to[used] = 0;
	return strlen(to) == used ? 0 : -EBADMSG;
}

int vault_paths_hash(int fd, char sha256[VAULT_HASH], uint64_t *bytes)
{
	unsigned char hash[SHA256_DIGEST_SIZE], *buffer = malloc(READ_SIZE);
	struct sha256_ctx state;
	uint64_t at = 0;
	ssize_t got;

	if (!buffer)
		return -ENOMEM;
	sha256_init(&state);
	while ((got = pread(fd, buffer, READ_SIZE, (off_t)at)) > 0) {
		sha256_update(&state, got, buffer);
		at += (uint64_t)got;
	}
	free(buffer);
	if (got < 0)
		return -EIO;
	sha256_digest(&state, sizeof(hash), hash);
	sodium_bin2hex(sha256, VAULT_HASH, hash, sizeof(hash));
	*bytes = at;
	return 0;
}

void vault_paths_prune(int root, const char *day)
{
	char year[] = "YYYY", month[] = "MM";
	int of_year, of_month = -ENOENT;

	memcpy(year, day, 4);
	memcpy(month, day + 5, 2);
	of_year = vault_paths_directory(root, year);
	if (of_year >= 0)
		of_month = vault_paths_directory(of_year, month);
	/* Fails where something is left, which is what is wanted. */
	if (of_month >= 0 && !unlinkat(of_month, day + 8, AT_REMOVEDIR) &&
	    !unlinkat(of_year, month, AT_REMOVEDIR))
		unlinkat(root, year, AT_REMOVEDIR);
	if (of_month >= 0)
		close(of_month);
	if (of_year >= 0)
		close(of_year);
}

void vault_paths_split(const char *file, char day[VAULT_DAY], char json[VAULT_FILE])
{
	const char *name = file + VAULT_DAY;
	size_t length = strlen(name) - (sizeof(".pcapng") - 1);

	memcpy(day, file, VAULT_DAY - 1);
	day[VAULT_DAY - 1] = 0;
	memcpy(json, name, length);
	memcpy(json + length, ".json", sizeof(".json"));
}

int vault_paths_list(int dir, vault_paths_fn *each, void *arg)
{
	int err = 0, fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!listing) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	while (!err && (errno = 0, entry = readdir(listing))) {
		struct stat status;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!fstatat(dir, entry->d_name, &status, AT_SYMLINK_NOFOLLOW))
			err = each(arg, entry->d_name, &status);
	}
	if (!err && errno)
		err = -errno;
	closedir(listing);
	return err;
}
