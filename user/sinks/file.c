// SPDX-License-Identifier: BSD-2-Clause
/* Records as JSON lines at the end of a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "sinks/file.h"

enum { WRITE_FAILED, FILE_CAUSES };

struct file_sink {
	struct sink sink;
	struct sink *json; /* writes one line into text */
	FILE *memory;
	char *text;
	size_t size;
	const char *path;
	int fd;
	bool torn; /* the end of the last line is missing */
	int error;
	uint64_t offered, failed;
};

static int open_path(const char *path, const struct privs_account *account, int *out)
{
	int fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);
	struct stat status;
	int err = 0;

	if (fd < 0)
		return -errno;
	/* Somebody else's file stays theirs; one that was made now is empty and ours. */
	if (fstat(fd, &status))
		err = -errno;
	else if (account && account->change && S_ISREG(status.st_mode) && !status.st_size &&
		 status.st_uid == geteuid() && fchown(fd, account->uid, account->gid))
		err = -errno;
	if (err)
		close(fd);
	else
		*out = fd;
	return err;
}

/* All of it, or none that would look like a line. */
static int put_line(struct file_sink *file, const char *text, size_t length)
{
	size_t done = 0;

	if (file->torn && write(file->fd, "\n", 1) == 1)
		file->torn = false;
	while (done < length) {
		ssize_t n = write(file->fd, text + done, length - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			file->torn = file->torn || done;
			return n ? -errno : -EIO;
		}
		done += n;
	}
	return 0;
}

static int file_sink_write(struct sink *sink, const struct record *record)
{
	struct file_sink *file = (struct file_sink *)sink;
	long length;
	int err;

	rewind(file->memory); /* the memory stays, so that nothing is allocated once it is enough */
	err = file->json->write(file->json, record);
	length = ftell(file->memory);
	if (!err && !length)
		return 0; /* nothing to say in this schema */
	file->offered++;
	if (!err)
		err = put_line(file, file->text, length);
	if (!err)
		return 0;
	if (!file->failed++)
		log_error("cannot write findings to %s: %s; free some space or write elsewhere",
			  file->path, strerror(-err));
	file->error = err;
	return 0; /* counted here: it is no concern of the others */
}

static void ignore_close(struct sink *sink)
{
	(void)sink;
}

int file_sink_open(struct file_sink **out, const char *path, const struct sink_envelope *envelope,
		   const struct privs_account *account)
{
	struct file_sink *file = calloc(1, sizeof(*file));
	int err = -ENOMEM;

	if (!file)
		return -ENOMEM;
	file->sink = (struct sink){ "file", file_sink_write, ignore_close };
	file->path = path;
	file->fd = -1;
	file->memory = open_memstream(&file->text, &file->size);
	if (file->memory)
		err = sink_json_open(&file->json, file->memory, envelope);
	if (!err)
		err = open_path(path, account, &file->fd);
	if (err)
		file_sink_close(file);
	else
		*out = file;
	return err;
}

struct sink *file_sink_get(struct file_sink *file)
{
	return &file->sink;
}

int file_sink_reopen(struct file_sink *file)
{
	int fd = -1, err = open_path(file->path, NULL, &fd);

	if (err)
		return err;
	close(file->fd);
	file->fd = fd;
	file->torn = false;
	return 0;
}

void file_sink_tally(const struct file_sink *file, struct sink_tally *out)
{
	*out = (struct sink_tally){ .name = "file",
				    .offered = file->offered,
				    .delivered = file->offered - file->failed,
				    .cause_count = FILE_CAUSES };
	out->dropped[WRITE_FAILED] = (struct stats_cause){ "write_failed", file->failed };
}

int file_sink_error(const struct file_sink *file)
{
	return file->error;
}

void file_sink_close(struct file_sink *file)
{
	if (!file)
		return;
	if (file->json)
		file->json->close(file->json);
	if (file->memory)
		fclose(file->memory);
	free(file->text);
	if (file->fd >= 0)
		close(file->fd);
	free(file);
}
