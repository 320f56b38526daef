// SPDX-License-Identifier: BSD-2-Clause
/* What comes from the wire is text in HTML, and inside JSON inside HTML. */
#include <stdlib.h>
#include <string.h>
#include "report/html_writer.h"
#include "tap.h"

static char *made;
static size_t made_length;

static struct html begin(void)
{
	return (struct html){ open_memstream(&made, &made_length) };
}

static bool gave(struct html *html, const char *wanted)
{
	bool same;

	fclose(html->stream);
	same = made_length == strlen(wanted) && !memcmp(made, wanted, made_length);
	if (!same)
		printf("# %.*s\n", (int)made_length, made);
	free(made);
	return same;
}

static bool text_is(const char *text, const char *wanted)
{
	struct html html = begin();

	html_text(&html, text);
	return gave(&html, wanted);
}

static bool json_is(const char *json, const char *wanted)
{
	struct html html = begin();

	html_json(&html, json, strlen(json));
	return gave(&html, wanted);
}

static void test_text(void)
{
	ok(text_is("a<b>&\"'c", "a&lt;b&gt;&amp;&quot;&#39;c"), "the five become entities");
	ok(text_is("</script><img onerror=x>", "&lt;/script&gt;&lt;img onerror=x&gt;"),
	   "an end tag is text");
	ok(text_is("caf\u00e9 \u2192", "caf\u00e9 \u2192"), "letters and arrows stay");
	ok(text_is("a\u202eb", "a\\u{202e}b"), "a bidirectional override is shown, not obeyed");
	ok(text_is("a\xff\x01", "a\\xff\\x01"), "bytes that are no UTF-8, and controls, are shown");
	ok(text_is("", ""), "nothing gives nothing");
}

/* Longer than a piece, with a character of several bytes at each place where it could be cut. */
static void test_pieces(void)
{
	bool all = true;

	for (unsigned before = 55; before < 70; before++) {
		char text[200], wanted[200];

		memset(text, 'x', before);
		strcpy(text + before, "\U0001f426 and \u20ac");
		strcpy(wanted, text);
		all = text_is(text, wanted) && all;
	}
	ok(all, "no character is cut in two, wherever it stands");
	all = true;
	for (unsigned count = 1; count < 140; count++) {
		char text[200] = "", wanted[700] = "";

		for (unsigned i = 0; i < count; i++) {
			strcat(text, "\x80");
			strcat(wanted, "\\x80");
		}
		all = text_is(text, wanted) && all;
	}
	ok(all, "any number of stray bytes is shown byte by byte");
}

static void test_json(void)
{
	ok(json_is("{\"a\":\"</script><!--&\"}",
		   "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}"),
	   "no tag and no comment begins inside JSON");
	ok(json_is("\"\u2028\u2029\u2027\"", "\"\\u2028\\u2029\u2027\""),
	   "separators of lines are escaped, their neighbour is not");
	ok(json_is("\xe2\x80", "\xe2\x80"), "the beginning of one at the end stays");
}

static void test_markup(void)
{
	struct html html = begin();

	html_markup(&html, "<p class=\"%s\">%d", "x", 7);
	html_textf(&html, "%s & %u", "<i>", 3u);
	ok(gave(&html, "<p class=\"x\">7&lt;i&gt; &amp; 3"),
	   "markup is markup, formatted text is text");
}

int main(void)
{
	test_text();
	test_pieces();
	test_json();
	test_markup();
	return done();
}
