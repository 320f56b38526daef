/* SPDX-License-Identifier: BSD-2-Clause */
/* Names that stand for text in a scenario: "set flows 100000", then "$flows". */
#ifndef SKUA_GEN_VARIABLES_H
#define SKUA_GEN_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#define VARIABLES 32
#define VARIABLE_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_"

struct variable {
	char name[32], value[128];
	bool fixed;    /* from outside: the scenario's own default does not change it */
	bool declared; /* by the scenario */
};

struct variables {
	struct variable list[VARIABLES];
	unsigned count;
};

/* 0, -EINVAL for a name or value that does not fit, -ENOSPC. */
int variables_set(struct variables *variables, const char *name, const char *value, bool fixed);
/* "name=value", fixed. */
int variables_assign(struct variables *variables, const char *assignment);
/* Copies from with every $name replaced: 0, -ENOSPC, or -ENOENT with the unknown name in to. */
int variables_expand(const struct variables *variables, const char *from, char *to, size_t size);
/* One that was set from outside and never declared, or NULL. */
const char *variables_stray(const struct variables *variables);

#endif /* SKUA_GEN_VARIABLES_H */
