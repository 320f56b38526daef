/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of text protocols and the words in them; letters are alike in both cases. */
#ifndef SKUA_DISSECT_TEXT_LINE_H
#define SKUA_DISSECT_TEXT_LINE_H

#include "dissect/cursor.h"

/* A line without its end, which is LF or CRLF; false: no end is there yet. */
bool text_line_take(struct cursor *from, struct cursor *line);
/* The next word, in quotes perhaps, without them; blanks before it are passed over. */
struct cursor text_line_word(struct cursor *line);
bool text_line_begins(struct cursor line, const char *text);
bool text_line_is(struct cursor line, const char *text);

#endif /* SKUA_DISSECT_TEXT_LINE_H */
