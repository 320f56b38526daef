/* SPDX-License-Identifier: BSD-2-Clause */
/* What kind of file begins like this: a short table of first bytes, whatever the file is called. */
#ifndef SKUA_ANALYZE_CONTENT_TYPE_H
#define SKUA_ANALYZE_CONTENT_TYPE_H

#include <stddef.h>
#include <stdint.h>

#define CONTENT_TYPE_HEAD 4096 /* bytes that are enough to tell */

/* "pe", "elf", "pdf", "zip", ...; "text" or "binary" when nothing better is known; never NULL. */
const char *content_type(const uint8_t *head, size_t length);

#endif /* SKUA_ANALYZE_CONTENT_TYPE_H */
