/* SPDX-License-Identifier: BSD-2-Clause */
/* Times as text: RFC 3339 in UTC, to the nanosecond, whatever locale and time zone are set. */
#ifndef SKUA_BASE_TIME_TEXT_H
#define SKUA_BASE_TIME_TEXT_H

#include <stdint.h>

#define TIME_TEXT 31 /* "2026-11-21T02:11:09.123456789Z" and a zero */

#define TIME_DAY_NS 86400000000000ull

/* Nanoseconds since the Unix epoch (all of them: the last is in 2554); returns to. */
const char *time_format(char to[TIME_TEXT], uint64_t time_ns);
/* Exactly what time_format() writes: 0 or -EINVAL. */
int time_parse(uint64_t *to, const char *text);
/* Whole UTC days since the epoch. */
uint32_t time_day(uint64_t time_ns);

#endif /* SKUA_BASE_TIME_TEXT_H */
