// SPDX-License-Identifier: BSD-2-Clause
/* One value of one option: from text into settings, out again, and what is wrong with it. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "option/option_value.h"

uint64_t option_max(const struct option_row *row)
{
	return row->max ? row->max : UINT64_MAX;
}

bool option_is_list(const struct option_row *row)
{
	return row->type == OPTION_TEXTS || row->type == OPTION_NETWORK;
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

	/* strtod() would take blanks, hexadecimal digits and "nan" as well. */
	if (end == text || *end || text[strspn(text, "0123456789.eE+-")] ||
	    !(number >= 0 && number <= 1))
		return -EINVAL;
	*to = number;
	return 0;
}

static int set_number(const struct option_row *row, uint64_t *to, const char *text)
{
	char *end;
	unsigned long long number;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() would take blanks and a sign as well. */
	if (!isdigit((unsigned char)text[0]) || *end || errno || !number ||
	    number > option_max(row))
		return -EINVAL;
	if (row->traits & OPTION_POWER_OF_2 && number & (number - 1))
		return -EINVAL;
	*to = number;
	return 0;
}

static int set_flag(bool *to, const char *text)
{
	if (text && strcmp(text, "true") && strcmp(text, "false"))
		return -EINVAL;
	*to = !text || !strcmp(text, "true");
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
		return set_flag(to, text);
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
		return set_number(row, to, text);
	}
	return -EINVAL;
}

void option_clear(const struct option_row *row, void *settings)
{
	void *to = (char *)settings + row->offset;

	if (row->type == OPTION_TEXTS)
		((struct option_texts *)to)->count = 0;
	else if (row->type == OPTION_NETWORK)
		((struct option_networks *)to)->count = 0;
}

int option_set(const struct option_command *command, const struct option_row *row, void *settings,
	       struct option_origins *origins, enum option_layer layer, const char *text)
{
	size_t i = row - command->rows;
	int err;

	/* A list is all of one layer. */
	if (origins->rows[i].layer != layer)
		option_clear(row, settings);
	err = set(row, settings, text);
	if (!err)
		origins->rows[i].layer = layer;
	return err;
}

const char *option_explain(const struct option_row *row, int err, const char *text,
			   char why[OPTION_WHY])
{
	char shown[OPTION_WHY / 2];
	const char *power = row->traits & OPTION_POWER_OF_2 ? "power of two" : "whole number";

	text_escape(shown, sizeof(shown), text ? text : "", text ? strlen(text) : 0);
	if (err == -ENOSPC && row->type == OPTION_TEXTS)
		snprintf(why, OPTION_WHY, "at most %d times; name fewer", OPTION_TEXTS_MAX);
	else if (err == -ENOSPC)
		snprintf(why, OPTION_WHY, "at most %d networks; join some to larger ones",
			 OPTION_NETWORKS);
	else if (row->type == OPTION_NUMBER && row->max)
		snprintf(why, OPTION_WHY, "'%s' is not a %s from 1 to %llu", shown, power,
			 (unsigned long long)row->max);
	else if (row->type == OPTION_NUMBER)
		snprintf(why, OPTION_WHY, "'%s' is not a %s from 1 on", shown, power);
	else if (row->type == OPTION_CHOICE)
		snprintf(why, OPTION_WHY, "'%s' is none of: %s", shown, row->value);
	else if (row->type == OPTION_SHARE)
		snprintf(why, OPTION_WHY, "'%s' is not a number from 0 to 1", shown);
	else if (row->type == OPTION_FLAG)
		snprintf(why, OPTION_WHY, "'%s' is neither true nor false", shown);
	else
		snprintf(why, OPTION_WHY, "'%s' is not an address or network such as 10.0.0.0/8",
			 shown);
	return why;
}
