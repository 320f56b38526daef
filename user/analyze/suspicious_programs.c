// SPDX-License-Identifier: BSD-2-Clause
/* Finds programs, scripts and documents with macros among the files that are moved in clear. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/object_sources.h"
#include "analyze/sightings.h"
#include "base/log.h"

#define MACRO_LOOK_MAX (16u << 20) /* bytes of a document: larger ones are rarely mailed */

struct programs {
	struct objects objects;
	struct object_sources sources;
	struct sightings found;
};

/* The kind of a sighting is made of the place here, the protocol, and whether it was written. */
static const struct program {
	const char *type, *is;
	bool runs; /* by itself, else something must open it */
} programs[] = {
	{ "pe", "Windows program", true },
	{ "elf", "Linux program", true },
	{ "mach-o", "macOS program", true },
	{ "msi", "Windows installer", true },
	{ "apk", "Android program", true },
	{ "jar", "Java program", true },
	{ "java-class", "Java program", true },
	{ "script", "script", false },
	{ "lnk", "Windows shortcut", false },
	{ "chm", "Windows help file", false },
	{ "ooxml-macro", "document with macros", false },
	{ "ole2-macro", "document with macros", false },
};
#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static const char *const protocols[] = { "http", "ftp", "smb" };
static const char *const protocol_names[] = { "HTTP", "FTP", "SMB" };
#define PROTOCOLS 3

static bool may_have_macros(const char *type)
{
	return !strcmp(type, "zip") || !strcmp(type, "ooxml") || !strcmp(type, "ole2");
}

/* What the head is too short to tell. */
static const char *type_of(const struct object *object)
{
	size_t head = object->bytes < CONTENT_TYPE_HEAD ? object->bytes : CONTENT_TYPE_HEAD;
	const char *type = object_type(object);

	if (object->macros.found && may_have_macros(type))
		return strcmp(type, "ole2") ? "ooxml-macro" : "ole2-macro";
	/* Parts of web pages begin so. */
	if (!strcmp(type, "script") && memmem(object->head, head < 16 ? head : 16, "<s", 2))
		return "html";
	return type;
}

/* The head is judged once, by the piece that completes it. */
static void look(void *arg, struct object *object, const uint8_t *bytes, size_t length)
{
	bool completes =
		object->bytes >= CONTENT_TYPE_HEAD && object->bytes - length < CONTENT_TYPE_HEAD;

	(void)arg;
	if (completes && !may_have_macros(content_type(object->head, CONTENT_TYPE_HEAD))) {
		object_stop(object, OBJECT_PART);
		return;
	}
	macro_scan_add(&object->macros, bytes, length);
	if (object->macros.found || object->bytes > MACRO_LOOK_MAX)
		object_stop(object, OBJECT_PART);
}

static unsigned protocol_of(const struct object *object)
{
	unsigned i = 0;

	while (i < PROTOCOLS - 1 && strcmp(protocols[i], object->origin.protocol))
		i++;
	return i;
}

static void made(void *arg, struct object *object)
{
	struct programs *p = arg;
	const struct item_place *place = &object->origin.place;
	const struct analyst_ends ends = analyst_ends_of(place);
	const struct cursor name = object_name(&object->origin);
	const char *type = type_of(object);
	struct suspicion_span span = sighting_at(place);
	struct sighting_key key = { .src = ends.src, .dst = ends.dst };
	unsigned i = 0;

	while (i < PROGRAMS && strcmp(programs[i].type, type))
		i++;
	if (i == PROGRAMS)
		return;
	key.port = place->sender == place->client ? ends.dport : ends.sport;
	key.kind = (i * PROTOCOLS + protocol_of(object)) << 1 | object->written;
	sighting_name(&key, name.at, name.left);
	span.last_frame = object->last_frame;
	span.last_ns = object->time_ns;
	sightings_add(&p->found, &key, &span);
}

static int programs_open(void **state, const struct suspicious_options *options)
{
	struct programs *p = calloc(1, sizeof(*p));
	const struct objects_options objects = {
		.max_bytes = UINT64_MAX, .look = look, .made = made, .arg = p
	};

	(void)options;
	if (!p)
		return -ENOMEM;
	*state = p;
	if (objects_init(&p->objects, &objects) || object_sources_init(&p->sources, &p->objects) ||
	    sightings_init(&p->found)) {
		suspicious_programs.close(p);
		return -ENOMEM;
	}
	return 0;
}

static void programs_item(void *state, const struct item *item, suspicion_fn *say, void *arg)
{
	(void)say;
	(void)arg;
	object_sources_item(&((struct programs *)state)->sources, item);
}

struct words {
	char trigger[80];
};

static void fill(void *arg, const struct sighting_key *key, struct suspicion *suspicion)
{
	struct words *words = arg;
	const struct program *program = &programs[(key->kind >> 1) / PROTOCOLS];
	bool written = key->kind & 1;

	snprintf(words->trigger, sizeof(words->trigger), "transfers of a %s (%s) over %s",
		 program->is, program->type, protocol_names[(key->kind >> 1) % PROTOCOLS]);
	suspicion->trigger = words->trigger;
	suspicion->finding = "EXECUTABLE_TRANSFER";
	suspicion->severity = program->runs && written ? "HIGH" : program->runs ? "MEDIUM" : "LOW";
	if (program->runs && written)
		suspicion->why = "A program that is written to another host's share may be run "
				 "there next; installing software looks alike.";
	else if (program->runs)
		suspicion->why = "Malware comes in clear like this, and so do some updates: by "
				 "its first bytes it is a program, whatever it is called.";
	else
		suspicion->why = "It runs when somebody opens it, and attacks begin so; most such "
				 "files are harmless.";
}

static void programs_finish(void *state, suspicion_fn *say, void *arg)
{
	struct programs *p = state;
	struct words words;

	objects_finish(&p->objects);
	sightings_say(&p->found, "programs", fill, &words, say, arg);
	suspicious_say_lost(p->objects.gave_way, "files");
	suspicious_say_lost(object_sources_lost(&p->sources), "requests and transfers");
	if (p->objects.no_memory)
		log_warning("%llu files were passed over: out of memory",
			    (unsigned long long)p->objects.no_memory);
}

static void programs_close(void *state)
{
	struct programs *p = state;

	objects_fini(&p->objects);
	object_sources_fini(&p->sources);
	sightings_fini(&p->found);
	free(p);
}

const struct suspicious_rule suspicious_programs = {
	.open = programs_open,
	.item = programs_item,
	.finish = programs_finish,
	.close = programs_close,
};
