// SPDX-License-Identifier: BSD-2-Clause
/* Rows of objects, and what was left out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/object_answers.h"
#include "analyze/object_sources.h"
#include "base/log.h"
#include "base/remedy.h"

static const struct answers_column columns[] = {
	{ "timestamp", NULL, 0 },   { "frame", "FRAME", 8 },       { "last_frame", NULL, 0 },
	{ "src_ip", "FROM", 15 },   { "dest_ip", "TO", 15 },       { "src_port", NULL, 0 },
	{ "dest_port", NULL, 0 },   { "protocol", "PROTOCOL", 8 }, { "host", "HOST", 20 },
	{ "path", NULL, 0 },        { "name", "NAME", 28 },        { "declared_type", NULL, 0 },
	{ "type", "TYPE", 8 },      { "bytes", "BYTES", 10 },      { "state", "STATE", 9 },
	{ "sha256", "SHA256", 64 }, { "file", "FILE", 0 },         { "left_out", "LEFT OUT", 0 },
	{ .name = NULL },
};

struct object_answers {
	struct analyst analyst;
	struct object_answers_options options;
	struct object_store store;
	struct objects objects;
	struct object_sources sources;
	uint64_t rows, large, over_total, failed;
	int error; /* -errno of the first file that failed */
};

/* NULL: nothing kept it from being written. */
static const char *left_out(struct object_answers *a, const struct object *object)
{
	if (object->state == OBJECT_LARGE) {
		a->large++;
		return "larger than --max-object";
	}
	if (!object->file_error)
		return NULL;
	if (object->file_error == -EDQUOT) {
		a->over_total++;
		return "beyond --max-total";
	}
	a->failed++;
	a->error = a->error ? a->error : object->file_error;
	return strerror(-object->file_error);
}

static void put_text(struct answers *to, const struct object_text *text)
{
	if (text->length)
		answers_put_bytes(to, text->bytes, text->length);
	else
		answers_put_none(to);
}

/* NULL: nothing to say. */
static void put_known(struct answers *to, const char *text)
{
	if (text)
		answers_put_text(to, text);
	else
		answers_put_none(to);
}

static void put_origin(struct answers *to, const struct object *object)
{
	const struct object_origin *origin = &object->origin;
	struct analyst_ends ends = analyst_ends_of(&origin->place);
	struct cursor name = object_name(origin);

	answers_put_time(to, origin->place.time_ns);
	answers_put_number(to, origin->place.frame);
	answers_put_number(to, object->last_frame);
	analyst_put_ends(to, &ends);
	answers_put_text(to, origin->protocol);
	put_text(to, &origin->host);
	put_text(to, &origin->path);
	answers_put_bytes(to, name.at, name.left);
	put_text(to, &origin->declared);
}

static void made(void *arg, struct object *object)
{
	struct object_answers *a = arg;
	struct answers *to = a->analyst.answers;
	const char *why = left_out(a, object);
	char sha256[OBJECT_SHA256];
	bool written = a->options.directory && !why && object->bytes;

	a->rows++;
	answers_begin_row(to);
	put_origin(to, object);
	answers_put_text(to, object_type(object));
	answers_put_number(to, object->bytes);
	answers_put_text(to, object_state_name(object->state));
	put_known(to, object_sha256(object, sha256));
	put_known(to, written ? object->file.name : NULL);
	put_known(to, why);
	answers_end_row(to);
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	object_sources_item(&((struct object_answers *)analyst)->sources, item);
}

static void say_left_out(const struct object_answers *a)
{
	if (a->large)
		log_warning("%llu objects are larger than --max-object: left out",
			    (unsigned long long)a->large);
	if (a->over_total)
		log_warning("%llu objects were not written, --max-total is reached",
			    (unsigned long long)a->over_total);
	if (a->failed)
		log_error("%llu objects could not be written to %s: %s; %s",
			  (unsigned long long)a->failed, a->options.directory, strerror(-a->error),
			  remedy_write(a->error));
	if (a->objects.gave_way)
		log_warning("%llu objects gave way to others, more than %d were carried at a time: "
			    "use a filter",
			    (unsigned long long)a->objects.gave_way, OBJECTS_MAX);
	if (a->objects.no_memory)
		log_warning("%llu objects were passed over: out of memory",
			    (unsigned long long)a->objects.no_memory);
	if (object_sources_lost(&a->sources))
		log_warning("%llu requests and transfers gave way to others: objects may be "
			    "missing or lack their names; use a filter",
			    (unsigned long long)object_sources_lost(&a->sources));
	if (a->options.directory)
		log_info("%llu of %llu objects were written to %s, %llu bytes",
			 (unsigned long long)a->store.files, (unsigned long long)a->rows,
			 a->options.directory, (unsigned long long)a->store.used);
}

static void on_finish(struct analyst *analyst)
{
	struct object_answers *a = (struct object_answers *)analyst;

	objects_finish(&a->objects);
	say_left_out(a);
	analyst->failed = a->failed;
}

static void on_close(struct analyst *analyst)
{
	struct object_answers *a = (struct object_answers *)analyst;

	objects_fini(&a->objects);
	object_sources_fini(&a->sources);
	object_store_fini(&a->store);
	free(a);
}

static int open_parts(struct object_answers *a)
{
	const struct objects_options objects = { .store = a->options.directory ? &a->store : NULL,
						 .max_bytes = a->options.max_object,
						 .made = made,
						 .arg = a };
	int err = 0;

	a->store.directory = -1;
	if (a->options.directory)
		err = object_store_init(&a->store, a->options.directory, a->options.max_total);
	if (!err)
		err = objects_init(&a->objects, &objects);
	if (!err)
		err = object_sources_init(&a->sources, &a->objects);
	return err;
}

int object_answers_open(struct analyst **out, const struct object_answers_options *options)
{
	struct object_answers *a = calloc(1, sizeof(*a));
	int err;

	if (!a)
		return -ENOMEM;
	a->options = *options;
	a->analyst = (struct analyst){ .name = "objects",
				       .columns = columns,
				       .item = on_item,
				       .finish = on_finish,
				       .close = on_close };
	err = open_parts(a);
	if (err)
		on_close(&a->analyst);
	else
		*out = &a->analyst;
	return err;
}
