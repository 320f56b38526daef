// SPDX-License-Identifier: BSD-2-Clause
/* Names and secrets in HTTP. */
#include <string.h>
#include <strings.h>
#include "dissect/http_credential.h"
#include "dissect/text_line.h"

#define NAME_MAX_BYTES 64 /* of a field of a form */

/* What is before the mark, or all; *from behind it. */
static struct cursor before(struct cursor *from, char mark)
{
	const uint8_t *end = from->left ? memchr(from->at, mark, from->left) : NULL;
	struct cursor part = { from->at, end ? (size_t)(end - from->at) : from->left }, rest;

	cursor_take(from, part.left + !!end, &rest);
	return part;
}

static bool read_basic(struct cursor text, struct http_credential_room *room,
		       struct credential *out)
{
	struct cursor from;

	if (!credential_decode(text, &room->user))
		return false;
	from = credential_kept(&room->user);
	*out = (struct credential){ .protocol = "HTTP", .method = "Basic" };
	out->user = before(&from, ':');
	out->secret = from;
	return true;
}

static bool read_digest(struct cursor text, struct credential *out)
{
	const char name[] = "username=\"";
	const uint8_t *at = memmem(text.at, text.left, name, sizeof(name) - 1);
	struct cursor from;

	if (!at)
		return false;
	from = (struct cursor){ at + sizeof(name) - 1, text.at + text.left - at };
	from.left -= sizeof(name) - 1;
	*out = (struct credential){ .protocol = "HTTP", .method = "Digest" };
	out->user = before(&from, '"');
	return true;
}

bool http_credential_read(struct cursor value, struct http_credential_room *room,
			  struct credential *out)
{
	struct cursor word;

	if (text_line_begins(value, "Digest "))
		return read_digest(value, out);
	if (!text_line_begins(value, "Basic "))
		return false;
	cursor_take(&value, 6, &word);
	while (value.left && value.at[0] == ' ')
		cursor_take(&value, 1, &word);
	return read_basic(value, room, out);
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void decode(struct cursor from, struct credential_text *to)
{
	to->length = 0;
	for (size_t i = 0; i < from.left && to->length < CREDENTIAL_MAX; i++) {
		uint8_t c = from.at[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%' && from.left - i > 2 && digit(from.at[i + 1]) >= 0 &&
			   digit(from.at[i + 2]) >= 0) {
			c = digit(from.at[i + 1]) << 4 | digit(from.at[i + 2]);
			i += 2;
		}
		to->bytes[to->length++] = c;
	}
}

static bool has_word(struct cursor name, const char *const *words)
{
	char text[NAME_MAX_BYTES + 1] = "";

	memcpy(text, name.at, name.left < NAME_MAX_BYTES ? name.left : NAME_MAX_BYTES);
	for (; *words; words++)
		if (strcasestr(text, *words))
			return true;
	return false;
}

bool http_form_read(struct cursor body, struct http_credential_room *room, struct credential *out)
{
	static const char *const secrets[] = { "pass", "pwd", NULL };
	static const char *const users[] = { "user",  "login",   "email", "mail",
					     "uname", "account", "usr",   NULL };

	*out = (struct credential){ .protocol = "HTTP", .method = "form" };
	while (body.left) {
		struct cursor value = before(&body, '&'), name = before(&value, '=');

		if (!name.left)
			continue;
		if (!out->secret.at && has_word(name, secrets)) {
			decode(value, &room->secret);
			out->secret = credential_kept(&room->secret);
		} else if (!out->user.at && has_word(name, users)) {
			decode(value, &room->user);
			out->user = credential_kept(&room->user);
		}
	}
	return out->secret.at != NULL;
}
