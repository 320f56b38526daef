// SPDX-License-Identifier: BSD-2-Clause
/* Opens files of a vault, checked. */
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "record/upload_file.h"

#define PIECE 65536

int upload_file_hash(int fd, char to[UPLOAD_HASH])
{
	unsigned char piece[PIECE], hash[SHA256_DIGEST_SIZE];
	struct sha256_ctx state;
	uint64_t offset = 0;
	ssize_t got;

	sha256_init(&state);
	while ((got = pread(fd, piece, sizeof(piece), offset)) > 0) {
		sha256_update(&state, got, piece);
		offset += got;
	}
	if (got < 0)
		return -errno;
	sha256_digest(&state, sizeof(hash), hash);
	sodium_bin2hex(to, UPLOAD_HASH, hash, sizeof(hash));
	return 0;
}

/* Folder by folder, so that none on the way can be a link out of the vault. */
static int open_below(int dir, const char *path)
{
	int at = dir, fd;

	for (;;) {
		const char *slash = strchr(path, '/');
		char name[UPLOAD_PATH];
		int length = slash ? (int)(slash - path) : (int)strlen(path);

		if (!length || (size_t)length >= sizeof(name) || path[0] == '.')
			fd = -EINVAL;
		else {
			snprintf(name, sizeof(name), "%.*s", length, path);
			fd = openat(at, name,
				    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
					    (slash ? O_DIRECTORY : 0));
			if (fd < 0)
				fd = -errno;
		}
		if (at != dir)
			close(at);
		if (fd < 0 || !slash)
			return fd;
		at = fd;
		path = slash + 1;
	}
}

int upload_file_open(int dir, const char *path, uint64_t length, const char *sha256)
{
	int err = 0, fd = open_below(dir, path);
	char hash[UPLOAD_HASH];
	struct stat status;

	if (fd == -ELOOP || fd == -ENOTDIR || fd == -EINVAL)
		return -EBADMSG;
	if (fd < 0)
		return fd;
	if (fstat(fd, &status))
		err = -errno;
	else if (!S_ISREG(status.st_mode) ||
		 (length != UPLOAD_ANY_LENGTH && (uint64_t)status.st_size != length))
		err = -EBADMSG;
	else
		err = upload_file_hash(fd, hash);
	if (!err && strcmp(hash, sha256))
		err = -EBADMSG;
	if (!err)
		return fd;
	close(fd);
	return err;
}
