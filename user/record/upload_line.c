// SPDX-License-Identifier: BSD-2-Clause
/* Reads lines of a vault's manifest, and refuses what is not one. */
#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "base/sha256.h"
#include "record/upload_line.h"

#define SUFFIX ".pcapng"
#define DAY_DIGITS "dddd/dd/dd/"

/* Behind the colon of a member, or NULL. */
static const char *find(const char *json, size_t length, const char *name)
{
	char member[32];
	int n = snprintf(member, sizeof(member), "\"%s\":", name);
	const char *at = json, *end = json + length;

	if (n < 0 || (size_t)n >= sizeof(member))
		return NULL;
	while ((at = memmem(at, end - at, member, n))) {
		if (at > json && (at[-1] == '{' || at[-1] == ','))
			return at + n;
		at++;
	}
	return NULL;
}

bool upload_text(const char *json, size_t length, const char *name, char *to, size_t size)
{
	const char *at = find(json, length, name), *end = json + length, *quote;

	if (!at || at == end || *at++ != '"')
		return false;
	quote = memchr(at, '"', end - at);
	if (!quote || (size_t)(quote - at) >= size || memchr(at, '\\', quote - at))
		return false;
	memcpy(to, at, quote - at);
	to[quote - at] = '\0';
	return true;
}

bool upload_number(const char *json, size_t length, const char *name, uint64_t *to)
{
	const char *at = find(json, length, name), *end = json + length;
	uint64_t number = 0;
	const char *begin = at;

	for (; at && at < end && isdigit((unsigned char)*at); at++)
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, *at - '0', &number))
			return false;
	if (!at || at == begin || at == end || !strchr(",}]", *at))
		return false;
	*to = number;
	return true;
}

bool upload_is_hash(const char *text)
{
	return strlen(text) == UPLOAD_HASH - 1 &&
	       strspn(text, "0123456789abcdef") == UPLOAD_HASH - 1;
}

bool upload_path_is_snapshot(const char *path)
{
	size_t day = sizeof(DAY_DIGITS) - 1, length = strlen(path), id;

	if (length >= UPLOAD_PATH)
		return false;
	for (size_t i = 0; i < day; i++)
		if (DAY_DIGITS[i] == 'd' ? !isdigit((unsigned char)path[i]) : path[i] != '/')
			return false;
	id = strspn(path + day, "0123456789abcdef-");
	return id && !strcmp(path + day + id, SUFFIX);
}

void upload_path_json(const char *path, char to[UPLOAD_PATH])
{
	snprintf(to, UPLOAD_PATH, "%.*s.json", (int)(strlen(path) - strlen(SUFFIX)), path);
}

const char *upload_path_id(const char *path, char to[UPLOAD_PATH])
{
	const char *id = path + sizeof(DAY_DIGITS) - 1;

	snprintf(to, UPLOAD_PATH, "%.*s", (int)(strlen(id) - strlen(SUFFIX)), id);
	return to;
}

/* What the line says its hash is made of: all up to the comma before it. */
static bool hash_holds(const char *line, size_t length, const char *said)
{
	static const char name[] = ",\"hash\":\"";
	/* The hash, a quote and a brace end the line. */
	size_t tail = sizeof(name) - 1 + UPLOAD_HASH - 1 + 2;
	unsigned char hash[SHA256_DIGEST_SIZE];
	char text[UPLOAD_HASH];

	if (length < tail || memcmp(line + length - tail, name, sizeof(name) - 1) ||
	    memcmp(line + length - 2, "\"}", 2))
		return false;
	sha256_of(hash, line, length - tail + 1);
	sodium_bin2hex(text, sizeof(text), hash, sizeof(hash));
	return !strcmp(text, said);
}

static bool parse_publish(struct upload_line *to, const char *line, size_t length)
{
	if (!upload_number(line, length, "bytes", &to->bytes) ||
	    !upload_text(line, length, "sha256", to->sha256, UPLOAD_HASH) ||
	    !upload_is_hash(to->sha256))
		return false;
	if (!find(line, length, "json_sha256"))
		return true;
	upload_path_json(to->file, to->json);
	return upload_text(line, length, "json_sha256", to->json_sha256, UPLOAD_HASH) &&
	       upload_is_hash(to->json_sha256);
}

int upload_line_parse(struct upload_line *out, const char *line, size_t length)
{
	struct upload_line parsed = {};
	char action[16];

	if (length > UPLOAD_LINE_MAX || !upload_number(line, length, "seq", &parsed.seq) ||
	    !upload_text(line, length, "action", action, sizeof(action)) ||
	    !upload_text(line, length, "prev", parsed.prev, UPLOAD_HASH) ||
	    !upload_is_hash(parsed.prev) ||
	    !upload_text(line, length, "hash", parsed.hash, UPLOAD_HASH) ||
	    !hash_holds(line, length, parsed.hash))
		return -EBADMSG;
	parsed.again = !strcmp(action, "keep");
	parsed.published = parsed.again || !strcmp(action, "publish");
	if (!upload_text(line, length, "file", parsed.file, UPLOAD_PATH) ||
	    !upload_path_is_snapshot(parsed.file)) {
		if (parsed.published)
			return -EINVAL;
		parsed.file[0] = '\0';
	}
	if (parsed.published && !parse_publish(&parsed, line, length))
		return -EBADMSG;
	*out = parsed;
	return 0;
}
