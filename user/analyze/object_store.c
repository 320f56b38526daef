// SPDX-License-Identifier: BSD-2-Clause
/* Files of hostile content and name, inside one directory. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "analyze/object_store.h"

#define NAME_ROOM (OBJECT_FILE_NAME - 32) /* the rest is for the frame and the number behind */
#define MODE 0600                         /* nobody runs them by mistake */

int object_store_init(struct object_store *store, const char *directory, uint64_t limit)
{
	int fd;

	if (mkdir(directory, 0700) && errno != EEXIST)
		return -errno;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*store = (struct object_store){ .directory = fd, .limit = limit };
	return 0;
}

void object_store_fini(struct object_store *store)
{
	if (store->directory >= 0)
		close(store->directory);
	store->directory = -1;
}

static bool is_plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

void object_file_name(char to[OBJECT_FILE_NAME], uint64_t frame, const struct cursor *name,
		      unsigned again)
{
	size_t at = snprintf(to, 24, "%06" PRIu64 "-", frame), end = at + NAME_ROOM - 24;

	for (size_t i = 0; i < name->left && at + 3 <= end; i++) {
		if (is_plain(name->at[i]))
			to[at++] = name->at[i];
		else
			at += snprintf(to + at, 4, "%%%02X", name->at[i]);
	}
	to[at] = 0;
	if (again)
		snprintf(to + at, OBJECT_FILE_NAME - at, ".%u", again);
}

int object_store_create(struct object_store *store, uint64_t frame, const struct cursor *name,
			struct object_file *file)
{
	for (unsigned again = 0; again < OBJECT_SAME_NAMES; again++) {
		object_file_name(file->name, frame, name, again);
		/* O_EXCL also refuses a link, wherever it leads. */
		file->fd = openat(store->directory, file->name,
				  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
		if (file->fd >= 0) {
			file->bytes = 0;
			store->files++;
			return 0;
		}
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

int object_store_write(struct object_store *store, struct object_file *file, const uint8_t *bytes,
		       size_t length)
{
	if (length > store->limit - store->used)
		return -EDQUOT;
	while (length) {
		ssize_t n = write(file->fd, bytes, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		length -= n;
		file->bytes += n;
		store->used += n;
	}
	return 0;
}

int object_store_finish(struct object_store *store, struct object_file *file, bool keep)
{
	int err = 0;

	if (file->fd < 0)
		return 0;
	if (close(file->fd) && errno != EINTR)
		err = -errno;
	file->fd = -1;
	if (keep && !err)
		return 0;
	if (!unlinkat(store->directory, file->name, 0)) {
		store->used -= file->bytes;
		store->files--;
	}
	return err;
}
