// SPDX-License-Identifier: BSD-2-Clause
/* Carries a vault off the node, line by line of its manifest. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/remedy.h"
#include "record/upload_deliver.h"
#include "record/upload_file.h"
#include "record/upload_manifest.h"
#include "record/upload_state.h"

#define ONCE_TRIES 6  /* half a minute */
#define HEAD_LINES 16 /* so many at most before HEAD follows */

struct upload {
	struct upload_options options;
	struct upload_target target;
	struct upload_keys keys;
	int state_dir;
	char state_name[64];
	struct upload_state state; /* as it is on disk */
	struct upload_manifest manifest;
	struct upload_delivery delivery;
	struct upload_counts own, *counts;
	bool catching_up;     /* to the line of the state */
	unsigned head_behind; /* lines that HEAD there does not know of */
};

static int open_state(struct upload *upload, char error[UPLOAD_ERROR_SIZE])
{
	const char *path = upload->options.state;
	char copy[512], copy2[512];
	const char *folder = upload->options.directory, *name = UPLOAD_STATE_NAME;

	if (path && strlen(path) < sizeof(copy)) {
		folder = dirname(strcpy(copy, path));
		name = basename(strcpy(copy2, path));
	}
	upload->state_dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (upload->state_dir < 0) {
		int err = -errno;

		snprintf(error, UPLOAD_ERROR_SIZE, "cannot open %s: %s; %s", folder, strerror(-err),
			 remedy_read(err));
		return err;
	}
	if (strlen(name) >= sizeof(upload->state_name) || (path && strlen(path) >= sizeof(copy))) {
		snprintf(error, UPLOAD_ERROR_SIZE,
			 "--state: that path is too long: name a shorter one");
		return -ENAMETOOLONG;
	}
	strcpy(upload->state_name, name);
	return 0;
}

/* What is no state of this upload is said; then everything is put again. */
static void load_state(struct upload *upload)
{
	int err = upload_state_load(&upload->state, upload->state_dir, upload->state_name);
	const char *why = err == -ENOENT ? NULL : err ? "cannot be read" : NULL;

	if (!err && strcmp(upload->state.to, upload->target.said))
		why = "is about another URL";
	if (why)
		log_warning("the state file %s %s: uploading from the beginning",
			    upload->state_name, why);
	if (err || why)
		memset(&upload->state, 0, sizeof(upload->state));
	memcpy(upload->state.to, upload->target.said, sizeof(upload->state.to));
	upload->catching_up = upload->state.seq > 0;
	upload->head_behind = upload->state.seq > 0;
}

int upload_open(struct upload **out, const struct upload_options *options,
		char error[UPLOAD_ERROR_SIZE])
{
	struct upload *upload = calloc(1, sizeof(*upload));
	int err;

	snprintf(error, UPLOAD_ERROR_SIZE, "out of memory");
	if (!upload)
		return -ENOMEM;
	upload->options = *options;
	upload->state_dir = upload->delivery.dir = upload->manifest.fd = -1;
	upload->counts = &upload->own;
	err = upload_target_parse(&upload->target, options->to, error);
	if (!err)
		err = upload_keys_load(&upload->keys, options->credentials, &upload->target, error);
	if (!err && !upload_http_version()) {
		err = -EOPNOTSUPP;
		snprintf(error, UPLOAD_ERROR_SIZE,
			 "built without libcurl: install libcurl4-openssl-dev and build again");
	}
	if (!err) {
		upload->delivery.dir = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		err = upload->delivery.dir < 0 ? -errno : 0;
		snprintf(error, UPLOAD_ERROR_SIZE, "cannot open %s: %s; %s", options->directory,
			 strerror(-err), remedy_read(err));
	}
	if (!err)
		err = open_state(upload, error);
	if (err) {
		upload_close(upload);
		return err;
	}
	upload_manifest_init(&upload->manifest, upload->delivery.dir);
	*out = upload;
	return 0;
}

void upload_close(struct upload *upload)
{
	if (!upload)
		return;
	upload_http_close(upload->delivery.http);
	upload_manifest_fini(&upload->manifest);
	if (upload->delivery.dir >= 0)
		close(upload->delivery.dir);
	if (upload->state_dir >= 0)
		close(upload->state_dir);
	explicit_bzero(&upload->keys, sizeof(upload->keys));
	free(upload);
}

void upload_share_counts(struct upload *upload, struct upload_counts *counts)
{
	*counts = *upload->counts;
	upload->counts = upload->delivery.counts = counts;
}

const struct upload_counts *upload_get_counts(const struct upload *upload)
{
	return upload->counts;
}

void upload_get_descriptors(const struct upload *upload, int to[UPLOAD_DESCRIPTORS])
{
	to[0] = upload->delivery.dir;
	to[1] = upload->state_dir;
}

static int put_text(struct upload *upload, const char *name, const char *text, size_t length)
{
	const struct upload_object object = { .name = name, .bytes = text, .length = length };
	uint64_t sent;

	return upload_deliver(&upload->delivery, &object, &sent);
}

/* Also once at each start, when nothing is new: whoever looks there sees that we live. */
static int put_head(struct upload *upload)
{
	char head[128];
	int err;

	if (!upload->head_behind || !upload->state.seq)
		return 0;
	snprintf(head, sizeof(head), "{\"count\":%llu,\"hash\":\"%s\"}\n",
		 (unsigned long long)upload->state.seq, upload->state.hash);
	err = put_text(upload, "HEAD", head, strlen(head));
	if (!err)
		upload->head_behind = 0;
	return err;
}

/* The line, then what lets us forget it.  text: with its end. */
static int put_line(struct upload *upload, const struct upload_line *line, const char *text,
		    size_t length)
{
	char name[64];
	int err;

	snprintf(name, sizeof(name), "manifest/%010llu-%.16s.jsonl", (unsigned long long)line->seq,
		 line->hash);
	err = put_text(upload, name, text, length);
	if (err)
		return err;
	if (!upload->state.since)
		upload->state.since = line->seq;
	upload->counts->seq = upload->state.seq = line->seq;
	memcpy(upload->state.hash, line->hash, sizeof(upload->state.hash));
	upload->head_behind++;
	err = upload_state_save(&upload->state, upload->state_dir, upload->state_name);
	if (err) /* All the same it goes on: after a restart the same is put again. */
		log_warning("cannot write the state file %s: %s", upload->state_name,
			    strerror(-err));
	return upload->head_behind < HEAD_LINES ? 0 : put_head(upload);
}

/* What cannot be uploaded is counted and named.  0, or why to end. */
static int account(struct upload *upload, const char *path, uint64_t length, int err)
{
	struct upload_counts *counts = upload->counts;

	switch (err) {
	case 0:
		counts->files++;
		counts->bytes += length;
		return 0;
	case -ENOENT:
		counts->lost++;
		log_warning("%s was removed before it was uploaded", path);
		return 0;
	case -EBADMSG:
		counts->damaged++;
		log_error("%s is not what the manifest says: not uploaded; see 'skua verify'",
			  path);
		return 0;
	case -EFBIG:
		counts->refused++;
		log_error("%s is more than %s takes: not uploaded", path, upload->target.said);
		return 0;
	}
	return err;
}

/* Whoever sees the JSON there finds the packets. */
static int put_snapshot(struct upload *upload, const struct upload_line *line)
{
	const struct upload_object packets = { .name = line->file,
					       .file = line->file,
					       .length = line->bytes,
					       .sha256 = line->sha256 };
	const struct upload_object json = { .name = line->json,
					    .file = line->json,
					    .length = UPLOAD_ANY_LENGTH,
					    .sha256 = line->json_sha256 };
	uint64_t length = 0;
	int err = upload_deliver(&upload->delivery, &packets, &length);

	if (err)
		return account(upload, line->file, 0, err);
	account(upload, line->file, length, 0);
	if (!line->json[0])
		return 0;
	err = upload_deliver(&upload->delivery, &json, &length);
	return account(upload, line->json, length, err);
}

/* Reads the manifest from its beginning, up to the line that the state is about. */
static void start_over(struct upload *upload)
{
	upload->catching_up = upload->state.seq > 0;
	upload_manifest_rewind(&upload->manifest);
}

static void begin_anew(struct upload *upload, const char *why)
{
	log_error("the manifest of %s %s line %llu, which was uploaded: it was cut or replaced; "
		  "what there is now is uploaded beside it; see 'skua verify'",
		  upload->options.directory, why, (unsigned long long)upload->state.seq);
	upload->state.seq = upload->state.since = 0;
	start_over(upload);
}

/* Is the line one that was uploaded before the restart? */
static bool was_there(struct upload *upload, const struct upload_line *line)
{
	if (!upload->catching_up || line->seq < upload->state.seq)
		return upload->catching_up;
	if (line->seq == upload->state.seq && !strcmp(line->hash, upload->state.hash)) {
		upload->catching_up = false;
		return true;
	}
	if (line->seq == upload->state.seq + 1 && !strcmp(line->prev, upload->state.hash)) {
		upload->catching_up = false;
		return false;
	}
	/* The vault lets go of old segments, and lists anew what is left of their files. */
	if (line->seq > upload->state.seq + 1) {
		log_warning("lines %llu to %llu of the manifest of %s went before they were "
			    "uploaded",
			    (unsigned long long)upload->state.seq + 1,
			    (unsigned long long)line->seq - 1, upload->options.directory);
		upload->counts->lost_lines += line->seq - upload->state.seq - 1;
		upload->state.since = line->seq;
		upload->catching_up = false;
		return false;
	}
	begin_anew(upload, "has another");
	return true;
}

static void refuse_line(struct upload *upload, int err)
{
	if (upload->catching_up)
		return; /* it was said when it came */
	upload->counts->refused++;
	log_error("the manifest of %s has a line after line %llu that %s: passed over; see 'skua "
		  "verify'",
		  upload->options.directory, (unsigned long long)upload->state.seq,
		  err == -EINVAL     ? "names a file which is no snapshot"
		  : err == -EMSGSIZE ? "is too long"
		  : err == -EEXIST   ? "repeats a number"
				     : "is not what its hash says");
}

static int take_line(struct upload *upload, const char *text, size_t length)
{
	struct upload_line line;
	int err = upload_line_parse(&line, text, length);

	if (!err && was_there(upload, &line))
		return 0;
	if (!err && line.seq <= upload->state.seq)
		err = -EEXIST;
	if (err) {
		refuse_line(upload, err);
		return 0;
	}
	if (line.published && !(line.again && upload->state.since == 1))
		err = put_snapshot(upload, &line);
	return err ? err : put_line(upload, &line, text, length + 1);
}

/* At the end of what there is. */
static int rest(struct upload *upload, bool *seen)
{
	int err;

	if (upload->catching_up && (*seen || upload->options.once)) {
		begin_anew(upload, "no longer has");
		return 0;
	}
	err = put_head(upload);
	if (err || upload->options.once)
		return err ? err : 1;
	*seen = false;
	return upload_stopped(upload->delivery.stops, upload->options.interval_s * 1000) ? 1 : 0;
}

static int follow(struct upload *upload)
{
	bool seen = false; /* any line since the manifest was begun */
	int err = 0;

	while (!err) {
		const char *line;
		size_t length;
		int got = upload_manifest_next(&upload->manifest, &line, &length);

		if (got == 1) {
			seen = true;
			err = take_line(upload, line, length);
		} else if (got == -EMSGSIZE) {
			refuse_line(upload, got);
		} else if (got == -ESTALE) {
			start_over(upload);
		} else if (!got) {
			err = rest(upload, &seen);
		} else {
			log_error("cannot read the manifest of %s: %s", upload->options.directory,
				  strerror(-got));
			err = got;
		}
	}
	return err == 1 || err == -ECANCELED ? 0 : err;
}

int upload_run(struct upload *upload, const int stops[UPLOAD_STOPS])
{
	struct upload_http_options http = { .target = &upload->target,
					    .keys = &upload->keys,
					    .cacert = upload->options.cacert };
	struct upload_delivery *delivery = &upload->delivery;
	int err;

	memcpy(http.stops, stops, sizeof(http.stops));
	err = upload_http_open(&delivery->http, &http);
	if (err) {
		log_error("cannot start libcurl: %s", strerror(-err));
		return err;
	}
	delivery->stops = stops;
	delivery->counts = upload->counts;
	delivery->to = upload->target.said;
	delivery->s3 = upload->target.s3;
	delivery->tries_max = upload->options.once ? ONCE_TRIES : 0;
	if (upload->target.clear)
		log_warning("%s is not encrypted: whoever is on the way reads the packets",
			    upload->target.said);
	load_state(upload);
	upload->counts->seq = upload->state.seq;
	return follow(upload);
}
