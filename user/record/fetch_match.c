// SPDX-License-Identifier: BSD-2-Clause
/* Compares what somebody wants with what a manifest names. */
#include <errno.h>
#include <string.h>
#include "record/fetch_match.h"
#include "record/upload_file.h"

#define WHOLE_ID 32

int fetch_check_name(const char *what, char error[UPLOAD_ERROR_SIZE])
{
	size_t length = strlen(what);

	if (upload_path_is_snapshot(what) || (length >= FETCH_ID_MIN && length < UPLOAD_PATH &&
					      strspn(what, "0123456789abcdef-") == length))
		return 0;
	snprintf(error, UPLOAD_ERROR_SIZE,
		 "'%.60s' is no ID of a finding: 'skua findings' lists them", what);
	return -EINVAL;
}

int fetch_match_init(struct fetch_match *match, const char *what, char error[UPLOAD_ERROR_SIZE])
{
	memset(match, 0, sizeof(*match));
	match->what = what;
	return fetch_check_name(what, error);
}

static bool is_meant(const struct fetch_match *match, const char *file)
{
	char id[UPLOAD_PATH];
	size_t length = strlen(match->what);

	if (strchr(match->what, '/'))
		return !strcmp(match->what, file);
	upload_path_id(file, id);
	return length < WHOLE_ID ? !strncmp(id, match->what, length) : !strcmp(id, match->what);
}

void fetch_match_take(struct fetch_match *match, const struct upload_line *line)
{
	if (!line->file[0] || !is_meant(match, line->file))
		return;
	if (!line->published) {
		match->removed = true;
		return;
	}
	if (match->found && strcmp(match->line.file, line->file))
		match->several = true;
	match->found = true;
	match->line = *line;
}

bool fetch_match_sure(const struct fetch_match *match)
{
	return match->found && (strlen(match->what) >= WHOLE_ID || strchr(match->what, '/'));
}

int fetch_check(FILE *to, const char *sha256)
{
	char hash[UPLOAD_HASH];
	int err;

	if (fflush(to))
		return -errno;
	err = upload_file_hash(fileno(to), hash);
	if (err)
		return err;
	return strcmp(hash, sha256) ? -EBADMSG : 0;
}
