// SPDX-License-Identifier: BSD-2-Clause
/* Whatever the writer is given, what it writes is JSON, and nothing of it is lost. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "tap.h"

/* The text of one value named "v" in an object, to be freed. */
static char *written_bytes(const void *bytes, size_t length)
{
	struct json json;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	json_init(&json, stream);
	json_open_object(&json, NULL);
	json_put_bytes(&json, "v", bytes, length);
	json_close(&json);
	fclose(stream);
	return text;
}

static char *written_real(double value, unsigned decimals)
{
	struct json json;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	json_init(&json, stream);
	json_put_real(&json, NULL, value, decimals);
	fclose(stream);
	return text;
}

static bool is(char *text, const char *expected)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# got  %s\n# want %s\n", text, expected);
	free(text);
	return same;
}

#define BYTES(text) written_bytes(text, sizeof(text) - 1)

static void test_text(void)
{
	ok(is(BYTES("plain"), "{\"v\":\"plain\"}"), "plain text stays as it is");
	ok(is(BYTES("a\"b\\c"), "{\"v\":\"a\\\"b\\\\c\"}"), "quotes and backslashes are escaped");
	ok(is(BYTES("\r\n\t\033[31m\0z"), "{\"v\":\"\\u000d\\u000a\\u0009\\u001b[31m\\u0000z\"}"),
	   "controls are escaped, a zero byte included");
	ok(is(BYTES("\x7f\xc2\x9b"), "{\"v\":\"\\u007f\\u009b\"}"), "DEL and C1 are escaped");
	ok(is(BYTES("M\xc3\xbcnchen \xe2\x82\xac \xf0\x9f\x90\xb8"),
	      "{\"v\":\"M\xc3\xbcnchen \xe2\x82\xac \xf0\x9f\x90\xb8\"}"),
	   "characters of two, three and four bytes stay as they are");
	ok(is(BYTES("a\xe2\x80\xae"
		    "b\xe2\x80\x8b"),
	      "{\"v\":\"a\\u202eb\\u200b\"}"),
	   "bidirectional overrides and zero-width characters are escaped");
	ok(is(BYTES("\xf3\xa0\x80\x81"), "{\"v\":\"\\udb40\\udc01\"}"),
	   "a hidden character beyond the BMP becomes a surrogate pair");
}

static void test_invalid(void)
{
	char many[255], *text;

	ok(is(BYTES("a\xff"), "{\"v\":\"a\\\\xff\",\"v_hex\":\"61ff\"}"),
	   "a byte that is no UTF-8 is shown, and all bytes follow in hexadecimal");
	ok(is(BYTES("\xc0\xaf"), "{\"v\":\"\\\\xc0\\\\xaf\",\"v_hex\":\"c0af\"}"),
	   "an overlong form is no UTF-8");
	ok(is(BYTES("\xe0\x9f\xbf"), "{\"v\":\"\\\\xe0\\\\x9f\\\\xbf\",\"v_hex\":\"e09fbf\"}"),
	   "an overlong form of three bytes is no UTF-8");
	ok(is(BYTES("\xed\xa0\x80"), "{\"v\":\"\\\\xed\\\\xa0\\\\x80\",\"v_hex\":\"eda080\"}"),
	   "a surrogate is no UTF-8");
	ok(is(BYTES("\xf4\x90\x80\x80"),
	      "{\"v\":\"\\\\xf4\\\\x90\\\\x80\\\\x80\",\"v_hex\":\"f4908080\"}"),
	   "beyond U+10FFFF is no UTF-8");
	ok(is(BYTES("\xe2\x82"), "{\"v\":\"\\\\xe2\\\\x82\",\"v_hex\":\"e282\"}"),
	   "a character cut short is no UTF-8");
	ok(is(written_bytes("\xe2\x82\xac", 2), "{\"v\":\"\\\\xe2\\\\x82\",\"v_hex\":\"e282\"}"),
	   "what follows the last byte is not looked at");
	memset(many, 0xff, sizeof(many));
	text = written_bytes(many, sizeof(many));
	ok(strlen(text) == 5 + 1 + 255 * 5 + 1 + 1 + 8 + 1 + 255 * 2 + 1 + 1,
	   "255 bytes of 0xff are all shown and all kept");
	free(text);
	ok(!strstr(text = BYTES("a\\xff"), "_hex"), "text that looks like an escape has no twin");
	free(text);
}

static void test_numbers(void)
{
	ok(is(written_real(0.97, 4), "0.9700"), "decimals are fixed");
	ok(is(written_real(0.99995, 4), "1.0000"), "rounding carries into the whole");
	ok(is(written_real(-2.5, 0), "-3"), "halves round away from zero");
	ok(is(written_real(-0.00001, 4), "0.0000"), "there is no negative zero");
	ok(is(written_real(NAN, 4), "null"), "not a number is null");
	ok(is(written_real(INFINITY, 4), "null"), "infinity is null");
	ok(is(written_real(1e300, 1), "9007199254740992.0"), "beyond 2^53 the bound is shown");
}

static void test_nesting(void)
{
	struct json json;
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	json_init(&json, stream);
	json_open_object(&json, NULL);
	json_open_array(&json, "empty");
	json_close(&json);
	json_open_array(&json, "list");
	json_put_uint(&json, NULL, 1);
	json_open_object(&json, NULL);
	json_put_bool(&json, "b", true);
	json_close(&json);
	json_open_object(&json, NULL);
	json_put_bool(&json, "c", true);
	json_close(&json);
	json_put_uint(&json, NULL, UINT64_MAX);
	json_close(&json);
	json_put_bool(&json, "last", false);
	json_close(&json);
	json_end_line(&json);
	json_put_uint(&json, NULL, 2);
	json_end_line(&json);
	fclose(stream);
	ok(is(text, "{\"empty\":[],\"list\":[1,{\"b\":true},{\"c\":true},18446744073709551615],"
		    "\"last\":false}\n2\n"),
	   "objects and arrays nest with commas where they belong, line by line");
}

int main(void)
{
	test_text();
	test_invalid();
	test_numbers();
	test_nesting();
	return done();
}
