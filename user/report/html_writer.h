/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes HTML and SVG in which what came from the wire can only ever be text:
 * markup goes through one door, text through another.  Errors stay in the
 * stream (ferror()).
 */
#ifndef SKUA_REPORT_HTML_WRITER_H
#define SKUA_REPORT_HTML_WRITER_H

#include <stddef.h>
#include <stdio.h>

struct html {
	FILE *stream;
};

/* Markup of ours.  Of arguments only numbers and constant text: nothing is escaped. */
void html_markup(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * Text, or the value of an attribute in quotes of either kind.  What is hidden
 * or no UTF-8 is shown as text_escape() does (base/text.h), and a backslash is
 * doubled; then & < > " ' become entities.
 */
void html_text(struct html *html, const char *text);
void html_bytes(struct html *html, const void *bytes, size_t length);
void html_textf(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * Valid JSON inside a script element: < > & and U+2028, U+2029 (only strings
 * can have them) become \uNNNN, so that neither an end tag nor a comment
 * begins there.
 */
void html_json(struct html *html, const char *json, size_t length);

#endif /* SKUA_REPORT_HTML_WRITER_H */
