/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Command line options: one table per command feeds the parser and --help, so
 * that neither can forget what the other knows.
 */
#ifndef SKUA_OPTION_OPTIONS_H
#define SKUA_OPTION_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/address.h"

#define OPTION_NETWORKS 32
#define OPTION_TEXTS_MAX 64
#define OPTION_ROWS_MAX 128

enum option_type {
	OPTION_FLAG,    /* bool */
	OPTION_TEXT,    /* const char * */
	OPTION_SHARE,   /* double, 0 to 1 */
	OPTION_CHOICE,  /* int: index into the choices, words with spaces between */
	OPTION_NETWORK, /* struct option_networks; repeatable, or with commas between */
	OPTION_TEXTS,   /* struct option_texts; repeatable */
	OPTION_NUMBER,  /* uint64_t, not 0 */
};

/* What else is to be known of an option; all zero will do. */
enum option_trait {
	OPTION_RELOADS = 1,      /* a changed value holds after SIGHUP, without a restart */
	OPTION_COMMAND_LINE = 2, /* makes no sense in a file or in the environment */
	OPTION_POWER_OF_2 = 4,   /* of a number */
	OPTION_SAID = 8, /* initial is what holds while nothing is set: said to people, not set */
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
	const char *value; /* placeholder, which names the unit, or the choices */
	const char *help;
	/* From here on all may be left out. */
	const char *initial; /* what holds if nobody says otherwise, as one would write it */
	uint64_t max;        /* of a number; 0: the greatest there is */
	unsigned traits;     /* enum option_trait */
};

/* Where a value came from; a later one goes before an earlier one. */
enum option_layer { OPTION_DEFAULT, OPTION_FILE, OPTION_ENVIRONMENT, OPTION_ARGUMENT };

struct option_origins {
	struct {
		uint8_t layer; /* enum option_layer */
		uint32_t line; /* in the file */
	} rows[OPTION_ROWS_MAX];
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
/* The same, but origins and settings know already what holds without the command line. */
int options_override(const struct option_command *command, int argc, char **argv, void *settings,
		     struct option_origins *origins, int *first);
/* Sets what holds if nobody says otherwise. */
void options_begin(const struct option_command *command, void *settings,
		   struct option_origins *origins);
/* The option of this long name, or NULL. */
const struct option_row *options_find(const struct option_command *command, const char *name);

/*
 * The same where options may stand behind words as well, up to "--": argv is
 * put in order, words last.  For files and filters, of which none but "-"
 * begins with a dash.
 */
int options_parse_among(const struct option_command *command, int argc, char **argv, void *settings,
			int *first);

#endif /* SKUA_OPTION_OPTIONS_H */
