// SPDX-License-Identifier: BSD-2-Clause
/* Where a copy goes: under another name until it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "copy/export.h"
#include "record/seal.h"

#define MODE 0640 /* evidence is nobody else's business */

static int use(struct export_output *output, int fd)
{
	int err;

	output->file = fdopen(fd, "wb");
	if (output->file)
		return 0;
	err = -errno;
	close(fd);
	return err;
}

static int open_file(struct export_output *output)
{
	bool piped = !strcmp(output->path, "-");
	struct stat found;
	int fd;

	output->part[0] = '\0';
	if (!piped && !stat(output->path, &found) && !S_ISREG(found.st_mode)) {
		/* A device or pipe is written to; nothing takes its place. */
		fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return fd < 0 ? -errno : use(output, fd);
	}
	if (!piped && (size_t)snprintf(output->part, sizeof(output->part), "%s.part",
				       output->path) >= sizeof(output->part))
		return -ENAMETOOLONG;
	fd = piped ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
		   : open(output->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			  MODE);
	return fd < 0 ? -errno : use(output, fd);
}

int export_output_open(struct export_output *output, const char *path, const uint8_t *seal)
{
	int err;

	*output = (struct export_output){ .path = path };
	err = open_file(output);
	if (err)
		return err;
	output->stream = output->file;
	if (seal)
		err = seal_writer(&output->stream, &output->sealer, output->file, seal);
	if (err) {
		output->stream = output->file;
		export_output_abandon(output);
	}
	return err;
}

/* The end of what seals, then the file's: 0 or -errno of the first that fails. */
static int close_streams(struct export_output *output)
{
	int err = 0;

	errno = 0;
	if (output->stream != output->file && fclose(output->stream))
		err = errno ? -errno : -EIO;
	errno = 0;
	if ((fflush(output->file) || ferror(output->file)) && !err)
		err = errno ? -errno : -EIO;
	/* A pipe cannot be synced, and need not be. */
	if (!err && output->part[0] && fdatasync(fileno(output->file)))
		err = -errno;
	fclose(output->file);
	return err;
}

int export_output_commit(struct export_output *output)
{
	int err = close_streams(output);

	if (!output->part[0])
		return err;
	if (!err && rename(output->part, output->path))
		err = -errno;
	if (err)
		unlink(output->part);
	return err;
}

void export_output_abandon(struct export_output *output)
{
	if (!output->file)
		return;
	/* Through a pipe the reader has what was sealed so far: it must not take that for all. */
	if (output->sealer)
		seal_spoil(output->sealer);
	close_streams(output);
	if (output->part[0])
		unlink(output->part);
}
