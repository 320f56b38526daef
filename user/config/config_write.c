// SPDX-License-Identifier: BSD-2-Clause
/* What can be configured, and what is, as YAML and as a page of the manual. */
#include <string.h>
#include "base/text.h"
#include "config/config_write.h"
#include "option/option_value.h"

#define WIDTH 96 /* of comments */

static bool is_key(const struct option_row *row)
{
	return !(row->traits & OPTION_COMMAND_LINE);
}

static void write_origin(FILE *stream, const struct config *config, size_t i)
{
	const struct option_row *row = &config->command->rows[i];
	char name[CONFIG_VARIABLE], path[TEXT_ESCAPED(256)];

	switch (config->origins.rows[i].layer) {
	case OPTION_FILE:
		text_escape(path, sizeof(path), config->path, strlen(config->path));
		fprintf(stream, "%s:%u", path, config->origins.rows[i].line);
		break;
	case OPTION_ENVIRONMENT:
		fputs(config_variable(row, name), stream);
		break;
	case OPTION_ARGUMENT:
		fputs("command line", stream);
		break;
	default:
		fputs("default", stream);
		break;
	}
}

void config_write_values(FILE *stream, const struct config *config, const void *settings)
{
	for (const struct option_row *row = config->command->rows; row->name; row++) {
		size_t i = row - config->command->rows;
		bool set = option_is_set(row, settings) || config->origins.rows[i].layer;

		if (!is_key(row))
			continue;
		fprintf(stream, "%s%s: ", set ? "" : "#", row->name);
		if (set)
			option_write(row, settings, stream);
		else
			fputs(row->initial ? row->initial : row->value, stream);
		fputs("  # ", stream);
		write_origin(stream, config, i);
		fputs(set ? "\n" : ", not set\n", stream);
	}
}

/* Words, in comments of no more than so many columns. */
static void write_wrapped(FILE *stream, const char *text)
{
	size_t column = 0;

	while (*text) {
		size_t length = strcspn(text, " ");

		if (column && column + 1 + length > WIDTH) {
			fputc('\n', stream);
			column = 0;
		}
		column += fprintf(stream, "%s%.*s", column ? " " : "# ", (int)length, text);
		text += length + strspn(text + length, " ");
	}
	fputc('\n', stream);
}

static const char *example(const struct option_row *row)
{
	switch (row->type) {
	case OPTION_FLAG:
		return "false";
	case OPTION_CHOICE:
		return row->value; /* the first word */
	default:
		return row->initial ? row->initial : row->value;
	}
}

/* "MB, 1 to 1024, a power of two", "true or false", "one of: auto xdp". */
static void describe_type(const struct option_row *row, char *to, size_t size)
{
	const char *power = row->traits & OPTION_POWER_OF_2 ? ", a power of two" : "";

	switch (row->type) {
	case OPTION_FLAG:
		snprintf(to, size, "true or false");
		break;
	case OPTION_CHOICE:
		snprintf(to, size, "one of: %s", row->value);
		break;
	case OPTION_SHARE:
		snprintf(to, size, "a number from 0 to 1");
		break;
	case OPTION_NUMBER:
		if (row->max)
			snprintf(to, size, "%s, 1 to %llu%s", row->value,
				 (unsigned long long)row->max, power);
		else
			snprintf(to, size, "%s, from 1 on%s", row->value, power);
		break;
	case OPTION_TEXT:
		snprintf(to, size, "%s", row->value);
		break;
	case OPTION_TEXTS:
	case OPTION_NETWORK:
		snprintf(to, size, "one %s, or a list", row->value);
		break;
	}
}

static const char *when(const struct option_row *row)
{
	return row->traits & OPTION_RELOADS ? "changes at SIGHUP" : "changes with a restart";
}

static void write_example(FILE *stream, const struct option_row *row)
{
	const char *text = example(row);

	fprintf(stream, "#%s: ", row->name);
	if (option_is_list(row))
		fprintf(stream, "[\"%s\"]", text);
	else if (row->type == OPTION_TEXT)
		fprintf(stream, "\"%s\"", text);
	else
		fprintf(stream, "%.*s", (int)strcspn(text, " "), text);
	fputc('\n', stream);
}

void config_write_sample(FILE *stream, const struct option_command *command)
{
	fputs("# SPDX-License-Identifier: BSD-2-Clause\n"
	      "# The configuration of skua run: see skua.yaml(5).  Every key there is, with what "
	      "holds while\n"
	      "# it is not set, or with what belongs there.  Take away a # to set one, then:\n"
	      "# skua config check FILE.  Made by skua config dump --commented.\n",
	      stream);
	for (const struct option_row *row = command->rows; row->name; row++) {
		char type[256];

		if (!is_key(row))
			continue;
		fputc('\n', stream);
		write_wrapped(stream, row->help);
		describe_type(row, type, sizeof(type));
		fprintf(stream, "# (%s; %s)\n", type, when(row));
		write_example(stream, row);
	}
}

/* mdoc(7) takes a word of its macros, and a line that begins with a dot or quote, for its own. */
static void write_mdoc_text(FILE *stream, const char *text)
{
	fputs("\\&", stream);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stream);
		else if (*text == '-')
			fputs("\\-", stream);
		else
			fputc(*text, stream);
	}
}

void config_write_mdoc(FILE *stream, const struct option_command *command)
{
	for (const struct option_row *row = command->rows; row->name; row++) {
		char type[256];

		if (!is_key(row))
			continue;
		describe_type(row, type, sizeof(type));
		fprintf(stream, ".It Cm %s\n", row->name);
		write_mdoc_text(stream, row->help);
		fputs(";\n", stream);
		write_mdoc_text(stream, type);
		if (row->initial) {
			fputs(";\nby itself\n", stream);
			write_mdoc_text(stream, row->initial);
		}
		fprintf(stream, ";\n%s.\n", when(row));
	}
}
