// SPDX-License-Identifier: BSD-2-Clause
/* The options as a JSON Schema, for editors and for whoever makes configurations. */
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "config/config_write.h"
#include "option/option_value.h"

static void write_choices(struct json *json, const char *choices)
{
	json_open_array(json, "enum");
	while (*choices) {
		size_t length = strcspn(choices, " ");

		json_put_bytes(json, NULL, choices, length);
		choices += length + strspn(choices + length, " ");
	}
	json_close(json);
}

static void write_number(struct json *json, const struct option_row *row)
{
	bool set = row->initial && !(row->traits & OPTION_SAID);

	json_put_text(json, "type", "integer");
	if (row->traits & OPTION_POWER_OF_2) {
		json_open_array(json, "enum");
		for (uint64_t n = 1; n && n <= option_max(row); n <<= 1)
			json_put_uint(json, NULL, n);
		json_close(json);
	} else {
		json_put_uint(json, "minimum", 1);
		json_put_uint(json, "maximum", option_max(row));
	}
	if (set)
		json_put_uint(json, "default", strtoull(row->initial, NULL, 10));
}

static void write_texts(struct json *json, uint64_t most)
{
	json_open_array(json, "type");
	json_put_text(json, NULL, "string");
	json_put_text(json, NULL, "array");
	json_close(json);
	json_open_object(json, "items");
	json_put_text(json, "type", "string");
	json_put_uint(json, "maxLength", CONFIG_TEXT_BYTES - 1);
	json_close(json);
	json_put_uint(json, "maxItems", most);
	json_put_uint(json, "maxLength", CONFIG_TEXT_BYTES - 1);
}

static void write_type(struct json *json, const struct option_row *row)
{
	switch (row->type) {
	case OPTION_FLAG:
		json_put_text(json, "type", "boolean");
		json_put_bool(json, "default", false);
		break;
	case OPTION_SHARE:
		json_put_text(json, "type", "number");
		json_put_uint(json, "minimum", 0);
		json_put_uint(json, "maximum", 1);
		if (row->initial)
			json_put_real(json, "default", strtod(row->initial, NULL), 3);
		break;
	case OPTION_CHOICE:
		write_choices(json, row->value);
		json_put_bytes(json, "default", row->value, strcspn(row->value, " "));
		break;
	case OPTION_NUMBER:
		write_number(json, row);
		break;
	case OPTION_TEXT:
		json_put_text(json, "type", "string");
		json_put_uint(json, "maxLength", CONFIG_TEXT_BYTES - 1);
		break;
	case OPTION_TEXTS:
		write_texts(json, OPTION_TEXTS_MAX);
		break;
	case OPTION_NETWORK:
		write_texts(json, OPTION_NETWORKS);
		break;
	}
}

void config_write_schema(FILE *stream, const struct option_command *command)
{
	struct json json;

	json_init(&json, stream);
	json_open_object(&json, NULL);
	json_put_text(&json, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_put_text(&json, "title", "skua.yaml");
	json_put_text(&json, "description", "the configuration of skua run");
	json_put_text(&json, "type", "object");
	json_put_bool(&json, "additionalProperties", false);
	json_open_object(&json, "properties");
	for (const struct option_row *row = command->rows; row->name; row++) {
		if (row->traits & OPTION_COMMAND_LINE)
			continue;
		json_open_object(&json, row->name);
		json_put_text(&json, "description", row->help);
		if (row->value && row->type != OPTION_CHOICE)
			json_put_text(&json, "title", row->value);
		write_type(&json, row);
		json_close(&json);
	}
	json_close(&json);
	json_close(&json);
	json_end_line(&json);
}
