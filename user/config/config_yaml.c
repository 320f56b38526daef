// SPDX-License-Identifier: BSD-2-Clause
/* A flat YAML file, event by event, by libyaml. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>
#include "config/config_yaml.h"

enum state { BEFORE, KEY, VALUE, ELEMENT, AFTER };

struct reader {
	yaml_parser_t parser;
	enum state state;
	const struct config_taker *taker;
	void *arg;
	struct config_fault *fault;
};

static int refuse(struct reader *reader, const yaml_mark_t *mark, const char *why)
{
	reader->fault->at.line = mark->line + 1;
	reader->fault->at.column = mark->column + 1;
	snprintf(reader->fault->why, CONFIG_WHY, "%s", why);
	return -EINVAL;
}

/* Of a byte, in lines and characters: the reader of libyaml tells no more. */
static void find_place(struct config_place *out, const char *text, size_t length, size_t offset)
{
	*out = (struct config_place){ 1, 1 };
	for (size_t i = 0; i < offset && i < length; i++) {
		if (text[i] == '\n')
			*out = (struct config_place){ out->line + 1, 1 };
		else if ((text[i] & 0xc0) != 0x80)
			out->column++;
	}
}

static int refuse_syntax(struct reader *reader, const char *text, size_t length)
{
	const yaml_parser_t *parser = &reader->parser;
	struct config_fault *fault = reader->fault;

	if (parser->error == YAML_MEMORY_ERROR)
		return -ENOMEM;
	if (parser->error == YAML_READER_ERROR) {
		find_place(&fault->at, text, length, parser->problem_offset);
		snprintf(fault->why, CONFIG_WHY, "this is no text in UTF-8: %s", parser->problem);
		return -EINVAL;
	}
	fault->at.line = parser->problem_mark.line + 1;
	fault->at.column = parser->problem_mark.column + 1;
	snprintf(fault->why, CONFIG_WHY, "this is no YAML: %s%s%s", parser->problem,
		 parser->context ? " " : "", parser->context ? parser->context : "");
	return -EINVAL;
}

static int take_scalar(struct reader *reader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value, *why;
	size_t length = event->data.scalar.length;
	const struct config_word word = {
		.at = { event->start_mark.line + 1, event->start_mark.column + 1 },
		.text = text,
		.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
	};

	/* Nothing but comments, between the marks of a document. */
	if (reader->state == BEFORE && !length && !word.quoted) {
		reader->state = AFTER;
		return 0;
	}
	if (reader->state == BEFORE)
		return refuse(reader, &event->start_mark, "lines of KEY: VALUE belong here");
	if (length >= CONFIG_TEXT_BYTES)
		return refuse(reader, &event->start_mark, "this is longer than 1023 bytes");
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			return refuse(reader, &event->start_mark,
				      "a control character: values are of one line");
	if (reader->state == KEY)
		why = reader->taker->key(reader->arg, &word);
	else
		why = reader->taker->value(reader->arg, &word);
	if (why)
		return refuse(reader, &event->start_mark, why);
	if (reader->state != ELEMENT)
		reader->state = reader->state == KEY ? VALUE : KEY;
	return 0;
}

static int take_collection(struct reader *reader, const yaml_event_t *event)
{
	bool list = event->type == YAML_SEQUENCE_START_EVENT;
	const char *why;

	if (reader->state == BEFORE && !list) {
		reader->state = KEY;
		return 0;
	}
	if (reader->state == VALUE && list) {
		why = reader->taker->list(reader->arg);
		reader->state = ELEMENT;
		return why ? refuse(reader, &event->start_mark, why) : 0;
	}
	if (reader->state == BEFORE)
		why = "a list, where lines of KEY: VALUE belong";
	else if (reader->state == KEY)
		why = "a key must be one word";
	else
		why = "a value or a list of values belongs here: nothing nests deeper";
	return refuse(reader, &event->start_mark, why);
}

/* What YAML offers and configuration has no use for; NULL: it is none of that. */
static const char *unwanted(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return "aliases are not allowed: write the value once more";
	case YAML_SCALAR_EVENT:
		return event->data.scalar.anchor ? "anchors are not allowed"
		       : event->data.scalar.tag  ? "tags are not allowed"
						 : NULL;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.anchor ? "anchors are not allowed"
		       : event->data.sequence_start.tag  ? "tags are not allowed"
							 : NULL;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.anchor ? "anchors are not allowed"
		       : event->data.mapping_start.tag  ? "tags are not allowed"
							: NULL;
	default:
		return NULL;
	}
}

static int take_document(struct reader *reader, const yaml_event_t *event)
{
	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start !=
		    event->data.document_start.tag_directives.end)
		return refuse(reader, &event->start_mark, "directives are not allowed");
	if (reader->state != BEFORE)
		return refuse(reader, &event->start_mark, "a second document is not allowed");
	return 0;
}

static int take(struct reader *reader, const yaml_event_t *event)
{
	const char *why = unwanted(event);

	if (why)
		return refuse(reader, &event->start_mark, why);
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return take_document(reader, event);
	case YAML_SCALAR_EVENT:
		return take_scalar(reader, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return take_collection(reader, event);
	case YAML_SEQUENCE_END_EVENT:
		reader->state = KEY;
		return 0;
	case YAML_MAPPING_END_EVENT:
		reader->state = AFTER;
		return 0;
	default:
		return 0;
	}
}

int config_yaml_read(const char *text, size_t length, const struct config_taker *taker, void *arg,
		     struct config_fault *fault)
{
	struct reader reader = { .taker = taker, .arg = arg, .fault = fault };
	bool over = false;
	int err = 0;

	if (!yaml_parser_initialize(&reader.parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, length);
	while (!err && !over) {
		yaml_event_t event;

		if (!yaml_parser_parse(&reader.parser, &event)) {
			err = refuse_syntax(&reader, text, length);
			break;
		}
		over = event.type == YAML_STREAM_END_EVENT;
		err = take(&reader, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&reader.parser);
	return err;
}
