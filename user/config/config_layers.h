/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of `skua run`: one table of options feeds the command line,
 * the file, the environment, their documentation and the schema.  What holds by
 * itself < the file < SKUA_* in the environment < the command line.
 */
#ifndef SKUA_CONFIG_CONFIG_LAYERS_H
#define SKUA_CONFIG_CONFIG_LAYERS_H

#include <stdio.h>
#include "config/config_rows.h"

#define CONFIG_PATH "/etc/skua/skua.yaml" /* read when it is there and no other is named */

/* Part of the settings of a command that can be configured. */
struct config_settings {
	const char *path; /* NULL: CONFIG_PATH, if it is there */
	struct option_texts set;
	bool test;
};

/* Rows of such a command; to: where its struct config_settings lies. */
#define CONFIG_OPTIONS(to)                                                                         \
	{ "config",                                                                                \
	  'c',                                                                                     \
	  OPTION_TEXT,                                                                             \
	  (to) + offsetof(struct config_settings, path),                                           \
	  "FILE",                                                                                  \
	  "take what is not said here from this file: see skua.yaml(5)",                           \
	  CONFIG_PATH,                                                                             \
	  0,                                                                                       \
	  OPTION_SAID | OPTION_COMMAND_LINE },                                                     \
		{ "test-config",                                                                   \
		  'T',                                                                             \
		  OPTION_FLAG,                                                                     \
		  (to) + offsetof(struct config_settings, test),                                   \
		  NULL,                                                                            \
		  "say whether the configuration is good, and exit",                               \
		  NULL,                                                                            \
		  0,                                                                               \
		  OPTION_COMMAND_LINE },                                                           \
	{                                                                                          \
		"set", 0, OPTION_TEXTS, (to) + offsetof(struct config_settings, set), "KEY=VALUE", \
			"as in the file, which this goes before; repeatable", NULL, 0,             \
			OPTION_COMMAND_LINE                                                        \
	}

/* All zero but the first four, which are borrowed. */
struct config {
	const struct option_command *command;
	size_t settings; /* where struct config_settings lies in the command's */
	int argc;
	char **argv;
	struct config_texts texts;
	struct option_origins origins;
	char path[4096]; /* of the file that was read; empty: none */
	int first;       /* index of the first argument that is no option */
};

/*
 * Fills settings, of size bytes, from all layers; may be called again for others.  -1, or the exit
 * status: help was printed, or what is wrong has been logged, with file, line and column.
 */
int config_load(struct config *config, void *settings, size_t size);
/* One file over what holds by itself: 0, or -errno, which has been logged, but for -ENOENT of one
 * that may miss. */
int config_read_file(const struct config_rows *rows, const char *path, bool may_miss);
/* After the last use of settings. */
void config_close(struct config *config);

/* The name in the environment: "SKUA_MIN_SCORE". */
#define CONFIG_VARIABLE 80
const char *config_variable(const struct option_row *row, char to[CONFIG_VARIABLE]);

#endif /* SKUA_CONFIG_CONFIG_LAYERS_H */
