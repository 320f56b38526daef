// SPDX-License-Identifier: BSD-2-Clause
/* Reads where an upload goes, and the keys for it. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/remedy.h"
#include "record/upload_target.h"

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"

static const struct scheme {
	const char *name, *http;
	bool s3, clear;
} schemes[] = {
	{ "http://", "http://", false, true },
	{ "https://", "https://", false, false },
	{ "s3+http://", "http://", true, true },
	{ "s3+https://", "https://", true, false },
};
#define SCHEMES (sizeof(schemes) / sizeof(schemes[0]))

static bool is_this_machine(const char *host)
{
	return !strncmp(host, "127.", 4) || !strncmp(host, "[::1]", 5) ||
	       !strncmp(host, "localhost:", 10) || !strncmp(host, "localhost/", 10);
}

static const char *what_is_wrong(const char *rest)
{
	size_t host = strspn(rest, PLAIN ":[]");

	if (strchr(rest, '@'))
		return "names an account; secrets go into --credentials, not into a URL";
	if (!host)
		return "names no host";
	if ((rest[host] && rest[host] != '/') || rest[host + strspn(rest + host, PLAIN "/")])
		return "has characters other than letters, digits and -._~/ in its path";
	if (strstr(rest, "/../") || strstr(rest, "/./"))
		return "has a path that goes up";
	return NULL;
}

int upload_target_parse(struct upload_target *out, const char *url, char error[UPLOAD_ERROR_SIZE])
{
	const struct scheme *scheme = schemes;
	const char *rest, *wrong, *slash;
	unsigned i = 0;

	while (i < SCHEMES && strncmp(url, schemes[i].name, strlen(schemes[i].name)))
		i++;
	scheme = &schemes[i];
	rest = i < SCHEMES ? url + strlen(scheme->name) : NULL;
	wrong = !rest ? "begins with none of http, https, s3+http, s3+https"
		: strlen(url) + 64 > UPLOAD_URL ? "is too long"
						: what_is_wrong(rest);
	if (!wrong && scheme->s3 && (!strchr(rest, '/') || !strchr(rest, '/')[1]))
		wrong = "names no bucket: s3+https://ENDPOINT/BUCKET/PREFIX";
	if (wrong) {
		snprintf(error, UPLOAD_ERROR_SIZE, "'%.100s' %s", url, wrong);
		return -EINVAL;
	}
	slash = url[strlen(url) - 1] == '/' ? "" : "/";
	memset(out, 0, sizeof(*out));
	snprintf(out->said, sizeof(out->said), "%s%s", url, slash);
	snprintf(out->base, sizeof(out->base), "%s%s%s", scheme->http, rest, slash);
	out->s3 = scheme->s3;
	out->clear = scheme->clear && !is_this_machine(out->base + strlen(scheme->http));
	return 0;
}

static const struct key {
	const char *name;
	size_t offset, size;
} keys[] = {
#define KEY(name, field)                                                                           \
	{                                                                                          \
		name, offsetof(struct upload_keys, field),                                         \
			sizeof(((struct upload_keys *)0)->field)                                   \
	}
	KEY("AWS_ACCESS_KEY_ID", s3_id),    KEY("AWS_SECRET_ACCESS_KEY", s3_secret),
	KEY("AWS_SESSION_TOKEN", s3_token), KEY("AWS_REGION", s3_region),
	KEY("HTTP_USER", http_user),        KEY("HTTP_PASSWORD", http_password),
	KEY("HTTP_TOKEN", http_token),
#undef KEY
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* Controls in it could end a header: such a value is none. */
static int set_key(struct upload_keys *out, const char *name, const char *value)
{
	for (unsigned i = 0; i < KEYS; i++) {
		if (strcmp(name, keys[i].name))
			continue;
		for (const char *at = value; *at; at++)
			if ((unsigned char)*at < 0x21 || *at == 0x7f)
				return -EINVAL;
		if (strlen(value) >= keys[i].size)
			return -EINVAL;
		strcpy((char *)out + keys[i].offset, value);
		return 0;
	}
	return -EINVAL;
}

static int read_file(struct upload_keys *out, const char *file, char error[UPLOAD_ERROR_SIZE])
{
	FILE *stream = fopen(file, "re");
	char line[5000];
	struct stat status;
	int err = 0;

	if (!stream || fstat(fileno(stream), &status)) {
		err = -errno;
		snprintf(error, UPLOAD_ERROR_SIZE, "cannot read %s: %s; %s", file, strerror(errno),
			 remedy_read(err));
	} else if (!S_ISREG(status.st_mode) || status.st_mode & 077) {
		err = -EPERM;
		snprintf(error, UPLOAD_ERROR_SIZE, "%s: others may read the keys: chmod 600", file);
	}
	for (unsigned n = 1; !err && fgets(line, sizeof(line), stream); n++) {
		char *value = strchr(line, '=');

		line[strcspn(line, "\r\n")] = '\0';
		if (!line[0] || line[0] == '#')
			continue;
		if (value)
			*value++ = '\0';
		err = value ? set_key(out, line, value) : -EINVAL;
		if (err)
			snprintf(error, UPLOAD_ERROR_SIZE,
				 "%s:%u: is no NAME=VALUE of a key that is known", file, n);
	}
	explicit_bzero(line, sizeof(line));
	if (stream)
		fclose(stream);
	return err;
}

int upload_keys_load(struct upload_keys *out, const char *file, const struct upload_target *target,
		     char error[UPLOAD_ERROR_SIZE])
{
	struct upload_keys read = {};
	int err = file ? read_file(&read, file, error) : 0;

	for (unsigned i = 0; !file && !err && i < KEYS; i++) {
		const char *value = getenv(keys[i].name);

		if (!value || !*value)
			continue;
		err = set_key(&read, keys[i].name, value);
		if (err)
			snprintf(error, UPLOAD_ERROR_SIZE, "the environment's %s is no key",
				 keys[i].name);
	}
	if (!err && target->s3 && (!read.s3_id[0] || !read.s3_secret[0])) {
		err = -EINVAL;
		snprintf(error, UPLOAD_ERROR_SIZE,
			 "no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, neither in the "
			 "environment nor in --credentials");
	}
	if (err)
		return err;
	if (!read.s3_region[0])
		strcpy(read.s3_region, "us-east-1");
	*out = read;
	return 0;
}
