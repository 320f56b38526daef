// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever the JSON writer writes, jansson reads back: the same strings where
 * they are UTF-8, the same bytes in hexadecimal where not, the same numbers.
 * The input is a list of values, each a byte that says what, and its content.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct input {
	const uint8_t *at;
	size_t left;
};

static void need(bool good)
{
	if (!good)
		abort();
}

/* Up to so many bytes of the input; *got says how many there were. */
static const uint8_t *take(struct input *in, size_t wanted, size_t *got)
{
	const uint8_t *at = in->at;

	*got = wanted < in->left ? wanted : in->left;
	in->at += *got;
	in->left -= *got;
	return at;
}

static uint64_t take_word(struct input *in)
{
	uint64_t word = 0;
	size_t got;
	const uint8_t *at = take(in, sizeof(word), &got);

	memcpy(&word, at, got);
	return word;
}

static double as_double(uint64_t word)
{
	double value;

	memcpy(&value, &word, sizeof(value));
	return value;
}

static void write_value(struct json *json, struct input *in)
{
	size_t got;
	unsigned what = *take(in, 1, &got);
	const uint8_t *text;
	uint64_t word;

	json_open_object(json, NULL);
	switch (what & 3) {
	case 0:
	case 1:
		text = take(in, what >> 2, &got);
		json_put_bytes(json, "text", text, got);
		break;
	case 2:
		json_put_uint(json, "uint", take_word(in) >> 1); /* jansson's integers are signed */
		break;
	case 3:
		word = take_word(in);
		json_put_real(json, "real", as_double(word), what >> 2 & 15);
		break;
	}
	json_close(json);
}

/* Is this string what was written, or its bytes the hexadecimal twin? */
static void check_text(const json_t *object, const uint8_t *text, size_t length)
{
	const json_t *shown = json_object_get(object, "text");
	const json_t *hex = json_object_get(object, "text_hex");
	char digits[3];

	need(json_is_string(shown));
	if (!hex) {
		need(json_string_length(shown) == length);
		need(!memcmp(json_string_value(shown), text, length));
		return;
	}
	need(json_string_length(hex) == 2 * length);
	for (size_t i = 0; i < length; i++) {
		snprintf(digits, sizeof(digits), "%02x", text[i]);
		need(!memcmp(json_string_value(hex) + 2 * i, digits, 2));
	}
}

static void check_real(const json_t *real, double value, unsigned decimals)
{
	double step = 1, bound = 9007199254740992.0, read;

	if (!isfinite(value)) {
		need(json_is_null(real));
		return;
	}
	need(json_is_number(real));
	for (unsigned i = 0; i < decimals && i < 9; i++)
		step /= 10;
	read = json_number_value(real);
	value = value > bound ? bound : value < -bound ? -bound : value;
	need(fabs(read - value) <= step * 0.51 + fabs(value) * 1e-15);
}

static void check_value(const json_t *object, struct input *in)
{
	size_t got;
	unsigned what = *take(in, 1, &got);
	const uint8_t *text;

	switch (what & 3) {
	case 0:
	case 1:
		text = take(in, what >> 2, &got);
		check_text(object, text, got);
		break;
	case 2:
		need((uint64_t)json_integer_value(json_object_get(object, "uint")) ==
		     take_word(in) >> 1);
		break;
	case 3:
		check_real(json_object_get(object, "real"), as_double(take_word(in)),
			   what >> 2 & 15);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	struct json json;
	char *text = NULL;
	size_t length, i;
	FILE *stream = open_memstream(&text, &length);
	json_t *read, *object;

	json_init(&json, stream);
	json_open_array(&json, NULL);
	while (in.left)
		write_value(&json, &in);
	json_close(&json);
	fclose(stream);
	for (i = 0; i < length; i++) /* one line, and nothing for a terminal to obey */
		need((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
	read = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	need(read != NULL);
	in = (struct input){ bytes, size };
	json_array_foreach(read, i, object) check_value(object, &in);
	need(!in.left);
	json_decref(read);
	free(text);
	return 0;
}
