// SPDX-License-Identifier: BSD-2-Clause
/* Writes a snapshot beside its place, and renames it when it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "client/snapshot_file.h"

#define MODE 0640 /* packets are not for everybody */

/* A descriptor or -errno. */
static int open_part(struct snapshot_file *file)
{
	int fd, length = snprintf(file->part, sizeof(file->part), "%s.part-XXXXXX", file->path);

	if (length >= (int)sizeof(file->part)) {
		file->part[0] = '\0';
		return -ENAMETOOLONG;
	}
	fd = mkostemp(file->part, O_CLOEXEC);
	if (fd < 0) {
		fd = -errno;
		file->part[0] = '\0';
		return fd;
	}
	fchmod(fd, MODE);
	return fd;
}

static int open_stream(struct snapshot_file *file)
{
	struct stat found;
	int fd, err;

	if (!strcmp(file->path, "-")) {
		file->stream = stdout;
		return 0;
	}
	if (!stat(file->path, &found) && !S_ISREG(found.st_mode)) {
		fd = open(file->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		fd = fd < 0 ? -errno : fd;
	} else {
		fd = open_part(file);
	}
	if (fd < 0)
		return fd;
	file->stream = fdopen(fd, "w");
	if (file->stream)
		return 0;
	err = -errno;
	close(fd);
	return err;
}

int snapshot_file_open(struct snapshot_file *file, const char *path)
{
	int err;

	*file = (struct snapshot_file){ .path = path };
	err = open_stream(file);
	if (!err && isatty(fileno(file->stream)))
		err = -ENOTTY;
	if (err)
		snapshot_file_abandon(file);
	return err;
}

int snapshot_file_commit(struct snapshot_file *file)
{
	int err;

	errno = 0;
	err = fflush(file->stream) || ferror(file->stream) ? -(errno ? errno : EIO) : 0;
	if (!err && file->part[0] && fsync(fileno(file->stream)))
		err = -errno;
	if (!err && file->part[0] && rename(file->part, file->path))
		err = -errno;
	if (!err)
		file->part[0] = '\0';
	snapshot_file_abandon(file);
	return err;
}

void snapshot_file_abandon(struct snapshot_file *file)
{
	if (file->part[0])
		unlink(file->part);
	file->part[0] = '\0';
	if (file->stream && file->stream != stdout)
		fclose(file->stream);
	file->stream = NULL;
}
