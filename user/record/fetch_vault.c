// SPDX-License-Identifier: BSD-2-Clause
/* Takes a snapshot from a vault's directory. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/remedy.h"
#include "record/fetch_match.h"
#include "record/upload_file.h"
#include "record/upload_manifest.h"

/* 0, -ENOENT: there is no manifest, or -errno. */
static int search(struct fetch_match *match, int dir)
{
	struct upload_manifest *manifest = malloc(sizeof(*manifest));
	struct upload_line line;
	const char *text;
	size_t length;
	bool any = false;
	int got;

	if (!manifest)
		return -ENOMEM;
	upload_manifest_init(manifest, dir);
	while ((got = upload_manifest_next(manifest, &text, &length)) == 1 || got == -EMSGSIZE) {
		any = true;
		if (got == 1 && !upload_line_parse(&line, text, length))
			fetch_match_take(match, &line);
	}
	upload_manifest_fini(manifest);
	free(manifest);
	return got ? got : any ? 0 : -ENOENT;
}

static int copy(int fd, FILE *to)
{
	char piece[65536];
	ssize_t got;

	while ((got = read(fd, piece, sizeof(piece))) > 0)
		if (fwrite(piece, 1, got, to) != (size_t)got)
			return errno ? -errno : -EIO;
	return got < 0 ? -errno : 0;
}

static int take(const struct fetch_match *match, int dir, FILE *to, char error[UPLOAD_ERROR_SIZE])
{
	const struct upload_line *line = &match->line;
	int err = 0, fd = upload_file_open(dir, line->file, line->bytes, line->sha256);

	if (fd < 0)
		err = fd;
	if (!err)
		err = copy(fd, to);
	/* It may have changed since it was opened. */
	if (!err)
		err = fetch_check(to, line->sha256);
	if (fd >= 0)
		close(fd);
	if (err == -ENOENT)
		snprintf(error, UPLOAD_ERROR_SIZE, "%s is no longer in the vault: %s", line->file,
			 match->removed ? "removed by its quota; it may be where the vault is "
					  "uploaded to (--from)"
					: "somebody removed it; see 'skua verify'");
	else if (err == -EBADMSG)
		snprintf(error, UPLOAD_ERROR_SIZE,
			 "%s is not what line %llu of the manifest says: see 'skua verify'",
			 line->file, (unsigned long long)line->seq);
	else if (err)
		snprintf(error, UPLOAD_ERROR_SIZE, "cannot copy %s: %s; %s", line->file,
			 strerror(-err), remedy_write(err));
	return err;
}

int fetch_from_vault(struct fetched *out, const char *directory, const char *what, FILE *to,
		     char error[UPLOAD_ERROR_SIZE])
{
	struct fetch_match match;
	int err = fetch_match_init(&match, what, error);
	int dir = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (err)
		goto out;
	if (dir < 0) {
		err = -errno;
		snprintf(error, UPLOAD_ERROR_SIZE, "cannot open %s: %s; %s", directory,
			 strerror(-err), remedy_read(err));
		goto out;
	}
	err = search(&match, dir);
	if (err)
		snprintf(error, UPLOAD_ERROR_SIZE, "cannot read the manifest of %s: %s", directory,
			 strerror(-err));
	else if (!match.found)
		err = -ENOENT;
	else if (match.several)
		err = -ENOTUNIQ;
	if (err == -ENOENT && !match.found)
		snprintf(error, UPLOAD_ERROR_SIZE, "%s has no snapshot of %.60s", directory, what);
	else if (err == -ENOTUNIQ)
		snprintf(error, UPLOAD_ERROR_SIZE, "%.60s is the beginning of several: give more",
			 what);
	if (err)
		goto out;
	err = take(&match, dir, to, error);
	if (err)
		goto out;
	*out = (struct fetched){ .bytes = match.line.bytes, .seq = match.line.seq };
	memcpy(out->file, match.line.file, sizeof(out->file));
	memcpy(out->sha256, match.line.sha256, sizeof(out->sha256));
out:
	if (dir >= 0)
		close(dir);
	return err;
}
