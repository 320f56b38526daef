// SPDX-License-Identifier: BSD-2-Clause
/* Tries again until an object is where it should be. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/sha256.h"
#include "record/upload_deliver.h"
#include "record/upload_file.h"

#define PAUSE_MIN_MS 1000
#define PAUSE_MAX_MS 300000

/* Half of it is chance, so that a hundred nodes do not come back at the same moment. */
uint64_t upload_pause_ms(unsigned failures, uint32_t retry_after_s)
{
	unsigned doubled = failures > 10 ? 10 : failures;
	uint64_t pause = (uint64_t)PAUSE_MIN_MS << doubled;

	if (pause > PAUSE_MAX_MS)
		pause = PAUSE_MAX_MS;
	pause = pause / 2 + randombytes_uniform((uint32_t)(pause / 2) + 1);
	if (pause < retry_after_s * 1000ull)
		pause = retry_after_s * 1000ull;
	return pause > PAUSE_MAX_MS ? PAUSE_MAX_MS : pause;
}

static int try_bytes(struct upload_delivery *delivery, const struct upload_object *object,
		     uint64_t *length, struct upload_answer *answer)
{
	struct upload_body body = { .fd = -1, .bytes = object->bytes, .length = object->length };
	unsigned char hash[SHA256_DIGEST_SIZE];

	sha256_of(hash, body.bytes, body.length);
	sodium_bin2hex(body.sha256, sizeof(body.sha256), hash, sizeof(hash));
	*length = body.length;
	return upload_http_put(delivery->http, object->name, &body, answer);
}

static int try_file(struct upload_delivery *delivery, const struct upload_object *object,
		    uint64_t *length, struct upload_answer *answer)
{
	struct upload_body body = { .fd = upload_file_open(delivery->dir, object->file,
							   object->length, object->sha256) };
	off_t end;
	int err;

	memset(answer, 0, sizeof(*answer));
	if (body.fd < 0) {
		snprintf(answer->reason, sizeof(answer->reason), "cannot read it: %s",
			 strerror(-body.fd));
		return body.fd;
	}
	end = lseek(body.fd, 0, SEEK_END);
	body.length = end < 0 ? 0 : end;
	snprintf(body.sha256, sizeof(body.sha256), "%s", object->sha256);
	err = upload_http_put(delivery->http, object->name, &body, answer);
	close(body.fd);
	if (!err)
		*length = body.length;
	return err;
}

/* WebDAV servers want folders to be made first, and say 409 if they were not, as RFC 4918 has it;
 * or 404; or 500 of an empty file (lighttpd). */
static bool make_folders(struct upload_delivery *delivery, const char *name)
{
	char folder[UPLOAD_PATH] = "";
	const char *slash = name;

	if (upload_http_make_folder(delivery->http, folder) == -ECANCELED)
		return false;
	while ((slash = strchr(slash, '/')) && (size_t)(++slash - name) < sizeof(folder)) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - name), name);
		if (upload_http_make_folder(delivery->http, folder) == -ECANCELED)
			return false;
	}
	return true;
}

/* Once for each reason, not for each try. */
static void say_trouble(struct upload_delivery *delivery, const struct upload_object *object,
			const char *reason)
{
	if (!strcmp(delivery->trouble, reason))
		return;
	snprintf(delivery->trouble, sizeof(delivery->trouble), "%s", reason);
	log_warning("cannot upload %s to %s: %s; trying again", object->name, delivery->to, reason);
}

static void say_over(struct upload_delivery *delivery)
{
	if (delivery->trouble[0])
		log_info("uploading to %s goes on", delivery->to);
	delivery->trouble[0] = '\0';
}

static int attempt(struct upload_delivery *delivery, const struct upload_object *object,
		   uint64_t *sent, struct upload_answer *answer)
{
	int err = (object->file ? try_file : try_bytes)(delivery, object, sent, answer);

	bool folders = answer->status == 409 || answer->status == 404 || answer->status == 500;

	if (err == -EIO && !delivery->s3 && folders && make_folders(delivery, object->name))
		err = (object->file ? try_file : try_bytes)(delivery, object, sent, answer);
	return err;
}

int upload_deliver(struct upload_delivery *delivery, const struct upload_object *object,
		   uint64_t *length)
{
	for (unsigned tries = 1;; tries++) {
		struct upload_answer answer;
		uint64_t sent = 0;
		int err = attempt(delivery, object, &sent, &answer);

		switch (err) {
		case 0:
			say_over(delivery);
			*length = sent;
			return 0;
		case -ENOENT:
		case -EBADMSG:
		case -EFBIG:
		case -ECANCELED:
			return err;
		}
		say_trouble(delivery, object, answer.reason);
		delivery->counts->retries++;
		if (tries == delivery->tries_max)
			return -ETIMEDOUT;
		if (upload_stopped(delivery->stops,
				   upload_pause_ms(tries - 1, answer.retry_after_s)))
			return -ECANCELED;
	}
}
