/* SPDX-License-Identifier: BSD-2-Clause */
/* Explains one finding to a person, from its JSON; whatever stands in that is made harmless. */
#ifndef SKUA_EXPLAIN_EXPLAIN_TEXT_H
#define SKUA_EXPLAIN_EXPLAIN_TEXT_H

struct json_t;
#include <stdbool.h>
#include <stdio.h>

/* replayed: the derivation is of a replay of its snapshot. */
void explain_write(FILE *stream, const struct json_t *finding, bool replayed);
/* "7f3a0123  beacon  10.9.0.5 -> 203.0.113.5:443  0.97": one line for a list of candidates. */
void explain_write_candidate(FILE *stream, const struct json_t *finding);

/* For the files that write the parts of it. */
double explain_number(const struct json_t *object, const char *name);
#define EXPLAIN_TEXT 600
/* The text of that name, escaped; "" when there is none.  Returns to. */
const char *explain_word(char to[EXPLAIN_TEXT], const struct json_t *object, const char *name);
/* "26,007,968", "0.3555": whole numbers in full.  Returns to. */
const char *explain_real(char to[EXPLAIN_TEXT], double number);
/* Begins a line: "  gaps      ". */
void explain_label(FILE *stream, const char *label);

/* The lines of a kind: how the score before context came about. */
void explain_write_beacon(FILE *stream, const struct json_t *derivation);
void explain_write_rules(FILE *stream, const struct json_t *derivation);
void explain_write_dns(FILE *stream, const struct json_t *derivation);
/* The line that says who on the agent's machine did it, if that is known. */
void explain_write_origin(FILE *stream, const struct json_t *finding);

#endif /* SKUA_EXPLAIN_EXPLAIN_TEXT_H */
