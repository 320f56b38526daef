// SPDX-License-Identifier: BSD-2-Clause
/* From YAML, the environment and KEY=VALUE to the options of a command. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "config/config_rows.h"
#include "option/nearest.h"
#include "option/option_value.h"

#define SHOWN 160 /* bytes of a strange word that are shown */

/* What one file is read into. */
struct filling {
	const struct config_rows *rows;
	const struct option_row *row; /* of the last key */
	uint32_t line;                /* where it stands */
	bool seen[OPTION_ROWS_MAX];
	char why[CONFIG_WHY];
};

const struct option_row *config_rows_nearest(const struct option_command *command, const char *word)
{
	const struct option_row *nearest = NULL;
	unsigned least = NEAREST_LENGTH;

	for (const struct option_row *row = command->rows; row->name; row++) {
		unsigned edits = nearest_edits(word, row->name);

		if (row->traits & OPTION_COMMAND_LINE || edits >= least)
			continue;
		least = edits;
		nearest = row;
	}
	return nearest && nearest_is_near(least, nearest->name) ? nearest : NULL;
}

const struct option_row *config_rows_find(const struct option_command *command, const char *name,
					  char why[CONFIG_WHY])
{
	const struct option_row *row = options_find(command, name);
	char shown[SHOWN];

	if (row && !(row->traits & OPTION_COMMAND_LINE))
		return row;
	text_escape(shown, sizeof(shown), name, strlen(name));
	if (row) {
		snprintf(why, CONFIG_WHY, "'%s' is for the command line only", shown);
		return NULL;
	}
	row = config_rows_nearest(command, name);
	if (row)
		snprintf(why, CONFIG_WHY, "unknown key '%s': did you mean '%s'?", shown, row->name);
	else
		snprintf(why, CONFIG_WHY,
			 "unknown key '%s': 'skua config dump --commented' lists them", shown);
	return NULL;
}

/* What a plain word means in YAML, other than a text; NULL: a text. */
static const char *plain_type(const char *text)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t digits;

	if (!*text || !strcmp(text, "~"))
		return "null";
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcasecmp(text, words[i]))
			return i < 2 ? "a truth value" : "null";
	if (!strcasecmp(text, ".nan") || !strcasecmp(text + strspn(text, "+-"), ".inf"))
		return "a number";
	text += *text == '+' || *text == '-';
	if ((!strncmp(text, "0x", 2) || !strncmp(text, "0o", 2)) && text[2] &&
	    !text[2 + strspn(text + 2, "0123456789abcdefABCDEF")])
		return "a number";
	digits = strspn(text, "0123456789.");
	if (!digits || !isdigit((unsigned char)text[text[0] == '.']))
		return NULL;
	if (memchr(text, '.', digits) != memrchr(text, '.', digits))
		return NULL;
	if (text[digits] == 'e' || text[digits] == 'E') {
		digits++;
		digits += text[digits] == '+' || text[digits] == '-';
		if (!isdigit((unsigned char)text[digits]))
			return NULL;
		digits += strspn(text + digits, "0123456789");
	}
	return text[digits] ? NULL : "a number";
}

static bool wants_text(const struct option_row *row)
{
	return row->type == OPTION_TEXT || row->type == OPTION_CHOICE || option_is_list(row);
}

/* NULL, or what is wrong with its type. */
static const char *check_type(struct filling *filling, const struct config_word *word)
{
	const struct option_row *row = filling->row;
	const char *type = word->quoted ? NULL : plain_type(word->text);
	char shown[SHOWN];

	text_escape(shown, sizeof(shown), word->text, strlen(word->text));
	if (type && !strcmp(type, "null"))
		snprintf(filling->why, CONFIG_WHY,
			 "%s: a value is missing; leave the line out for what holds by itself",
			 row->name);
	else if (type && wants_text(row))
		snprintf(filling->why, CONFIG_WHY, "%s: '%s' is %s in YAML; in quotes it is a text",
			 row->name, shown, type);
	else if (word->quoted && !wants_text(row))
		snprintf(filling->why, CONFIG_WHY, "%s: \"%s\" is a text; write it without quotes",
			 row->name, shown);
	else
		return NULL;
	return filling->why;
}

static const char *take_key(void *arg, const struct config_word *key)
{
	struct filling *filling = arg;
	const struct config_rows *rows = filling->rows;
	size_t i;

	filling->row = config_rows_find(rows->command, key->text, filling->why);
	if (!filling->row)
		return filling->why;
	i = filling->row - rows->command->rows;
	if (filling->seen[i]) {
		snprintf(filling->why, CONFIG_WHY, "%s: is set in line %u already", key->text,
			 rows->origins->rows[i].line);
		return filling->why;
	}
	filling->seen[i] = true;
	filling->line = key->at.line;
	return NULL;
}

static const char *take_list(void *arg)
{
	struct filling *filling = arg;
	size_t i = filling->row - filling->rows->command->rows;

	if (!option_is_list(filling->row)) {
		snprintf(filling->why, CONFIG_WHY, "%s: a list, where one value belongs",
			 filling->row->name);
		return filling->why;
	}
	/* It may be empty, and says so. */
	option_clear(filling->row, filling->rows->settings);
	filling->rows->origins->rows[i].layer = OPTION_FILE;
	filling->rows->origins->rows[i].line = filling->line;
	return NULL;
}

static const char *take_value(void *arg, const struct config_word *value)
{
	struct filling *filling = arg;
	const struct config_rows *rows = filling->rows;
	char why[OPTION_WHY];
	const char *text;
	int err;

	if (check_type(filling, value))
		return filling->why;
	text = config_texts_keep(rows->texts, value->text);
	if (!text)
		return "there is no room for this text: use fewer, or start anew";
	err = option_set(rows->command, filling->row, rows->settings, rows->origins, OPTION_FILE,
			 text);
	if (!err) {
		rows->origins->rows[filling->row - rows->command->rows].line = filling->line;
		return NULL;
	}
	snprintf(filling->why, CONFIG_WHY, "%s: %s", filling->row->name,
		 option_explain(filling->row, err, text, why));
	return filling->why;
}

int config_rows_yaml(const struct config_rows *rows, const char *text, size_t length,
		     struct config_fault *fault)
{
	static const struct config_taker taker = { .key = take_key,
						   .value = take_value,
						   .list = take_list };
	struct filling filling = { .rows = rows };

	return config_yaml_read(text, length, &taker, &filling, fault);
}

/* Empty words are no elements. */
static int set_elements(const struct config_rows *rows, const struct option_row *row,
			enum option_layer layer, const char *text)
{
	char copy[CONFIG_TEXT_BYTES], *rest = copy, *word;

	if (strlen(text) >= sizeof(copy))
		return -E2BIG;
	strcpy(copy, text);
	while ((word = strsep(&rest, ","))) {
		const char *kept = *word ? config_texts_keep(rows->texts, word) : "";
		int err = !kept ? -ENOMEM : 0;

		if (*word && !err)
			err = option_set(rows->command, row, rows->settings, rows->origins, layer,
					 kept);
		if (err)
			return err;
	}
	return 0;
}

int config_rows_text(const struct config_rows *rows, const struct option_row *row,
		     enum option_layer layer, const char *text, char why[CONFIG_WHY])
{
	char piece[OPTION_WHY];
	int err;

	if (option_is_list(row)) {
		err = set_elements(rows, row, layer, text);
	} else {
		text = config_texts_keep(rows->texts, text);
		err = !text ? -ENOMEM
			    : option_set(rows->command, row, rows->settings, rows->origins, layer,
					 text);
	}
	if (err == -E2BIG || err == -ENOMEM)
		snprintf(why, CONFIG_WHY, "this is too long");
	else if (err)
		snprintf(why, CONFIG_WHY, "%s", option_explain(row, err, text, piece));
	return err ? -EINVAL : 0;
}
