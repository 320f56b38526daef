// SPDX-License-Identifier: BSD-2-Clause
/* Command line options from tables, parsed by getopt_long. */
#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/exit.h"
#include "option/option_value.h"
#include "option/options.h"

#define LONG_BASE 256 /* getopt's value of row i; letters are below */

static void print_row(const struct option_row *row)
{
	char names[64];
	const char *value = row->type == OPTION_FLAG ? NULL : row->value;
	bool choice = row->type == OPTION_CHOICE;

	if (row->letter)
		snprintf(names, sizeof(names), "-%c, --%s%s%s", row->letter, row->name,
			 value ? "=" : "",
			 !value   ? ""
			 : choice ? "WORD"
				  : value);
	else
		snprintf(names, sizeof(names), "    --%s%s%s", row->name, value ? "=" : "",
			 !value   ? ""
			 : choice ? "WORD"
				  : value);
	printf("  %-26s %s%s%s%s", names, row->help, choice ? " (" : "", choice ? value : "",
	       choice ? ")" : "");
	if (row->initial && !choice)
		printf(" (%s)", row->initial);
	putchar('\n');
}

static int print_help(const struct option_command *command)
{
	printf("Usage: skua %s\n\n%s\n\n", command->usage, command->about);
	for (const struct option_row *row = command->rows; row->name; row++)
		print_row(row);
	printf("  %-26s %s\n", "-h, --help", "this text");
	return EXIT_OK;
}

static int set_or_say(const struct option_command *command, const struct option_row *row,
		      void *settings, struct option_origins *origins, const char *text)
{
	char why[OPTION_WHY];
	int err = option_set(command, row, settings, origins, OPTION_ARGUMENT, text);

	if (!err)
		return -1;
	log_error("--%s: %s", row->name, option_explain(row, err, text, why));
	return EXIT_USAGE;
}

/* getopt stands behind the word that it refused. */
static int refuse(const struct option_command *command, char **argv, int code)
{
	const char *word = argv[optind - 1];
	int name = strcspn(command->usage, " ");

	if (code == ':')
		log_error("%s: '%s' needs a value; 'skua %.*s --help' says which", argv[0], word,
			  name, command->usage);
	else
		log_error("%s: '%s' is no option of this command; 'skua %.*s --help' lists them",
			  argv[0], word, name, command->usage);
	return EXIT_USAGE;
}

const struct option_row *options_find(const struct option_command *command, const char *name)
{
	for (const struct option_row *row = command->rows; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

void options_begin(const struct option_command *command, void *settings,
		   struct option_origins *origins)
{
	memset(origins, 0, sizeof(*origins));
	for (const struct option_row *row = command->rows; row->name; row++) {
		int err = 0;

		assert(row - command->rows < OPTION_ROWS_MAX);
		if (row->initial && !(row->traits & OPTION_SAID))
			err = option_set(command, row, settings, origins, OPTION_DEFAULT,
					 row->initial);
		assert(!err);
		(void)err;
	}
}

int options_parse(const struct option_command *command, int argc, char **argv, void *settings,
		  int *first)
{
	struct option_origins origins;

	options_begin(command, settings, &origins);
	return options_override(command, argc, argv, settings, &origins, first);
}

int options_override(const struct option_command *command, int argc, char **argv, void *settings,
		     struct option_origins *origins, int *first)
{
	struct option table[OPTION_ROWS_MAX + 2] = { { "help", no_argument, NULL, 'h' } };
	/* "+": stop at the first that is no option; ":": tell what lacks a value. */
	char letters[2 * OPTION_ROWS_MAX + 5] = "+:h";
	int n = 1, code;

	for (const struct option_row *row = command->rows; row->name && n <= OPTION_ROWS_MAX;
	     row++, n++) {
		int argument = row->type == OPTION_FLAG ? no_argument : required_argument;
		char letter[3] = { row->letter, argument ? ':' : '\0' };

		table[n] = (struct option){ row->name, argument, NULL, LONG_BASE + n - 1 };
		if (row->letter)
			strcat(letters, letter);
	}
	optind = 1;
	opterr = 0; /* its messages name no remedy */
	while ((code = getopt_long(argc, argv, letters, table, NULL)) != -1) {
		const struct option_row *row = command->rows;
		int status;

		if (code == 'h')
			return print_help(command);
		if (code == '?' || code == ':')
			return refuse(command, argv, code);
		while (row->name && row->letter != code &&
		       LONG_BASE + (row - command->rows) != code)
			row++;
		status = set_or_say(command, row, settings, origins, optarg);
		if (status >= 0)
			return status;
	}
	*first = optind;
	return -1;
}

/* The first from there on that is an option; argc: there is none. */
static int next_option(int argc, char **argv, int at)
{
	while (at < argc && (argv[at][0] != '-' || !argv[at][1]))
		at++;
	return at < argc && strcmp(argv[at], "--") ? at : argc;
}

int options_parse_among(const struct option_command *command, int argc, char **argv, void *settings,
			int *first)
{
	int words, status = options_parse(command, argc, argv, settings, &words);
	bool ended = status < 0 && words > 1 && !strcmp(argv[words - 1], "--");

	while (status < 0) {
		int at = ended ? argc : next_option(argc, argv, words), more;
		char *before = argv[at - 1];

		if (at == argc) {
			*first = words;
			break;
		}
		argv[at - 1] = argv[0]; /* who complains */
		status = options_parse(command, argc - at + 1, argv + at - 1, settings, &more);
		argv[at - 1] = before;
		if (status >= 0)
			break;
		more += at - 1;
		ended = !strcmp(argv[more - 1], "--");
		memmove(argv + more - (at - words), argv + words, (at - words) * sizeof(*argv));
		words = more - (at - words);
	}
	return status;
}
