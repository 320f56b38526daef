// SPDX-License-Identifier: BSD-2-Clause
/* Writes a finding by a table of another schema. */
#include <ctype.h>
#include <string.h>
#include "report/finding_json.h"
#include "report/mapping.h"

#define NAME_SIZE 32

/* Where the writer stands: the path whose objects and lists are open. */
struct place {
	const char *path; /* of the last value; "": none */
	unsigned depth;   /* objects and lists that are open below the record */
};

static size_t name_length(const char *at)
{
	return strcspn(at, ".");
}

/* Names that a and b share from the beginning, the last name of either left aside. */
static unsigned shared(const char *a, const char *b, const char **rest)
{
	unsigned n = 0;

	for (;;) {
		size_t length = name_length(b);

		if (name_length(a) != length || memcmp(a, b, length) || !a[length] || !b[length])
			break;
		a += length + 1;
		b += length + 1;
		n++;
	}
	*rest = b;
	return n;
}

/* The name at at, or NULL where it is a place in a list. */
static const char *name_at(const char *at, char to[NAME_SIZE])
{
	size_t length = name_length(at);

	if (isdigit((unsigned char)at[0]))
		return NULL;
	if (length >= NAME_SIZE)
		length = NAME_SIZE - 1;
	memcpy(to, at, length);
	to[length] = '\0';
	return to;
}

/* Leaves what the next path does not share, enters what it has more. */
static const char *go_to(struct json *json, struct place *place, const char *path,
			 char name[NAME_SIZE])
{
	const char *rest;
	unsigned common = strlen(place->path) ? shared(place->path, path, &rest) : 0;

	if (!strlen(place->path))
		rest = path;
	while (place->depth > common) {
		json_close(json);
		place->depth--;
	}
	for (size_t length; rest[length = name_length(rest)]; rest += length + 1) {
		if (isdigit((unsigned char)rest[length + 1]))
			json_open_array(json, name_at(rest, name));
		else
			json_open_object(json, name_at(rest, name));
		place->depth++;
	}
	place->path = path;
	return name_at(rest, name);
}

static void put(struct json *json, const char *name, const struct mapping_value *value)
{
	if (value->type == MAPPING_TEXT)
		json_put_text(json, name, value->text);
	else if (value->type == MAPPING_UINT)
		json_put_uint(json, name, value->number);
	else
		json_put_real(json, name, value->real, FINDING_SCORE_DECIMALS);
}

static bool get(const struct mapping_row *row, const struct mapping_input *input,
		struct mapping_value *out)
{
	if (row->get)
		return row->get(input, out);
	return row->text ? mapping_put_text(out, row->text) : mapping_put_uint(out, row->number);
}

void mapping_write(struct json *json, const struct mapping_row *rows,
		   const struct sink_envelope *envelope, const struct finding *finding)
{
	struct mapping_input input = { .finding = finding, .envelope = envelope };
	struct place place = { .path = "" };
	char name[NAME_SIZE];

	input.attack_count = attack_map(finding, input.attacks);
	json_open_object(json, NULL);
	for (; rows->path; rows++) {
		struct mapping_value value;

		if (get(rows, &input, &value)) {
			const char *as = go_to(json, &place, rows->path, name);

			put(json, as, &value);
		}
	}
	for (; place.depth; place.depth--)
		json_close(json);
	json_close(json);
	json_end_line(json);
}
