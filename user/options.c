// SPDX-License-Identifier: BSD-2-Clause
/* Command line options from tables, parsed by getopt_long. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "cmd.h"
#include "options.h"

#define ROWS_MAX 64
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
	printf("  %-26s %s%s%s%s\n", names, row->help, choice ? " (" : "", choice ? value : "",
	       choice ? ")" : "");
}

static int print_help(const struct option_command *command)
{
	printf("Usage: skua %s\n\n%s\n\n", command->usage, command->about);
	for (const struct option_row *row = command->rows; row->name; row++)
		print_row(row);
	printf("  %-26s %s\n", "-h, --help", "this text");
	return EXIT_OK;
}

/* The choice's index, or -1. */
static int choose(const char *choices, const char *word)
{
	size_t length = strlen(word);

	for (int i = 0; *choices; i++) {
		size_t n = strcspn(choices, " ");

		if (n == length && !memcmp(choices, word, n))
			return i;
		choices += n + strspn(choices + n, " ");
	}
	return -1;
}

static int add_networks(struct option_networks *to, const char *text)
{
	char copy[512], *rest = copy, *word;

	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, text);
	while ((word = strsep(&rest, ","))) {
		if (to->count == OPTION_NETWORKS)
			return -ENOSPC;
		if (network_parse(&to->networks[to->count], word))
			return -EINVAL;
		to->count++;
	}
	return 0;
}

static int set_share(double *to, const char *text)
{
	char *end;
	double number = strtod(text, &end);

	if (end == text || *end || !(number >= 0 && number <= 1))
		return -EINVAL;
	*to = number;
	return 0;
}

static int set_number(uint64_t *to, const char *text)
{
	char *end;
	unsigned long long number;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() would take blanks and a sign as well. */
	if (!isdigit((unsigned char)text[0]) || *end || errno || !number)
		return -EINVAL;
	*to = number;
	return 0;
}

static int add_text(struct option_texts *to, const char *text)
{
	if (to->count == OPTION_TEXTS_MAX)
		return -ENOSPC;
	to->texts[to->count++] = text;
	return 0;
}

static int set(const struct option_row *row, void *settings, const char *text)
{
	void *to = (char *)settings + row->offset;
	int choice;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)to = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)to = text;
		return 0;
	case OPTION_SHARE:
		return set_share(to, text);
	case OPTION_CHOICE:
		choice = choose(row->value, text);
		if (choice < 0)
			return -EINVAL;
		*(int *)to = choice;
		return 0;
	case OPTION_NETWORK:
		return add_networks(to, text);
	case OPTION_TEXTS:
		return add_text(to, text);
	case OPTION_NUMBER:
		return set_number(to, text);
	}
	return -EINVAL;
}

static int set_or_say(const struct option_row *row, void *settings, const char *text)
{
	int err = set(row, settings, text);

	if (!err)
		return -1;
	if (err == -ENOSPC && row->type == OPTION_TEXTS)
		log_error("--%s: at most %d times; a glob may name several", row->name,
			  OPTION_TEXTS_MAX);
	else if (err == -ENOSPC)
		log_error("--%s: at most %d networks; join some to larger ones", row->name,
			  OPTION_NETWORKS);
	else if (row->type == OPTION_NUMBER)
		log_error("--%s: '%s' is not a whole number from 1 on", row->name, text);
	else if (row->type == OPTION_CHOICE)
		log_error("--%s: '%s' is none of: %s", row->name, text, row->value);
	else if (row->type == OPTION_SHARE)
		log_error("--%s: '%s' is not a number from 0 to 1", row->name, text);
	else
		log_error("--%s: '%s' is not an address or network such as 10.0.0.0/8", row->name,
			  text);
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

int options_parse(const struct option_command *command, int argc, char **argv, void *settings,
		  int *first)
{
	struct option table[ROWS_MAX + 2] = { { "help", no_argument, NULL, 'h' } };
	/* "+": stop at the first that is no option; ":": tell what lacks a value. */
	char letters[2 * ROWS_MAX + 5] = "+:h";
	int n = 1, code;

	for (const struct option_row *row = command->rows; row->name && n <= ROWS_MAX; row++, n++) {
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
		status = set_or_say(row, settings, optarg);
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
