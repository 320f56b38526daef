/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a file of YAML, from the environment and from KEY=VALUE to the options
 * of a command: strict, every fault told with its place and the nearest key.
 */
#ifndef SKUA_CONFIG_CONFIG_ROWS_H
#define SKUA_CONFIG_CONFIG_ROWS_H

#include "config/config_yaml.h"
#include "option/options.h"

#define CONFIG_KEPT_BYTES (1u << 20) /* of texts that settings hold; full: refused, -ENOSPC */

/* Texts that settings point into; equal ones are there once, so reading again adds nothing. */
struct config_texts {
	struct config_text *first;
	size_t bytes;
};

/* NULL: there is no room.  The text lives until config_texts_free(). */
const char *config_texts_keep(struct config_texts *texts, const char *text);
void config_texts_free(struct config_texts *texts);

/* Settings being filled. */
struct config_rows {
	const struct option_command *command;
	void *settings;
	struct option_origins *origins;
	struct config_texts *texts;
};

/* 0; -EINVAL and *fault filled; or -ENOMEM. */
int config_rows_yaml(const struct config_rows *rows, const char *text, size_t length,
		     struct config_fault *fault);
/* One text for an option as --set and the environment have it; commas part the elements of a list.
 * 0, or -EINVAL and why. */
int config_rows_text(const struct config_rows *rows, const struct option_row *row,
		     enum option_layer layer, const char *text, char why[CONFIG_WHY]);
/* The option of that name, or NULL and why: the nearest key, or what else helps. */
const struct option_row *config_rows_find(const struct option_command *command, const char *name,
					  char why[CONFIG_WHY]);
/* The key that a word was most likely meant to be, or NULL. */
const struct option_row *config_rows_nearest(const struct option_command *command,
					     const char *word);

#endif /* SKUA_CONFIG_CONFIG_ROWS_H */
