// SPDX-License-Identifier: BSD-2-Clause
/* Findings that are to be explained, each as it was told last. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "report/finding_json.h"

#ifdef HAVE_JANSSON
#include <jansson.h>
#include "explain/explain_set.h"

#define ROOM_FIRST 64

static void drop(struct explain_entry *entry)
{
	json_decref(entry->last);
	json_decref(entry->derived);
	json_decref(entry->evidence);
}

void explain_set_fini(struct explain_set *set)
{
	for (unsigned i = 0; i < set->count; i++)
		drop(&set->entries[i]);
	free(set->entries);
	*set = (struct explain_set){ 0 };
}

static struct explain_entry *find(struct explain_set *set, const char *id)
{
	for (unsigned i = 0; i < set->count; i++)
		if (!strcmp(set->entries[i].id, id))
			return &set->entries[i];
	return NULL;
}

/* NULL: there is no room. */
static struct explain_entry *find_or_add(struct explain_set *set, const char *id)
{
	struct explain_entry *entry = find(set, id), *larger;
	unsigned room = set->room ? 2 * set->room : ROOM_FIRST;

	if (entry || set->count == EXPLAIN_MAX)
		return entry;
	if (set->count == set->room) {
		larger = realloc(set->entries, room * sizeof(*larger));
		if (!larger)
			return NULL;
		set->entries = larger;
		set->room = room;
	}
	entry = &set->entries[set->count++];
	*entry = (struct explain_entry){ 0 };
	memcpy(entry->id, id, sizeof(entry->id));
	return entry;
}

static void keep(json_t **place, json_t *line)
{
	json_decref(*place);
	*place = json_incref(line);
}

static bool is_id(const char *text)
{
	return text && strlen(text) == FINDING_ID - 1 &&
	       strspn(text, "0123456789abcdef") == FINDING_ID - 1;
}

static bool is_too_late(const struct explain_set *set, const json_t *line)
{
	const char *time = json_string_value(json_object_get(line, "timestamp"));

	return set->until && time && strcmp(time, set->until) > 0;
}

void explain_set_put(struct explain_set *set, json_t *line)
{
	const char *id = json_string_value(json_object_get(line, "finding_id"));
	struct explain_entry *entry;

	if (!is_id(id)) {
		set->foreign++;
		return;
	}
	entry = find_or_add(set, id);
	if (!entry) {
		set->refused++;
		return;
	}
	keep(&entry->last, line);
	if (json_is_object(json_object_get(line, "derivation")) && !is_too_late(set, line))
		keep(&entry->derived, line);
	if (json_is_object(json_object_get(line, "snapshot")))
		keep(&entry->evidence, line);
}

void explain_set_add(struct explain_set *set, const char *lines, size_t length)
{
	while (length) {
		const char *end = memchr(lines, '\n', length);
		size_t size = end ? (size_t)(end - lines) + 1 : length;
		json_t *line = json_loadb(lines, size, 0, NULL);

		if (line)
			explain_set_put(set, line);
		else
			set->foreign++;
		json_decref(line);
		lines += size;
		length -= size;
	}
}

unsigned explain_set_match(const struct explain_set *set, const char *prefix,
			   const struct explain_entry **first)
{
	unsigned found = 0;

	for (unsigned i = 0; i < set->count; i++) {
		if (strncmp(set->entries[i].id, prefix, strlen(prefix)))
			continue;
		if (!found++)
			*first = &set->entries[i];
	}
	return found;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

const struct explain_entry *explain_set_twin(const struct explain_set *set, const json_t *beacon)
{
	const char *name = text_of(json_object_get(beacon, "beacon"), "name");

	for (unsigned i = 0; name[0] && i < set->count; i++) {
		const json_t *other = set->entries[i].last;

		if (!strcmp(text_of(json_object_get(other, "beacon"), "name"), name) &&
		    !strcmp(text_of(other, "src_ip"), text_of(beacon, "src_ip")) &&
		    !strcmp(text_of(other, "first_seen"), text_of(beacon, "first_seen")))
			return &set->entries[i];
	}
	return NULL;
}

static void take(json_t *to, const json_t *from, const char *name)
{
	json_t *value = json_object_get(from, name);

	if (value)
		json_object_set(to, name, value);
}

/*
 * What was said at another time than the derivation has other numbers: all
 * that is told is of the one with the derivation, but for where the packets are.
 */
json_t *explain_merged(const struct explain_entry *entry)
{
	json_t *merged = json_copy(entry->derived ? entry->derived : entry->last);

	if (merged && entry->evidence) {
		take(merged, entry->evidence, "snapshot");
		take(merged, entry->evidence, "proof");
	}
	return merged;
}

/* Writes a line, and reads it back: so all that is explained comes the same way. */
struct explain_sink {
	struct sink sink;
	struct explain_set *set;
};

static int sink_write(struct sink *sink, const struct record *record)
{
	static const struct sink_envelope envelope = { .mode = "replay", .derived = true };
	struct explain_set *set = ((struct explain_sink *)sink)->set;
	char *text = NULL;
	size_t length = 0;
	struct json json;
	FILE *stream;

	if (record->kind != RECORD_FINDING)
		return 0;
	stream = open_memstream(&text, &length);
	if (!stream)
		return -ENOMEM;
	json_init(&json, stream);
	finding_write_derived(&json, &envelope, record->finding, record->derivation);
	if (!fclose(stream))
		explain_set_add(set, text, length);
	free(text);
	return 0;
}

/* A journal opens and closes it for each of its runs. */
static void sink_stay(struct sink *sink)
{
	(void)sink;
}

int explain_sink_open(struct sink **out, struct explain_set *set)
{
	struct explain_sink *sink = calloc(1, sizeof(*sink));

	if (!sink)
		return -ENOMEM;
	*sink = (struct explain_sink){ { "explain", sink_write, sink_stay }, set };
	*out = &sink->sink;
	return 0;
}

void explain_sink_close(struct sink *sink)
{
	free(sink);
}

#endif
