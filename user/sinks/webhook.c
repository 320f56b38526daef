// SPDX-License-Identifier: BSD-2-Clause
/* Where a webhook is, and how its messages are signed. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "base/remedy.h"
#include "base/sha256.h"
#include "sinks/webhook.h"

#define URL_MAX 1024

static const char *after(const char *url, const char *scheme)
{
	return strncmp(url, scheme, strlen(scheme)) ? NULL : url + strlen(scheme);
}

const char *webhook_check_url(const char *url)
{
	const char *rest = after(url, "https://");

	if (!rest)
		rest = after(url, "http://");
	if (!rest)
		return "begins with neither https:// nor http://";
	if (strlen(url) > URL_MAX)
		return "is too long";
	if (!rest[0] || strchr("/:?#", rest[0]))
		return "names no host";
	if (memchr(rest, '@', strcspn(rest, "/?#")))
		return "names an account: it would be seen by all who see the command line";
	for (const char *at = rest; *at; at++)
		if (*at < 33 || *at > 126)
			return "has characters that have to be written as %NN";
	return NULL;
}

bool webhook_is_clear(const char *url)
{
	const char *rest = after(url, "http://");

	return rest && !after(rest, "127.") && !after(rest, "[::1]") &&
	       !after(rest, "localhost:") && !after(rest, "localhost/");
}

static int read_secret(struct webhook *webhook, FILE *stream)
{
	char line[WEBHOOK_SECRET + 2];
	size_t length = 0;
	int err = 0;

	if (fgets(line, sizeof(line), stream))
		length = strcspn(line, "\r\n");
	if (length < WEBHOOK_SECRET_MIN || length > WEBHOOK_SECRET) {
		err = -EINVAL;
	} else {
		memcpy(webhook->secret, line, length);
		webhook->secret_length = length;
	}
	explicit_bzero(line, sizeof(line));
	return err;
}

int webhook_load_secret(struct webhook *webhook, const char *file, char error[WEBHOOK_ERROR_SIZE])
{
	FILE *stream = fopen(file, "re");
	struct stat status;
	int err = 0;

	if (!stream || fstat(fileno(stream), &status)) {
		err = -errno;
		snprintf(error, WEBHOOK_ERROR_SIZE, "cannot read %s: %s; %s", file, strerror(errno),
			 remedy_read(err));
	} else if (!S_ISREG(status.st_mode) || status.st_mode & 077) {
		err = -EPERM;
		snprintf(error, WEBHOOK_ERROR_SIZE, "%s: others may read the secret: chmod 600",
			 file);
	} else {
		setvbuf(stream, NULL, _IONBF, 0); /* no copy that is not wiped */
		err = read_secret(webhook, stream);
		if (err)
			snprintf(error, WEBHOOK_ERROR_SIZE,
				 "%s: a secret is one line of %d to %d bytes", file,
				 WEBHOOK_SECRET_MIN, WEBHOOK_SECRET);
	}
	if (stream)
		fclose(stream);
	return err;
}

void webhook_sign(const struct webhook *webhook, const char *timestamp, const char *body,
		  size_t length, char to[WEBHOOK_HEX])
{
	unsigned char hash[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, webhook->secret, webhook->secret_length);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)timestamp, strlen(timestamp));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, length);
	crypto_auth_hmacsha256_final(&state, hash);
	sodium_bin2hex(to, WEBHOOK_HEX, hash, sizeof(hash));
}

void webhook_key(const char *body, size_t length, char to[WEBHOOK_HEX])
{
	unsigned char hash[SHA256_DIGEST_SIZE];

	sha256_of(hash, body, length);
	sodium_bin2hex(to, WEBHOOK_HEX, hash, sizeof(hash));
}
