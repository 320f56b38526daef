// SPDX-License-Identifier: BSD-2-Clause
/* Names that stand for text in a scenario. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "variables.h"

static const struct variable *find(const struct variables *variables, const char *name)
{
	for (unsigned i = 0; i < variables->count; i++)
		if (!strcmp(variables->list[i].name, name))
			return &variables->list[i];
	return NULL;
}

int variables_set(struct variables *variables, const char *name, const char *value, bool fixed)
{
	struct variable *variable = (struct variable *)find(variables, name);

	if (!*name || name[strspn(name, VARIABLE_LETTERS)] ||
	    strlen(name) >= sizeof(variable->name) || strlen(value) >= sizeof(variable->value))
		return -EINVAL;
	if (!variable) {
		if (variables->count == VARIABLES)
			return -ENOSPC;
		variable = &variables->list[variables->count++];
		strcpy(variable->name, name);
	}
	if (fixed || !variable->fixed)
		strcpy(variable->value, value);
	variable->fixed |= fixed;
	variable->declared |= !fixed;
	return 0;
}

int variables_assign(struct variables *variables, const char *assignment)
{
	size_t length = strcspn(assignment, "=");
	char name[sizeof(variables->list[0].name)];

	if (!assignment[length] || length >= sizeof(name))
		return -EINVAL;
	memcpy(name, assignment, length);
	name[length] = 0;
	return variables_set(variables, name, assignment + length + 1, true);
}

int variables_expand(const struct variables *variables, const char *from, char *to, size_t size)
{
	size_t used = 0;

	while (*from) {
		size_t length = strcspn(from, "$"), name;
		const struct variable *variable;
		char *at = to + used;

		if (length >= size - used)
			return -ENOSPC;
		memcpy(at, from, length);
		at[length] = 0;
		used += length;
		from += length;
		if (!*from)
			break;
		name = strspn(++from, VARIABLE_LETTERS);
		if (name >= size - used)
			return -ENOSPC;
		at = to + used;
		memcpy(at, from, name);
		at[name] = 0;
		variable = find(variables, at);
		if (!variable) {
			memmove(to, at, name + 1);
			return -ENOENT;
		}
		if (strlen(variable->value) >= size - used)
			return -ENOSPC;
		strcpy(at, variable->value);
		used += strlen(at);
		from += name;
	}
	to[used] = 0;
	return 0;
}

const char *variables_stray(const struct variables *variables)
{
	for (unsigned i = 0; i < variables->count; i++)
		if (!variables->list[i].declared)
			return variables->list[i].name;
	return NULL;
}
