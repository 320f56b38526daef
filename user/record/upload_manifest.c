// SPDX-License-Identifier: BSD-2-Clause
/* Follows the segments of a manifest that grows. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "record/upload_line.h"
#include "record/upload_manifest.h"

_Static_assert(UPLOAD_MANIFEST_BUFFER > 2 * UPLOAD_LINE_MAX, "a line and its end fit");

void upload_manifest_init(struct upload_manifest *manifest, int dir)
{
	manifest->dir = dir;
	manifest->fd = -1;
	upload_manifest_rewind(manifest);
}

void upload_manifest_fini(struct upload_manifest *manifest)
{
	if (manifest->fd >= 0)
		close(manifest->fd);
	manifest->fd = -1;
}

void upload_manifest_rewind(struct upload_manifest *manifest)
{
	upload_manifest_fini(manifest);
	manifest->first = manifest->offset = 0;
	manifest->at = manifest->used = 0;
	manifest->overlong = false;
}

static bool is_segment(const char *name)
{
	size_t stem = strlen("MANIFEST"), digits;

	if (strncmp(name, "MANIFEST", stem))
		return false;
	if (name[stem] == '-') {
		digits = strspn(name + stem + 1, "0123456789");
		stem += 1 + digits;
		if (!digits)
			return false;
	}
	return !strcmp(name + stem, ".jsonl");
}

/* The number of the first line that has one, below; false: none yet. */
static bool first_seq(int fd, uint64_t *seq)
{
	char text[2 * UPLOAD_LINE_MAX];
	ssize_t got = pread(fd, text, sizeof(text), 0);
	const char *at = text, *end = text + (got > 0 ? got : 0), *stop;

	while (at < end && (stop = memchr(at, '\n', end - at))) {
		if (upload_number(at, stop - at, "seq", seq))
			return true;
		at = stop + 1;
	}
	return false;
}

/* Opens the segment that comes after the one being read, or the first: its descriptor, -ENOENT, or
 * -errno. */
static int open_next(const struct upload_manifest *manifest, uint64_t *first)
{
	int best = -ENOENT, fd = openat(manifest->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!listing) {
		best = -errno;
		if (fd >= 0)
			close(fd);
		return best;
	}
	while ((entry = readdir(listing))) {
		uint64_t seq;

		if (!is_segment(entry->d_name))
			continue;
		fd = openat(manifest->dir, entry->d_name,
			    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (fd >= 0 && first_seq(fd, &seq) && (manifest->fd < 0 || seq > manifest->first) &&
		    (best < 0 || seq < *first)) {
			if (best >= 0)
				close(best);
			best = fd;
			*first = seq;
		} else if (fd >= 0) {
			close(fd);
		}
	}
	closedir(listing);
	return best;
}

/* Reads on: the number of bytes, or -errno. */
static ssize_t fill(struct upload_manifest *manifest)
{
	ssize_t got;

	memmove(manifest->buffer, manifest->buffer + manifest->at, manifest->used - manifest->at);
	manifest->used -= manifest->at;
	manifest->at = 0;
	got = pread(manifest->fd, manifest->buffer + manifest->used,
		    sizeof(manifest->buffer) - manifest->used, manifest->offset);
	if (got < 0)
		return -errno;
	manifest->used += got;
	manifest->offset += got;
	return got;
}

/* At its end: 1 when there is more to read after all, 0 when not yet, or -errno. */
static int look_on(struct upload_manifest *manifest)
{
	struct stat status;
	uint64_t first = 0;
	int next;
	ssize_t got;

	if (manifest->fd >= 0) {
		if (fstat(manifest->fd, &status))
			return -errno;
		if (!status.st_nlink || (uint64_t)status.st_size < manifest->offset)
			return -ESTALE;
		/* A line without its end may be taken back by whoever recovers the vault. */
		manifest->offset -= manifest->used - manifest->at;
		manifest->at = manifest->used = 0;
	}
	next = open_next(manifest, &first);
	if (next < 0)
		return next == -ENOENT ? 0 : next;
	if (manifest->fd >= 0) {
		/* Written between our last look and its end. */
		got = fill(manifest);
		if (got && memchr(manifest->buffer, '\n', manifest->used)) {
			close(next);
			return 1;
		}
	}
	upload_manifest_rewind(manifest);
	manifest->fd = next;
	manifest->first = first;
	return 1;
}

int upload_manifest_next(struct upload_manifest *manifest, const char **line, size_t *length)
{
	for (;;) {
		const char *begin = manifest->buffer + manifest->at;
		size_t left = manifest->used - manifest->at;
		const char *end = memchr(begin, '\n', left);
		ssize_t got;

		if (end) {
			bool overlong = manifest->overlong || end - begin > UPLOAD_LINE_MAX;

			manifest->at += end - begin + 1;
			manifest->overlong = false;
			if (overlong)
				return -EMSGSIZE;
			*line = begin;
			*length = end - begin;
			return 1;
		}
		if (left > UPLOAD_LINE_MAX) {
			manifest->overlong = true;
			manifest->at = manifest->used;
		}
		got = manifest->fd < 0 ? 0 : fill(manifest);
		if (!got)
			got = look_on(manifest);
		if (got <= 0)
			return (int)got;
	}
}
