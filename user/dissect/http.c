// SPDX-License-Identifier: BSD-2-Clause
/* The head of an HTTP/1 request. */
#include <string.h>
#include "dissect/http.h"
#include "dissect/name.h"
#include "dissect/text_line.h"

/* With the space, so that no beginning of a word passes for one of them. */
static const char *const methods[] = {
	"GET ",     "POST ",   "CONNECT ",     "HEAD ",     "PUT ",         "DELETE ",
	"OPTIONS ", "PATCH ",  "TRACE ",       "PROPFIND ", "PROPPATCH ",   "MKCOL ",
	"COPY ",    "MOVE ",   "LOCK ",        "UNLOCK ",   "SEARCH ",      "REPORT ",
	"PURGE ",   "NOTIFY ", "SUBSCRIBE ",   "MERGE ",    "UNSUBSCRIBE ", "MKACTIVITY ",
	"LINK ",    "UNLINK ", "RPC_IN_DATA ", "CHECKOUT ", "BITS_POST ",   "RPC_OUT_DATA ",
};

/* The bytes begin with a method, or with a beginning of one. */
static bool method_possible(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		size_t size;

		if (length && bytes[0] != methods[i][0])
			continue;
		size = strlen(methods[i]);
		if (!memcmp(bytes, methods[i], length < size ? length : size))
			return true;
	}
	return false;
}

/* "METHOD target HTTP/1.x" -> target */
static bool read_request(struct cursor line, struct cursor *target)
{
	static const char version[] = " HTTP/1.";
	const size_t tail = sizeof(version); /* and one digit */
	const uint8_t *space = memchr(line.at, ' ', line.left);
	const uint8_t *end;

	if (!space || line.left < tail)
		return false;
	end = line.at + line.left - tail;
	if (end <= space + 1 || memcmp(end, version, tail - 1) || end[tail - 1] < '0' ||
	    end[tail - 1] > '9')
		return false;
	*target = (struct cursor){ space + 1, end - space - 1 };
	return !memchr(target->at, ' ', target->left);
}

/* "http://user@host:80/path" -> "user@host:80" (RFC 9112, 3.2.2); false: another form. */
static bool read_absolute(struct cursor target, struct cursor *authority)
{
	static const char *const schemes[] = { "http://", "https://" };

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t size = strlen(schemes[i]);
		size_t length = 0;

		if (!text_line_begins(target, schemes[i]))
			continue;
		cursor_take(&target, size, authority);
		while (length < target.left && !memchr("/?#", target.at[length], 3))
			length++;
		return cursor_take(&target, length, authority);
	}
	return false;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool read_host(struct cursor line, struct cursor *value)
{
	static const char field[] = "host:";
	const size_t size = sizeof(field) - 1;

	if (!text_line_begins(line, field))
		return false;
	*value = (struct cursor){ line.at + size, line.left - size };
	while (value->left && is_blank(value->at[0]))
		cursor_take(value, 1, &line);
	while (value->left && is_blank(value->at[value->left - 1]))
		value->left--;
	return true;
}

static void set_name(struct http_head *out, const struct cursor *host)
{
	out->refused = !name_set_host(out->name, host->at, host->left) && host->left;
}

/* What follows the request line; a folded line begins with a blank and so is no Host. */
static enum dissect_verdict read_fields(struct cursor *from, struct http_head *out)
{
	struct cursor line, host;

	while (text_line_take(from, &line)) {
		if (!line.left)
			return DISSECT_DONE;
		if (out->connect || !read_host(line, &host))
			continue;
		set_name(out, &host);
		return DISSECT_DONE;
	}
	return DISSECT_NEED_MORE;
}

enum dissect_verdict http_head_parse(const uint8_t *bytes, size_t length, struct http_head *out)
{
	struct cursor from = { bytes, length }, line, target, authority;
	enum dissect_verdict verdict;

	memset(out, 0, sizeof(*out));
	if (!method_possible(bytes, length))
		return DISSECT_NOT;
	if (!text_line_take(&from, &line))
		return DISSECT_NEED_MORE;
	if (!read_request(line, &target))
		return DISSECT_NOT;
	out->connect = !strncmp((const char *)line.at, "CONNECT ", 8);
	if (out->connect) {
		set_name(out, &target);
	} else if (read_absolute(target, &authority)) {
		set_name(out, &authority);
		return DISSECT_DONE;
	}
	verdict = read_fields(&from, out);
	if (verdict == DISSECT_DONE && out->connect)
		out->length = length - from.left;
	return verdict;
}
