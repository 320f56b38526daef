// SPDX-License-Identifier: BSD-2-Clause
/* Keeps how far an uploader has come. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "record/upload_state.h"

#define LINE (UPLOAD_URL + 128)

int upload_state_load(struct upload_state *out, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct upload_state state;
	char line[LINE];
	ssize_t got;

	if (fd < 0)
		return -errno;
	got = read(fd, line, sizeof(line));
	if (got < 0)
		got = -errno;
	close(fd);
	if (got < 0)
		return (int)got;
	if (!upload_number(line, got, "seq", &state.seq) ||
	    !upload_number(line, got, "since", &state.since) ||
	    !upload_text(line, got, "hash", state.hash, sizeof(state.hash)) ||
	    !upload_is_hash(state.hash) ||
	    !upload_text(line, got, "to", state.to, sizeof(state.to)))
		return -EBADMSG;
	*out = state;
	return 0;
}

static int write_all(int fd, const char *text, int length)
{
	ssize_t written = write(fd, text, length);

	if (written != length)
		return written < 0 ? -errno : -ENOSPC;
	return fsync(fd) ? -errno : 0;
}

int upload_state_save(const struct upload_state *state, int dir, const char *name)
{
	char line[LINE], part[256];
	int length = snprintf(line, sizeof(line),
			      "{\"seq\":%llu,\"since\":%llu,\"hash\":\"%s\",\"to\":\"%s\"}\n",
			      (unsigned long long)state->seq, (unsigned long long)state->since,
			      state->hash, state->to);
	int err, fd;

	if (snprintf(part, sizeof(part), "%s.new", name) >= (int)sizeof(part))
		return -ENAMETOOLONG;
	fd = openat(dir, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return -errno;
	err = write_all(fd, line, length);
	close(fd);
	if (!err && renameat(dir, part, dir, name))
		err = -errno;
	if (err) {
		unlinkat(dir, part, 0);
		return err;
	}
	return fsync(dir) ? -errno : 0;
}
