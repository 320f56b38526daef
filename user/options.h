/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command line options: one table per command feeds the parser and --help, so
 * that neither can forget what the other knows.
 */
#ifndef SKUA_OPTIONS_H
#define SKUA_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/address.h"

#define OPTION_NETWORKS 32
#define OPTION_TEXTS_MAX 64

enum option_type {
	OPTION_FLAG,    /* bool */
	OPTION_TEXT,    /* const char * */
	OPTION_SHARE,   /* double, 0 to 1 */
	OPTION_CHOICE,  /* int: index into the choices, words with spaces between */
	OPTION_NETWORK, /* struct option_networks; repeatable, or with commas between */
	OPTION_TEXTS,   /* struct option_texts; repeatable */
	OPTION_NUMBER,  /* uint64_t, not 0 */
};

struct option_networks {
	struct network networks[OPTION_NETWORKS];
	unsigned count;
};

struct option_texts {
	const char *texts[OPTION_TEXTS_MAX];
	unsigned count;
};

/* Where in the command's settings a value goes, and how it is described. */
struct option_row {
	const char *name;
	char letter; /* 0: none */
	enum option_type type;
	size_t offset;
	const char *value; /* placeholder, or the choices */
	const char *help;
};

struct option_command {
	const char *usage;             /* "replay [OPTION]... FILE... [FILTER]" */
	const char *about;             /* a paragraph */
	const struct option_row *rows; /* ended by a NULL name */
};

/*
 * Fills settings; *first is the index of the first argument that is no option.
 * Returns -1, or the exit status: help was printed, or the error was logged.
 */
int options_parse(const struct option_command *command, int argc, char **argv, void *settings,
		  int *first);

/*
 * The same where options may stand behind words as well, up to "--": argv is
 * put in order, words last.  For files and filters, of which none but "-"
 * begins with a dash.
 */
int options_parse_among(const struct option_command *command, int argc, char **argv, void *settings,
			int *first);

#endif /* SKUA_OPTIONS_H */
