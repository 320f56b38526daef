// SPDX-License-Identifier: BSD-2-Clause
/* The document around the parts: policy, style, headings, data and script. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "base/sha256.h"
#include "base/text.h"
#include "page/builtin.h"
#include "page/page_parts.h"
#include "report/finding_json.h"

#define HASH_TEXT 64

static const char *hash_of(char to[HASH_TEXT], const char *text)
{
	unsigned char hash[SHA256_DIGEST_SIZE];

	sha256_of(hash, text, strlen(text));
	return sodium_bin2base64(to, HASH_TEXT, hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void write_title(struct html *html, const struct page_about *about)
{
	if (about->title) {
		html_text(html, about->title);
		return;
	}
	html_text(html, about->path_count ? base_name(about->paths[0]) : "capture");
	if (about->path_count > 1)
		html_markup(html, " and %u more", about->path_count - 1);
}

/* Nothing is fetched, and nothing runs but what stands here. */
static void write_head(struct html *html, const struct page_about *about)
{
	char style[HASH_TEXT], script[HASH_TEXT];

	html_markup(html,
		    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; "
		    "form-action 'none'\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n"
		    "<meta name=\"generator\" content=\"skua\">\n"
		    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
		    hash_of(style, page_css), hash_of(script, page_js));
	write_title(html, about);
	html_markup(html, " \u2013 skua report</title>\n<style>%s</style>\n</head>\n", page_css);
}

static void write_top(struct html *html, const struct page *page, const struct page_about *about)
{
	const struct stats *stats = &page->stats;
	char from[PAGE_TIME], to[PAGE_TIME];

	html_markup(html, "<body>\n<a class=\"skip\" href=\"#findings\">To the findings</a>\n"
			  "<header><p class=\"brand\">skua report</p>\n<h1>");
	write_title(html, about);
	html_markup(html, "</h1>\n<p class=\"sub\">");
	if (stats->packets)
		html_textf(html, "Captured %s to %s UTC. ", page_time(from, stats->first_ns),
			   page_time(to, stats->last_ns));
	for (unsigned i = 1; i < about->path_count; i++) {
		html_text(html, i == 1 ? "With " : ", ");
		html_text(html, base_name(about->paths[i]));
	}
	if (about->path_count > 1)
		html_text(html, ". ");
	if (about->filter) {
		html_text(html, "Only packets that match: ");
		html_text(html, about->filter);
		html_text(html, ".");
	}
	html_markup(html, "</p></header>\n<main>\n");
}

static void write_foot(struct html *html)
{
	html_markup(html,
		    "</main>\n<footer><p>Made by skua from the packets alone. Times are those "
		    "of the capture, in UTC. Names, addresses and paths are shown with hidden "
		    "characters escaped. Scores say how much a pattern looks like an attack; "
		    "they are no proof.</p></footer>\n"
		    "<p id=\"said\" role=\"status\" aria-live=\"polite\"></p>\n");
}

int page_write_json(struct html *html, const struct page *page)
{
	static const struct sink_envelope envelope = { .mode = "replay" };
	char *text = NULL;
	size_t length = 0;
	struct json json;
	FILE *stream = open_memstream(&text, &length);

	if (!stream)
		return -ENOMEM;
	for (unsigned i = 0; i < page->found.count; i++) {
		json_init(&json, stream);
		fputs(i ? "," : "[", stream);
		finding_write_json(&json, &envelope, &page->found.entries[i]->finding);
	}
	fputs(page->found.count ? "]" : "[]", stream);
	if (fclose(stream)) {
		free(text);
		return -ENOMEM;
	}
	html_markup(html, "<script type=\"application/json\" id=\"data\">");
	html_json(html, text, length);
	html_markup(html, "</script>\n");
	free(text);
	return 0;
}

int page_write(struct page *page, FILE *stream, const struct page_about *about)
{
	struct html html = { stream };
	int err;

	found_sort(&page->found);
	write_head(&html, about);
	write_top(&html, page, about);
	page_write_tiles(&html, page, about);
	page_write_findings(&html, page, about);
	page_write_traffic(&html, page);
	write_foot(&html);
	err = page_write_json(&html, page);
	html_markup(&html, "<script>%s</script>\n</body>\n</html>\n", page_js);
	return err;
}
