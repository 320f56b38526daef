// SPDX-License-Identifier: BSD-2-Clause
/* What to say of a file that cannot be read or written. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include "base/remedy.h"

struct row {
	int err;
	const char *text;
};

static const char *find(const struct row *rows, int err)
{
	while (rows->err && rows->err != -err)
		rows++;
	return rows->text;
}

const char *remedy_reason(int err)
{
	return err == -ENOTSUP ? "that is a device, a pipe or a socket" : strerror(-err);
}

const char *remedy_read(int err)
{
	static const struct row rows[] = {
		{ ENOENT, "name one that is there" },
		{ EACCES, "run as an account that may read it" },
		{ EPERM, "run as an account that may read it" },
		{ EISDIR, "name a file" },
		{ ENOTDIR, "name a directory" },
		{ 0, "try again, or name another" },
	};

	return find(rows, err);
}

const char *remedy_write(int err)
{
	static const struct row rows[] = {
		{ ENOENT, "make the directory above it first" },
		{ EACCES, "name a place that this account may write to" },
		{ EPERM, "name a place that this account may write to" },
		{ EROFS, "name a place that can be written to" },
		{ EISDIR, "name a file" },
		{ ENOTDIR, "name a directory" },
		{ ENOTSUP, "name a file, or a new one" },
		{ 0, "free some space or write elsewhere" },
	};

	return find(rows, err);
}

bool remedy_is_another_name(int err)
{
	return err == -EINVAL || err == -ENOENT || err == -EISDIR || err == -ENOTDIR ||
	       err == -EACCES;
}
