/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends findings to a web server, in a process of its own (sender.h): a POST
 * of JSON lines (application/x-ndjson), all that wait, up to WEBHOOK_BATCH.
 * The same lines with the same Idempotency-Key come again until the server
 * says 2xx, so each arrives at least once; who gets one twice tells by
 * finding_id, state and last_seen.  408, 425, 429, 5xx and no answer are tried
 * again, after what Retry-After asks for or backoff.h; any other answer is
 * final.  With a secret,
 *	X-Skua-Timestamp: UNIX-SECONDS
 *	X-Skua-Signature: sha256=HEX(HMAC-SHA256(secret, UNIX-SECONDS "." BODY))
 * so that a receiver knows the sender, and can refuse what is old.
 */
#ifndef SKUA_SINKS_WEBHOOK_H
#define SKUA_SINKS_WEBHOOK_H

#include "sinks/sender.h"

#define WEBHOOK_BATCH 64
#define WEBHOOK_BATCH_BYTES 262144
#define WEBHOOK_ERROR_SIZE 256
#define WEBHOOK_SECRET 256 /* bytes of the longest */
#define WEBHOOK_SECRET_MIN 16
#define WEBHOOK_HEX 65 /* a SHA-256 in hexadecimal, and a zero */

struct webhook {
	const char *url;
	const char *cacert; /* NULL: the system's */
	unsigned timeout_s; /* of a request */
	size_t secret_length;
	unsigned char secret[WEBHOOK_SECRET]; /* 0 bytes: unsigned */
};

/* Is it a URL to which findings may go?  NULL, or what is wrong with it. */
const char *webhook_check_url(const char *url);
/* It is no secret to who listens on the way. */
bool webhook_is_clear(const char *url);
/* The first line of a file that only its owner may read.  0, or -errno and one line. */
int webhook_load_secret(struct webhook *webhook, const char *file, char error[WEBHOOK_ERROR_SIZE]);
/* The signature in hexadecimal. */
void webhook_sign(const struct webhook *webhook, const char *timestamp, const char *body,
		  size_t length, char to[WEBHOOK_HEX]);
/* What names these lines, whenever they are sent. */
void webhook_key(const char *body, size_t length, char to[WEBHOOK_HEX]);

/* Is this program built with libcurl? */
bool webhook_is_there(void);
/* A sender_run_fn: webhook is a struct webhook. */
void webhook_send(struct sender_end *end, void *webhook);

#endif /* SKUA_SINKS_WEBHOOK_H */
