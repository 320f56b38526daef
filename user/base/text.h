/* SPDX-License-Identifier: BSD-2-Clause */
/* Text for people, from hostile bytes and from numbers; never asks the locale. */
#ifndef SKUA_BASE_TEXT_H
#define SKUA_BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Room for length bytes escaped, whatever they are, and the final zero. */
#define TEXT_ESCAPED(length) (4 * (length) + 1)

/*
 * Names from the wire made harmless for terminals: a byte that is no UTF-8 and
 * a control below U+0080 become \xNN, other hidden characters (utf8.h) become
 * \u{NNNN}, a backslash is doubled, so that what is shown names one input.
 * Ends *to with a zero; what does not fit is cut before an escape.  Returns
 * the length of the text.
 */
size_t text_escape(char *to, size_t size, const void *bytes, size_t length);

/* Columns that escaped text takes; every character counts one. */
size_t text_width(const char *text);

/*
 * One field of CSV in quotes (RFC 4180), escaped as above, so a record is one
 * line; an apostrophe guards a beginning that a spreadsheet takes for a
 * formula: = + - @ and the controls.
 */
void text_write_csv(FILE *stream, const char *text);

#define TEXT_NUMBER 40 /* room for any number below, the final zero included */

/* 1204311 -> "1204311", many times faster than printf. */
const char *text_number(char to[TEXT_NUMBER], uint64_t number);
/* 1204311 -> "1,204,311".  All of these return to. */
const char *text_count(char to[TEXT_NUMBER], uint64_t number);
/* Decimal units, at most two or three digits: "512 B", "1.2 kB", "165 kB". */
const char *text_bytes(char to[TEXT_NUMBER], uint64_t bytes);
/* "4 ms", "2.1 s", "90 s", "5 min", "24 h", "3 days"; what is no time is "0 s". */
const char *text_duration(char to[TEXT_NUMBER], double seconds);
/*
 * Exactly so many decimals (at most 9), halves away from zero.  The same
 * digits on every machine: IEEE multiplication and integers only.  Beyond
 * 2^53 a double is no count of ours: it is shown as that bound.  Not a number:
 * "nan".
 */
const char *text_fixed(char to[TEXT_NUMBER], double value, unsigned decimals);

#endif /* SKUA_BASE_TEXT_H */
