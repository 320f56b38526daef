// SPDX-License-Identifier: BSD-2-Clause
/* What an object is called, what it is, and how it came out. */
#include <sodium.h>
#include <string.h>
#include "analyze/objects.h"

void object_text_set(struct object_text *text, const void *bytes, size_t length)
{
	text->length = length < OBJECT_TEXT ? length : OBJECT_TEXT;
	if (text->length)
		memcpy(text->bytes, bytes, text->length);
}

static const uint8_t *last_of(const uint8_t *at, size_t length)
{
	while (length && at[length - 1] != '/' && at[length - 1] != '\\')
		length--;
	return at + length;
}

struct cursor object_name(const struct object_origin *origin)
{
	const uint8_t *at = (const uint8_t *)origin->path.bytes, *from;
	size_t length = origin->path.length;

	if (!length)
		return (struct cursor){ (const uint8_t *)"object", 6 };
	if (!strcmp(origin->protocol, "http")) {
		const uint8_t *query = memchr(at, '?', length);

		if (query)
			length = query - at;
	}
	while (length && (at[length - 1] == '/' || at[length - 1] == '\\'))
		length--;
	from = last_of(at, length);
	if (from == at + length)
		return (struct cursor){ (const uint8_t *)"/", 1 };
	return (struct cursor){ from, at + length - from };
}

const char *object_state_name(enum object_state state)
{
	static const char *const names[] = {
		[OBJECT_WHOLE] = "whole",
		[OBJECT_TORN] = "torn",
		[OBJECT_PART] = "part",
		[OBJECT_NO_END] = "no end",
		[OBJECT_GAVE_WAY] = "gave way",
		[OBJECT_LARGE] = "too large",
		[OBJECT_UNDECODED] = "not decoded",
		[OBJECT_REWRITTEN] = "rewritten",
	};

	return names[state];
}

const char *object_type(const struct object *object)
{
	size_t head = object->bytes < CONTENT_TYPE_HEAD ? object->bytes : CONTENT_TYPE_HEAD;

	return content_type(object->head, head);
}

const char *object_sha256(struct object *object, char to[OBJECT_SHA256])
{
	uint8_t hash[SHA256_DIGEST_SIZE];

	if (object->state == OBJECT_LARGE)
		return NULL;
	sha256_digest(&object->hash, sizeof(hash), hash);
	return sodium_bin2hex(to, OBJECT_SHA256, hash, sizeof(hash));
}
