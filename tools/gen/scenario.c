// SPDX-License-Identifier: BSD-2-Clause
/* Reads a scenario: lines as words, what holds for all, and the actors. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"

#define START_NS (1767600000 * NS_PER_S) /* 2026-01-05T08:00:00Z, a Monday */
#define DURATION_NS (3600 * NS_PER_S)
#define LINE_BYTES 1024
#define WORDS 64

struct reader {
	struct scenario *scenario;
	const char *path;
	unsigned line;
	char *words[WORDS];
	unsigned count;
};

static int complain(const struct reader *reader, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

static int complain(const struct reader *reader, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s:%u: ", reader->path, reader->line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return -EINVAL;
}

/* Cuts a line into words; "..." makes one of several, # begins a comment. */
static int split(struct reader *reader, char *line)
{
	reader->count = 0;
	for (;;) {
		const char *ends = " \t\r\n";

		line += strspn(line, ends);
		if (!*line || *line == '#')
			return 0;
		if (reader->count == WORDS)
			return complain(reader, "line: too many words; write at most %d", WORDS);
		if (*line == '"') {
			line++;
			ends = "\"";
		}
		reader->words[reader->count++] = line;
		line += strcspn(line, ends);
		if (*line)
			*line++ = 0;
		else if (*ends == '"')
			return complain(reader, "\": never closed; end the text with \"");
	}
}

static int read_start(struct scenario *scenario, const char *text)
{
	return value_time(&scenario->start_ns, text);
}

static int read_duration(struct scenario *scenario, const char *text)
{
	return value_duration(&scenario->duration_ns, text);
}

static int read_seed(struct scenario *scenario, const char *text)
{
	uint64_t seed;

	if (value_count(&seed, text))
		return -EINVAL;
	if (!scenario->seed_fixed)
		scenario->seed = seed;
	return 0;
}

static int read_hosts(struct scenario *scenario, const char *text)
{
	return value_addresses(&scenario->link.hosts, text);
}

static int read_resolver(struct scenario *scenario, const char *text)
{
	return value_addresses(&scenario->resolver, text);
}

static int read_gateway(struct scenario *scenario, const char *text)
{
	unsigned parts[6];
	char rest;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &parts[0], &parts[1], &parts[2], &parts[3],
		   &parts[4], &parts[5], &rest) != 6)
		return -EINVAL;
	for (unsigned i = 0; i < 6; i++)
		scenario->link.gateway_mac[i] = parts[i];
	return 0;
}

static int read_snaplen(struct scenario *scenario, const char *text)
{
	uint64_t value;

	if (value_count(&value, text) || !value || value > OUTPUT_SNAPLEN)
		return -EINVAL;
	scenario->snaplen = value;
	return 0;
}

static int read_linktype(struct scenario *scenario, const char *text)
{
	static const struct {
		const char *name;
		enum linktype type;
	} types[] = { { "ethernet", LINK_ETHERNET }, { "raw", LINK_RAW }, { "sll", LINK_SLL } };

	for (unsigned i = 0; i < 3; i++) {
		if (!strcmp(types[i].name, text)) {
			scenario->link.type = types[i].type;
			return 0;
		}
	}
	return -EINVAL;
}

static const struct directive {
	const char *name;
	int (*read)(struct scenario *scenario, const char *text);
	const char *form;
} directives[] = {
	{ "start", read_start, "a time such as 2026-01-05T08:00:00Z" },
	{ "duration", read_duration, "a duration such as 30m, 6h or 1d" },
	{ "seed", read_seed, "a number" },
	{ "host", read_hosts, "an address such as 10.9.0.5" },
	{ "hosts", read_hosts, "addresses such as 10.9.0.10-10.9.0.40" },
	{ "resolver", read_resolver, "an address such as 10.9.0.1" },
	{ "gateway-mac", read_gateway, "an address such as 02:00:5e:00:00:01" },
	{ "snaplen", read_snaplen, "a size from 1 to 262144" },
	{ "linktype", read_linktype, "ethernet, raw or sll" },
};

static int read_directive(struct reader *reader, const struct directive *directive)
{
	const char *value = reader->count > 1 ? reader->words[1] : "";

	if (reader->count != 2 || directive->read(reader->scenario, value))
		return complain(reader, "%s: bad value \"%s\"; write %s", directive->name, value,
				directive->form);
	return 0;
}

static int read_variable(struct reader *reader)
{
	if (reader->count != 3 ||
	    variables_set(&reader->scenario->variables, reader->words[1], reader->words[2], false))
		return complain(reader,
				"set: no name in lower case with a value, or more than %d; "
				"write it like \"set packets 1000000\"",
				VARIABLES);
	return 0;
}

/* The default options of a kind are words like any other. */
static int read_defaults(struct actor *actor, char complaint[OPTION_COMPLAINT])
{
	char text[256], *words[WORDS], *rest = text, *word;
	unsigned count = 0;

	strcpy(text, actor->kind->defaults);
	while ((word = strsep(&rest, " ")))
		if (*word)
			words[count++] = word;
	return options_read(actor, NULL, words, count, complaint);
}

static int read_actor(struct reader *reader, const struct kind *kind)
{
	struct scenario *scenario = reader->scenario;
	size_t size = (scenario->actor_count + 1) * sizeof(struct actor);
	struct actor *actors = realloc(scenario->actors, size), *actor;
	char complaint[OPTION_COMPLAINT];

	if (!actors)
		return -ENOMEM;
	scenario->actors = actors;
	actor = &actors[scenario->actor_count];
	memset(actor, 0, sizeof(*actor));
	actor->kind = kind;
	actor->line = reader->line;
	if (read_defaults(actor, complaint) ||
	    options_read(actor, kind->options, reader->words + 1, reader->count - 1, complaint))
		return complain(reader, "%s: %s", kind->name, complaint);
	scenario->actor_count++;
	return 0;
}

static int read_line(struct reader *reader, const char *line)
{
	char expanded[LINE_BYTES], known[1024];
	const struct kind *kind;
	int err;

	if (line[strspn(line, " \t")] == '#')
		return 0;
	err = variables_expand(&reader->scenario->variables, line, expanded, sizeof(expanded));
	if (err == -ENOENT)
		return complain(reader, "$%s: no such variable; declare it above with \"set\"",
				expanded);
	if (err)
		return complain(reader, "line: too long; write at most %d bytes", LINE_BYTES - 1);
	err = split(reader, expanded);
	if (err || !reader->count)
		return err;
	if (!strcmp(reader->words[0], "set"))
		return read_variable(reader);
	for (unsigned i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		if (!strcmp(directives[i].name, reader->words[0]))
			return read_directive(reader, &directives[i]);
	kind = kind_find(reader->words[0]);
	if (kind)
		return read_actor(reader, kind);
	kind_list(known, sizeof(known));
	return complain(reader,
			"%s: unknown word; use one of: set start duration seed hosts "
			"resolver gateway-mac snaplen linktype%s",
			reader->words[0], known);
}

static int read_lines(struct reader *reader, FILE *from)
{
	char *line = NULL;
	size_t size = 0;
	int err = 0;

	while (!err && getline(&line, &size, from) >= 0) {
		reader->line++;
		err = read_line(reader, line);
	}
	if (!err && ferror(from))
		err = -EIO;
	free(line);
	return err;
}

void scenario_init(struct scenario *scenario)
{
	static const uint8_t gateway[6] = { 2, 0, 0x5e, 0, 0, 1 };

	memset(scenario, 0, sizeof(*scenario));
	scenario->start_ns = START_NS;
	scenario->duration_ns = DURATION_NS;
	scenario->seed = 1;
	scenario->snaplen = OUTPUT_SNAPLEN;
	scenario->link.type = LINK_ETHERNET;
	memcpy(scenario->link.gateway_mac, gateway, sizeof(gateway));
}

/* Only when all lines are read is it known what holds for all. */
static int finish(struct reader *reader)
{
	struct scenario *scenario = reader->scenario;
	const char *stray = variables_stray(&scenario->variables);
	char complaint[OPTION_COMPLAINT];

	if (stray)
		return complain(reader,
				"--set %s: the scenario declares no such variable; "
				"add \"set %s VALUE\" to it",
				stray, stray);
	for (unsigned i = 0; i < scenario->actor_count; i++) {
		struct actor *actor = &scenario->actors[i];

		reader->line = actor->line;
		if (actor_check(scenario, actor, complaint))
			return complain(reader, "%s: %s", actor->kind->name, complaint);
		actor->draw = draw_from(scenario->seed, i);
	}
	return 0;
}

int scenario_read(struct scenario *scenario, const char *path)
{
	struct reader reader = { .scenario = scenario, .path = path };
	FILE *from = strcmp(path, "-") ? fopen(path, "r") : stdin;
	int err;

	if (!from)
		return -errno;
	err = read_lines(&reader, from);
	if (from != stdin)
		fclose(from);
	return err ? err : finish(&reader);
}

void scenario_fini(struct scenario *scenario)
{
	free(scenario->actors);
	scenario->actors = NULL;
}
