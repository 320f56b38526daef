// SPDX-License-Identifier: BSD-2-Clause
/* Reads back of a finding's JSON what a table shows of it. */
#include <errno.h>
#include <string.h>
#include "client/findings_table.h"

#ifdef HAVE_JANSSON
#include <jansson.h>

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static void copy_text(char *to, size_t size, const char *text)
{
	size_t length = strnlen(text, size - 1);

	memcpy(to, text, length);
	to[length] = '\0';
}

static enum finding_kind kind_of(const char *name)
{
	enum finding_kind kind = 1;

	while (kind < FINDING_KINDS && strcmp(finding_kind_name(kind), name))
		kind++;
	return kind;
}

static enum finding_state state_of(const char *name)
{
	enum finding_state state = FINDING_NEW;

	while (state < FINDING_CLOSED && strcmp(finding_state_name(state), name))
		state++;
	return state;
}

/* Their names are borrowed from the line. */
static void read_context(const json_t *context, struct finding *out)
{
	for (size_t i = 0; i < json_array_size(context) && i < FINDING_FACTORS; i++) {
		const json_t *from = json_array_get(context, i);
		struct finding_factor *to = &out->factors[out->factor_count++];

		to->name = text_of(from, "name");
		to->factor = json_number_value(json_object_get(from, "factor"));
		to->raise = json_is_true(json_object_get(from, "raise"));
	}
}

static void read_origin(const json_t *from, struct finding_origin *to)
{
	to->cgroup = json_integer_value(json_object_get(from, "cgroup_id"));
	to->uid = json_integer_value(json_object_get(from, "uid"));
	to->others = json_integer_value(json_object_get(from, "others"));
	copy_text(to->path, sizeof(to->path), text_of(from, "cgroup"));
}

static bool read_finding(const json_t *line, struct finding *out)
{
	const char *kind = text_of(line, "event_type");
	const json_t *numbers = json_object_get(line, kind);
	const char *domain = text_of(numbers, "domain");
	const json_t *waiver = json_object_get(line, "suppressed");

	memset(out, 0, sizeof(*out));
	out->kind = kind_of(kind);
	if (out->kind == FINDING_KINDS || address_parse(&out->src, text_of(line, "src_ip")))
		return false;
	out->state = state_of(text_of(line, "state"));
	copy_text(out->id, sizeof(out->id), text_of(line, "finding_id"));
	out->has_dst = !address_parse(&out->dst, text_of(line, "dest_ip"));
	out->dport = json_integer_value(json_object_get(line, "dest_port"));
	out->score = json_number_value(json_object_get(line, "score"));
	copy_text(out->entity, sizeof(out->entity),
		  domain[0] ? domain : text_of(numbers, "entity"));
	copy_text(out->reason, sizeof(out->reason), text_of(line, "reason"));
	read_origin(json_object_get(line, "origin"), &out->origin);
	read_context(json_object_get(line, "context"), out);
	copy_text(out->suppressed.rule, sizeof(out->suppressed.rule), text_of(waiver, "rule"));
	copy_text(out->suppressed.reason, sizeof(out->suppressed.reason),
		  text_of(waiver, "reason"));
	return true;
}

static int add_line(struct sink *sink, const char *text, size_t length)
{
	json_t *line = json_loadb(text, length, 0, NULL);
	struct finding finding;
	const struct record record = { .kind = RECORD_FINDING, .finding = &finding };
	int err = 0;

	if (line && read_finding(line, &finding))
		err = sink->write(sink, &record);
	json_decref(line);
	return err;
}

int findings_table_add(struct sink *sink, const char *lines, size_t length)
{
	int err = 0;

	while (!err && length) {
		const char *end = memchr(lines, '\n', length);
		size_t line = end ? (size_t)(end - lines) + 1 : length;

		err = add_line(sink, lines, line);
		lines += line;
		length -= line;
	}
	return err;
}

#else

int findings_table_add(struct sink *sink, const char *lines, size_t length)
{
	(void)sink;
	(void)lines;
	(void)length;
	return -EOPNOTSUPP;
}

#endif
