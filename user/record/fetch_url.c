// SPDX-License-Identifier: BSD-2-Clause
/*
 * Takes a snapshot from where a vault was uploaded to: HEAD names the last lines of the manifest,
 * and each part of it the one before.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "record/fetch_match.h"

#define TEXT_MAX (1 << 20)

/* An object small enough for memory: *text is the caller's to free. */
static int get_text(struct upload_http *http, const char *name, char **text, size_t *length,
		    struct upload_answer *answer)
{
	char *memory = NULL;
	FILE *stream = open_memstream(&memory, length);
	int err;

	if (!stream)
		return -ENOMEM;
	err = upload_http_get(http, name, stream, TEXT_MAX, answer);
	if (fclose(stream) && !err)
		err = -ENOMEM;
	if (err)
		free(memory);
	else
		*text = memory;
	return err;
}

static int say(char error[UPLOAD_ERROR_SIZE], int err, const char *name, const char *url,
	       const struct upload_answer *answer)
{
	snprintf(error, UPLOAD_ERROR_SIZE, "cannot get %s from %.100s: %s", name, url,
		 answer->reason[0] ? answer->reason : strerror(-err));
	return err;
}

/*
 * Lines that end with the one whose number and hash are known, so that nothing
 * in between can be another's; then they are of the one before the first.
 */
static int take_lines(struct fetch_match *match, const char *text, size_t length, uint64_t *seq,
		      char hash[UPLOAD_HASH])
{
	struct upload_line line, first = {}, last = {};
	const char *end = text + length, *stop;

	for (; text < end && (stop = memchr(text, '\n', end - text)); text = stop + 1) {
		/* Numbers that do not grow could lead us in circles. */
		if (upload_line_parse(&line, text, stop - text) || line.seq <= last.seq)
			return -EBADMSG;
		fetch_match_take(match, &line);
		if (!first.seq)
			first = line;
		last = line;
	}
	if (!first.seq || last.seq != *seq || strncmp(last.hash, hash, strlen(hash)))
		return -EBADMSG;
	*seq = first.seq - 1;
	memcpy(hash, first.prev, UPLOAD_HASH);
	return 0;
}

/* Backwards through the manifest. */
static int search(struct fetch_match *match, struct upload_http *http, const char *url,
		  char error[UPLOAD_ERROR_SIZE])
{
	struct upload_answer answer;
	char hash[UPLOAD_HASH] = "", name[64] = "HEAD", *text;
	uint64_t seq = 0;
	size_t length;
	int err = get_text(http, name, &text, &length, &answer);

	if (err)
		return say(error, err, name, url, &answer);
	if (!upload_number(text, length, "count", &seq) ||
	    !upload_text(text, length, "hash", hash, sizeof(hash)) || !upload_is_hash(hash))
		err = -EBADMSG;
	free(text);
	while (!err && seq && !fetch_match_sure(match)) {
		snprintf(name, sizeof(name), "manifest/%010llu-%.16s.jsonl",
			 (unsigned long long)seq, hash);
		err = get_text(http, name, &text, &length, &answer);
		if (err == -ENOENT)
			break;
		if (err)
			return say(error, err, name, url, &answer);
		err = take_lines(match, text, length, &seq, hash);
		free(text);
	}
	if (err == -EBADMSG)
		snprintf(error, UPLOAD_ERROR_SIZE,
			 "%s at %.100s is not what it should be: somebody changed it", name, url);
	else if (!match->found) {
		snprintf(error, UPLOAD_ERROR_SIZE, "%.100s has no snapshot of %.60s%s", url,
			 match->what,
			 err ? ", as far back as its manifest goes; name YYYY/MM/DD/ID.pcapng"
			     : "");
		err = -ENOENT;
	} else if (match->several) {
		snprintf(error, UPLOAD_ERROR_SIZE, "%.60s is the beginning of several: give more",
			 match->what);
		err = -ENOTUNIQ;
	} else {
		err = 0;
	}
	return err;
}

/* By its path: the JSON beside it says what it is. */
static int ask_json(struct fetch_match *match, struct upload_http *http, const char *url,
		    char error[UPLOAD_ERROR_SIZE])
{
	struct upload_line *line = &match->line;
	struct upload_answer answer;
	const char *snapshot;
	char *text;
	size_t length;
	int err;

	snprintf(line->file, sizeof(line->file), "%s", match->what);
	upload_path_json(line->file, line->json);
	err = get_text(http, line->json, &text, &length, &answer);
	if (err)
		return say(error, err, line->json, url, &answer);
	snapshot = memmem(text, length, ",\"snapshot\":{", 13);
	if (!snapshot)
		snapshot = text;
	length -= snapshot - text;
	if (!upload_number(snapshot, length, "bytes", &line->bytes) ||
	    !upload_text(snapshot, length, "sha256", line->sha256, UPLOAD_HASH) ||
	    !upload_is_hash(line->sha256)) {
		snprintf(error, UPLOAD_ERROR_SIZE,
			 "%s at %.100s names no sha256: give the ID alone, for the manifest",
			 line->json, url);
		err = -EBADMSG;
	}
	free(text);
	return err;
}

int fetch_from_url(struct fetched *out, struct upload_http *http, const char *url, const char *what,
		   FILE *to, char error[UPLOAD_ERROR_SIZE])
{
	struct upload_answer answer;
	struct fetch_match match;
	const struct upload_line *line = &match.line;
	int err = fetch_match_init(&match, what, error);

	if (err)
		return err;
	err = (strchr(what, '/') ? ask_json : search)(&match, http, url, error);
	if (err)
		return err;
	err = upload_http_get(http, line->file, to, line->bytes, &answer);
	if (err && err != -EFBIG)
		return say(error, err, line->file, url, &answer);
	err = err ? -EBADMSG : fetch_check(to, line->sha256);
	if (err) {
		snprintf(error, UPLOAD_ERROR_SIZE, "%s at %.100s: %s", line->file, url,
			 err == -EBADMSG ? "its sha256 is not the one that was written down: "
					   "somebody changed it"
					 : strerror(-err));
		return err;
	}
	*out = (struct fetched){ .bytes = line->bytes, .seq = line->seq };
	memcpy(out->file, line->file, sizeof(out->file));
	memcpy(out->sha256, line->sha256, sizeof(out->sha256));
	return 0;
}
