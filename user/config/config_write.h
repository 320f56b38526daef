/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be configured, and what is, as people and programs read it. */
#ifndef SKUA_CONFIG_CONFIG_WRITE_H
#define SKUA_CONFIG_CONFIG_WRITE_H

#include "config/config_layers.h"

/* Every value in force and where it came from; it can be read again as a configuration. */
void config_write_values(FILE *stream, const struct config *config, const void *settings);
/* Every option with its help and what holds by itself, as comments: deploy/skua.yaml. */
void config_write_sample(FILE *stream, const struct option_command *command);
/* The options in mdoc(7): the list in skua.yaml(5). */
void config_write_mdoc(FILE *stream, const struct option_command *command);
/* A JSON Schema, draft 2020-12. */
void config_write_schema(FILE *stream, const struct option_command *command);

#endif /* SKUA_CONFIG_CONFIG_WRITE_H */
