// SPDX-License-Identifier: BSD-2-Clause
/* Lines of logs, to a stream or to files. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "logs/lines.h"

static const char *const zeek_names[LOG_KINDS] = { "conn.log", "dns.log", "ssl.log", "http.log",
						   "files.log" };

/* No link is followed, and nothing but a file is written to. */
static int open_file(FILE **out, int directory, const char *name,
		     const struct logs_options *options)
{
	int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_APPEND;
	int fd = openat(directory, name, flags | (options->append ? 0 : O_TRUNC), 0640), err = 0;
	struct stat status;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode))
		err = -EEXIST;
	else if ((options->account_uid || options->account_gid) &&
		 fchown(fd, options->account_uid, options->account_gid))
		err = -errno;
	*out = err ? NULL : fdopen(fd, "a");
	if (*out)
		return 0;
	err = err ? err : -errno;
	close(fd);
	return err;
}

static int open_files(struct lines *lines, const struct logs_options *options, int directory,
		      const char **name)
{
	int err = 0;

	*name = "eve.json";
	if (options->format == LOGS_EVE)
		return open_file(&lines->files[0], directory, *name, options);
	for (unsigned kind = 0; !err && kind < LOG_KINDS; kind++) {
		*name = zeek_names[kind];
		if (options->kinds >> kind & 1)
			err = open_file(&lines->files[kind], directory, *name, options);
	}
	return err;
}

int lines_open(struct lines *lines, const struct logs_options *options, char error[LOGS_ERROR_SIZE])
{
	const char *name = "";
	int err = 0, directory;

	*lines = (struct lines){ .owned = options->directory };
	if (!options->directory) {
		lines->files[0] = options->stream;
		return 0;
	}
	if (mkdir(options->directory, 0750) && errno != EEXIST)
		err = -errno;
	directory = err ? -1 : open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!err && directory < 0)
		err = -errno;
	if (!err)
		err = open_files(lines, options, directory, &name);
	if (directory >= 0)
		close(directory);
	if (err) {
		snprintf(error, LOGS_ERROR_SIZE, "%s%s%s", options->directory, *name ? "/" : "",
			 name);
		lines_close(lines);
	}
	return err;
}

static void note_error(struct lines *lines, int err)
{
	if (!lines->error)
		lines->error = err ? -err : -EIO;
}

int lines_close(struct lines *lines)
{
	for (unsigned i = 0; lines->owned && i < LOG_KINDS; i++) {
		errno = 0;
		if (lines->files[i] && fclose(lines->files[i]))
			note_error(lines, errno);
		lines->files[i] = NULL;
	}
	return lines->error;
}

struct json *lines_begin(struct lines *lines, enum log_kind kind)
{
	FILE *stream = lines->files[kind] ? lines->files[kind] : lines->files[0];

	json_init(&lines->json, stream);
	json_open_object(&lines->json, NULL);
	return &lines->json;
}

void lines_end(struct lines *lines)
{
	errno = 0;
	json_close(&lines->json);
	json_end_line(&lines->json);
	lines->count++;
	if (ferror(lines->json.stream))
		note_error(lines, errno);
}

void lines_flush(struct lines *lines)
{
	for (unsigned i = 0; i < LOG_KINDS; i++) {
		errno = 0;
		if (lines->files[i] && fflush(lines->files[i]))
			note_error(lines, errno);
	}
}
