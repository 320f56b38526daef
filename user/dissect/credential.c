// SPDX-License-Identifier: BSD-2-Clause
/* How names and secrets are written. */
#include <sodium.h>
#include <string.h>
#include "dissect/credential.h"

void credential_keep(struct credential_text *to, struct cursor text)
{
	to->length = text.left < CREDENTIAL_MAX ? text.left : CREDENTIAL_MAX;
	if (to->length)
		memcpy(to->bytes, text.at, to->length);
}

bool credential_decode(struct cursor text, struct credential_text *out)
{
	size_t length;

	while (text.left && text.at[text.left - 1] == '=')
		text.left--;
	if (!text.left ||
	    sodium_base642bin(out->bytes, sizeof(out->bytes), (const char *)text.at, text.left,
			      NULL, &length, NULL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING))
		return false;
	out->length = length;
	return true;
}

/* What is before the next zero, or all. */
static struct cursor before_zero(struct cursor *from)
{
	const uint8_t *zero = from->left ? memchr(from->at, 0, from->left) : NULL;
	struct cursor part = { from->at, zero ? (size_t)(zero - from->at) : from->left }, rest;

	cursor_take(from, part.left + !!zero, &rest);
	return part;
}

bool credential_plain(struct cursor text, struct credential_text *room, struct credential *out)
{
	struct cursor from;

	if (!credential_decode(text, room))
		return false;
	from = credential_kept(room);
	if (!memchr(from.at, 0, from.left))
		return false;
	before_zero(&from);
	out->user = before_zero(&from);
	out->secret = from;
	return true;
}
