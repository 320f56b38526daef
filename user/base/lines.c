// SPDX-License-Identifier: BSD-2-Clause
/* Reads text files that people wrote, line by line. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/lines.h"
#include "base/text.h"

static int read_all(int fd, char **text, size_t *length)
{
	struct stat status;
	ssize_t n = 1;

	if (fstat(fd, &status))
		return -errno;
	if (!S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
	if ((uint64_t)status.st_size > LINES_BYTES)
		return -EFBIG;
	*text = malloc(status.st_size + 1);
	if (!*text)
		return -ENOMEM;
	for (*length = 0; *length < (size_t)status.st_size && n; *length += n > 0 ? n : 0) {
		n = read(fd, *text + *length, status.st_size - *length);
		if (n < 0 && errno != EINTR)
			return -errno;
	}
	(*text)[*length] = '\0';
	return 0;
}

static int blame(struct lines_fault *fault, unsigned number, const char *line, size_t length,
		 const char *why)
{
	fault->line = number;
	fault->why = why;
	fault->length = length < LINES_SHOWN ? length : LINES_SHOWN;
	memcpy(fault->text, line, fault->length);
	return -EINVAL;
}

/* take may change the line: it is kept for the message before. */
static int take_one(char *line, size_t length, unsigned number, lines_fn *take, void *arg,
		    struct lines_fault *fault)
{
	const char *why;

	while (length && strchr(" \t\r", line[length - 1]) && line[length - 1])
		length--;
	for (; length && (*line == ' ' || *line == '\t'); length--)
		line++;
	if (!length || *line == '#')
		return 0;
	blame(fault, number, line, length, NULL);
	if (length >= LINES_LENGTH)
		return blame(fault, number, line, length, "too long");
	if (memchr(line, '\0', length))
		return blame(fault, number, line, length, "a zero is no text");
	line[length] = '\0';
	why = take(arg, line);
	fault->why = why;
	if (!why)
		fault->line = 0;
	return why ? -EINVAL : 0;
}

int lines_take(char *text, size_t length, lines_fn *take, void *arg, struct lines_fault *fault)
{
	char *const end = text + length;
	int err = 0;

	fault->line = 0;
	for (unsigned number = 1; !err && text < end; number++) {
		char *stop = memchr(text, '\n', end - text);

		if (!stop)
			stop = end;
		err = take_one(text, stop - text, number, take, arg, fault);
		text = stop + 1;
	}
	return err;
}

int lines_read(const char *path, lines_fn *take, void *arg, struct lines_fault *fault)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), err;
	char *text = NULL;
	size_t length = 0;

	fault->line = 0;
	if (fd < 0)
		return -errno;
	err = read_all(fd, &text, &length);
	close(fd);
	if (!err)
		err = lines_take(text, length, take, arg, fault);
	free(text);
	return err;
}

const char *lines_show(const struct lines_fault *fault, char *to)
{
	text_escape(to, TEXT_ESCAPED(LINES_SHOWN), fault->text, fault->length);
	return to;
}
