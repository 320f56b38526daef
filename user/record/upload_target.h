/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an upload goes, and by whose keys. */
#ifndef SKUA_RECORD_UPLOAD_TARGET_H
#define SKUA_RECORD_UPLOAD_TARGET_H

#include <stdbool.h>

#define UPLOAD_URL 1024
#define UPLOAD_ERROR_SIZE 512

struct upload_target {
	char said[UPLOAD_URL]; /* as the user named it, a slash at its end */
	char base[UPLOAD_URL]; /* as libcurl takes it: http or https, a slash at its end */
	bool s3;
	bool clear; /* not encrypted, and not to this machine */
};

/* Secrets: an account of S3, or of a web server. */
struct upload_keys {
	char s3_id[128], s3_secret[256], s3_token[4096], s3_region[64];
	char http_user[128], http_password[256], http_token[4096];
};

/* http://, https://, s3+http:// or s3+https://, host, and a path of plain characters.  0, or
 * -EINVAL and one line. */
int upload_target_parse(struct upload_target *out, const char *url, char error[UPLOAD_ERROR_SIZE]);

/*
 * From a file of NAME=VALUE lines that nobody else may read, or NULL: from the environment.  Names:
 * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION; HTTP_USER and
 * HTTP_PASSWORD, or HTTP_TOKEN.  0, or -errno and one line.
 */
int upload_keys_load(struct upload_keys *out, const char *file, const struct upload_target *target,
		     char error[UPLOAD_ERROR_SIZE]);

#endif /* SKUA_RECORD_UPLOAD_TARGET_H */
