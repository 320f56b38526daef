// SPDX-License-Identifier: BSD-2-Clause
/* Hostile names do no harm, and numbers read as people write them. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "tap.h"

static bool is(const char *text, const char *expected)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# got  %s\n# want %s\n", text, expected);
	return same;
}

static bool escaped(const char *bytes, size_t length, const char *expected)
{
	char to[1200];
	size_t written = text_escape(to, sizeof(to), bytes, length);

	return written == strlen(expected) && is(to, expected);
}
#define ESCAPED(bytes, expected) escaped(bytes, sizeof(bytes) - 1, expected)

static bool csv(const char *text, const char *expected)
{
	char *line = NULL;
	size_t size;
	FILE *stream = open_memstream(&line, &size);
	bool same;

	text_write_csv(stream, text);
	fclose(stream);
	same = is(line, expected);
	free(line);
	return same;
}

static void test_escape(void)
{
	char many[255], to[TEXT_ESCAPED(255)], small[6];

	ok(ESCAPED("evil.example", "evil.example"), "harmless text stays as it is");
	ok(ESCAPED("\033[2J\r\n\0x", "\\x1b[2J\\x0d\\x0a\\x00x"), "C0 controls are shown");
	ok(ESCAPED("\xc2\x9b"
		   "31m",
		   "\\u{009b}31m"),
	   "C1 controls are shown, not obeyed");
	ok(ESCAPED("gnp\xe2\x80\xaegpj.exe", "gnp\\u{202e}gpj.exe"), "bidi overrides are shown");
	ok(ESCAPED("pay\xe2\x80\x8bpal", "pay\\u{200b}pal"), "zero-width characters are shown");
	ok(ESCAPED("\xf3\xa0\x80\x81", "\\u{e0001}"), "tag characters are shown");
	ok(ESCAPED("caf\xc3\xa9", "caf\xc3\xa9"), "letters beyond ASCII stay");
	ok(ESCAPED("\\x1b", "\\\\x1b"), "text that looks like an escape is told apart from one");
	ok(ESCAPED("\xff\xc3", "\\xff\\xc3"), "bytes that are no UTF-8 are shown");
	memset(many, 0xff, sizeof(many));
	ok(text_escape(to, sizeof(to), many, sizeof(many)) == 1020, "255 x 0xff has room");
	ok(text_escape(small, sizeof(small), "ab\033", 3) == 2 && is(small, "ab"),
	   "what does not fit is cut before an escape, not within");
	ok(text_width("caf\xc3\xa9") == 4, "a character is one column however many bytes it has");
}

static void test_csv(void)
{
	ok(csv("plain", "\"plain\""), "text is quoted");
	ok(csv("a \"b\", c", "\"a \"\"b\"\", c\""), "quotes are doubled");
	ok(csv("=1+1", "\"'=1+1\"") && csv("+1", "\"'+1\"") && csv("-1", "\"'-1\"") &&
		   csv("@sum", "\"'@sum\"") && csv("\t=1", "\"'\\x09=1\""),
	   "what a spreadsheet would calculate is guarded");
	ok(csv("a=1", "\"a=1\""), "only the beginning needs a guard");
	ok(csv("a\r\nb", "\"a\\x0d\\x0ab\""), "a record stays one line");
	ok(csv("", "\"\""), "nothing is an empty field");
}

static void test_numbers(void)
{
	char to[TEXT_NUMBER];

	ok(is(text_count(to, 0), "0") && is(text_count(to, 999), "999") &&
		   is(text_count(to, 1000), "1,000") && is(text_count(to, 1204311), "1,204,311") &&
		   is(text_count(to, UINT64_MAX), "18,446,744,073,709,551,615"),
	   "thousands are separated");
	ok(is(text_bytes(to, 999), "999 B") && is(text_bytes(to, 1000), "1 kB") &&
		   is(text_bytes(to, 1249), "1.2 kB") && is(text_bytes(to, 9949), "9.9 kB") &&
		   is(text_bytes(to, 9951), "10 kB") && is(text_bytes(to, 165432), "165 kB"),
	   "bytes have two or three digits");
	ok(is(text_bytes(to, 999499), "999 kB") && is(text_bytes(to, 999500), "1 MB") &&
		   is(text_bytes(to, UINT64_MAX), "18 EB"),
	   "bytes never read 1000 kB");
	ok(is(text_duration(to, 0.004), "4 ms") && is(text_duration(to, 2.1), "2.1 s") &&
		   is(text_duration(to, 5), "5 s") && is(text_duration(to, 90), "90 s") &&
		   is(text_duration(to, 300), "5 min") && is(text_duration(to, 86400), "24 h") &&
		   is(text_duration(to, 3 * 86400), "3 days"),
	   "durations take the unit that people would");
	ok(is(text_duration(to, 119.6), "2 min") && is(text_duration(to, 9.96), "10 s") &&
		   is(text_duration(to, 0.9997), "1 s") && is(text_duration(to, 7170), "2 h"),
	   "durations round into the next unit");
	ok(is(text_duration(to, NAN), "0 s") && is(text_duration(to, -1), "0 s"),
	   "what is no duration is none");
	ok(is(text_fixed(to, 300.6, 3), "300.600") && is(text_fixed(to, 1.0 / 3, 9), "0.333333333"),
	   "fixed decimals");
}

static void test_time(void)
{
	char to[TIME_TEXT];

	ok(is(time_format(to, 0), "1970-01-01T00:00:00.000000000Z"), "the epoch");
	ok(is(time_format(to, 1795227069123456789ull), "2026-11-21T02:11:09.123456789Z"),
	   "nanoseconds are all there");
	ok(is(time_format(to, 951782400ull * 1000000000), "2000-02-29T00:00:00.000000000Z"),
	   "2000 had a leap day");
	ok(is(time_format(to, 4107542400ull * 1000000000), "2100-03-01T00:00:00.000000000Z"),
	   "2100 will have none");
	ok(is(time_format(to, UINT64_MAX), "2554-07-21T23:34:33.709551615Z"), "the last moment");
	ok(time_day(TIME_DAY_NS - 1) == 0 && time_day(TIME_DAY_NS) == 1, "days change at midnight");
}

/* As slow and plain as can be. */
static bool hidden_by_name(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

static void test_utf8(void)
{
	unsigned controls = 0, good = 0;
	uint32_t code;

	for (code = 0; code < 0xa0; code++)
		controls += utf8_is_hidden(code) == hidden_by_name(code);
	ok(controls == 0xa0, "of the first 160 characters the controls are hidden, no others");
	for (unsigned first = 0; first < 256; first++)
		for (unsigned second = 0; second < 256; second++) {
			unsigned char at[2] = { first, second };

			good += utf8_decode(at, 2, &code) == 2;
		}
	ok(good == 0x800 - 0x80, "there are exactly 1,920 characters of two bytes");
	ok(!utf8_decode((const unsigned char *)"", 0, &code), "nothing is no character");
}

int main(void)
{
	setlocale(LC_ALL,
		  "de_DE.UTF-8"); /* whose decimal point is a comma, where it is installed */
	test_escape();
	test_csv();
	test_numbers();
	test_time();
	test_utf8();
	return done();
}
