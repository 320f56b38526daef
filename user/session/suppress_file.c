// SPDX-License-Identifier: BSD-2-Clause
/* Changes a file of suppressions, all of it or nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/kept_file.h"
#include "base/lines.h"
#include "session/suppress_file.h"

#define FILE_MODE 0644 /* the agent reads it again with the rights of its account */

static const char head[] = "# Findings that need not be said: see skua(8), \"suppress\".\n";

/* *text ends with a newline and a zero; a file that is not there is its first line. */
static int read_text(const struct kept_file *file, char **text)
{
	void *bytes = NULL;
	size_t size = 0;
	int err = kept_file_read(file, LINES_BYTES, &bytes, &size);
	char *grown;

	if (err == -ENOENT) {
		*text = strdup(head);
		return *text ? 0 : -ENOMEM;
	}
	if (err)
		return err;
	grown = realloc(bytes, size + 2);
	if (!grown) {
		free(bytes);
		return -ENOMEM;
	}
	if (size && grown[size - 1] != '\n')
		grown[size++] = '\n';
	grown[size] = '\0';
	*text = grown;
	return 0;
}

/* Is the rule of this id on the line, which ends at end? */
static bool is_line_of(const char *line, const char *end, const char *id)
{
	char copy[LINES_LENGTH], *at = copy;
	struct suppression rule;
	size_t length = end - line;

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, line, length);
	copy[length] = '\0';
	while (length && strchr(" \t\r", copy[length - 1]))
		copy[--length] = '\0';
	at += strspn(at, " \t");
	return !suppression_parse(&rule, at) && !strcmp(rule.id, id);
}

static int write_text(const struct kept_file *file, const char *text)
{
	return kept_file_write(file, text, strlen(text), FILE_MODE);
}

int suppress_file_add(const char *path, const struct suppression *rule)
{
	char line[SUPPRESSION_LINE], *text = NULL, *all = NULL;
	struct kept_file file;
	int err = kept_file_open(&file, path, -1, -1);

	if (err)
		return err;
	err = read_text(&file, &text);
	if (!err && asprintf(&all, "%s%s\n", text, suppression_format(rule, line)) < 0)
		err = -ENOMEM;
	if (!err)
		err = write_text(&file, all);
	free(all);
	free(text);
	kept_file_close(&file);
	return err;
}

int suppress_file_remove(const char *path, const char *id)
{
	struct kept_file file;
	char *text = NULL;
	int err = kept_file_open(&file, path, -1, -1);

	if (err)
		return err;
	err = read_text(&file, &text);
	if (!err) {
		char *line = text, *end = NULL;

		while (*line && (end = strchr(line, '\n')) && !is_line_of(line, end, id))
			line = end + 1;
		err = *line ? 0 : -ENOENT;
		if (!err)
			memmove(line, end + 1, strlen(end + 1) + 1);
	}
	if (!err)
		err = write_text(&file, text);
	free(text);
	kept_file_close(&file);
	return err;
}
