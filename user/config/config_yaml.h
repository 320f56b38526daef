/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A flat YAML file, event by event: one mapping from keys to single values or
 * lists of them.  What configuration does not need is refused with its place:
 * anchors, aliases, tags, directives, nesting, a second document.
 */
#ifndef SKUA_CONFIG_CONFIG_YAML_H
#define SKUA_CONFIG_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONFIG_FILE_BYTES 65536 /* of a file; more is refused with -EFBIG */
#define CONFIG_TEXT_BYTES 1024  /* of a key or value, its end included */
#define CONFIG_WHY 640

/* From 1, as editors count. */
struct config_place {
	uint32_t line, column; /* characters */
};

struct config_fault {
	struct config_place at;
	char why[CONFIG_WHY];
};

struct config_word {
	struct config_place at;
	const char *text; /* ends with a zero, which it does not hold */
	bool quoted;
};

/* Each returns NULL, or what is wrong, told of the place of the word; arg: of the caller. */
struct config_taker {
	/* A key; its value, or the elements of its list, follow. */
	const char *(*key)(void *arg, const struct config_word *key);
	/* A value, or one of a list. */
	const char *(*value)(void *arg, const struct config_word *value);
	/* A list begins, which may be empty. */
	const char *(*list)(void *arg);
};

/* 0; -EINVAL and *fault filled; or -ENOMEM. */
int config_yaml_read(const char *text, size_t length, const struct config_taker *taker, void *arg,
		     struct config_fault *fault);

#endif /* SKUA_CONFIG_CONFIG_YAML_H */
