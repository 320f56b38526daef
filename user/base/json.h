/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A streaming writer of JSON (RFC 8259) that is valid whatever it is given:
 * always UTF-8, doubles with a fixed number of decimals.  Errors stay in the
 * stream (ferror()); nothing is allocated.  In an object every value has a
 * name (constant text that needs no escape); in an array and at the top it
 * is NULL.  (No name here is one of jansson's, so that both can be linked.)
 */
#ifndef SKUA_BASE_JSON_H
#define SKUA_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_DEPTH 16 /* of nesting; more is a mistake of the caller */

struct json {
	FILE *stream;
	unsigned depth;
	uint32_t used;   /* a bit per level: it holds a value, so the next needs a comma */
	uint32_t arrays; /* a bit per level: it is an array */
};

/* The stream stays the caller's. */
void json_init(struct json *json, FILE *stream);
void json_open_object(struct json *json, const char *name);
void json_open_array(struct json *json, const char *name);
/* Closes the innermost object or array. */
void json_close(struct json *json);
/* Ends the line; the next value stands for itself. */
void json_end_line(struct json *json);

/*
 * Characters that a screen does not show are escaped, so that a line can be
 * looked at safely.  Bytes that are no UTF-8 are shown as \xNN, and a second
 * value, name_hex, then holds all bytes in hexadecimal, so nothing is lost.
 */
void json_put_bytes(struct json *json, const char *name, const void *bytes, size_t length);
void json_put_text(struct json *json, const char *name, const char *text);
void json_put_uint(struct json *json, const char *name, uint64_t number);
/* As text_fixed() says; what is no finite number is null. */
void json_put_real(struct json *json, const char *name, double number, unsigned decimals);
void json_put_bool(struct json *json, const char *name, bool value);

#endif /* SKUA_BASE_JSON_H */
