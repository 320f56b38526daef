/* SPDX-License-Identifier: BSD-2-Clause */
/* How an interface of a pcapng file counts time: if_tsresol and if_tsoffset, for any value. */
#ifndef SKUA_CAPTURE_FILE_CLOCK_H
#define SKUA_CAPTURE_FILE_CLOCK_H

#include <stdint.h>

/* ns = ticks * multiply / 2^shift, or ticks / divide where divide is not 1; plus the offset. */
struct file_clock {
	uint64_t multiply, divide; /* divide 0: ticks too short to count */
	uint8_t shift;
	int64_t offset_s;
};

/* The default of the format: microseconds since 1970. */
void file_clock_init(struct file_clock *clock);

/* resolution: as in if_tsresol, 10^-n seconds, or 2^-n with the high bit set. */
void file_clock_set_resolution(struct file_clock *clock, uint8_t resolution);

/* Held between 0 and FILE_TIME_MAX_NS. */
uint64_t file_clock_ns(const struct file_clock *clock, uint64_t ticks);

/* Signed 64-bit arithmetic on times must not overflow: the year 2262 is the last. */
#define FILE_TIME_MAX_NS ((uint64_t)INT64_MAX)

#endif /* SKUA_CAPTURE_FILE_CLOCK_H */
