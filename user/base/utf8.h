/* SPDX-License-Identifier: BSD-2-Clause */
/* UTF-8 (RFC 3629), read strictly: what a decoder may guess, an attacker may choose. */
#ifndef SKUA_BASE_UTF8_H
#define SKUA_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The character that begins at at, of which left bytes may be read: returns
 * its length, 1 to 4, and sets *code; 0 when there is none: nothing left, a
 * byte out of place, an overlong form, a surrogate, beyond U+10FFFF.
 */
unsigned utf8_decode(const unsigned char *at, size_t left, uint32_t *code);

/* Controls (C0, DEL, C1), bidirectional overrides, zero-width and other characters that act on a
 * screen without being seen there. */
bool utf8_is_hidden(uint32_t code);

#endif /* SKUA_BASE_UTF8_H */
