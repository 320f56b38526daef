/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody usually sends in an hour: mean and variance of log2(1 + bytes),
 * over about the last week, and the largest hours of the last days.  Silent
 * hours count, so that who works by day and sleeps by night has a wide one.
 * Integers throughout: the same on every machine, and kept in a file as it is.
 */
#ifndef SKUA_TRACK_BASELINE_H
#define SKUA_TRACK_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#define BASELINE_ONE (1 << 20)  /* one octave in mean; variance is in the same unit, squared */
#define BASELINE_WEEK 168       /* hours: older ones weigh ever less */
#define BASELINE_MATURE 24      /* hours: a day has been seen, its night included */
#define BASELINE_SILENCE_MAX 24 /* who is silent for longer is off, which teaches nothing */
#define BASELINE_PEAKS 2        /* one day's exception is not usual yet; two days' are */
#define BASELINE_PEAK_DECAY (BASELINE_ONE / 16) /* each day: after two weeks half the bytes */
#define BASELINE_PEAK_SLACK BASELINE_ONE        /* twice as much is still the same job */

struct baseline {
	uint64_t hour;    /* since the epoch, the one that goes on; 0: none was seen */
	uint64_t last_ns; /* of the last report */
	uint64_t out, in; /* bytes of the hour that goes on */
	int64_t mean, variance;
	uint32_t hours;                /* learnt, silent ones included */
	int32_t peaks[BASELINE_PEAKS]; /* largest hour of a day, falling; days before this one */
	int32_t today;                 /* largest hour of the day that goes on, over hours */
};
_Static_assert(sizeof(struct baseline) == 64, "kept in files");

/* log2(1 + bytes), as mean has it. */
int64_t baseline_log2(uint64_t bytes);
/* Counts bytes at a time; hours that are over are learnt first.  A clock that steps back adds to
 * the hour that goes on. */
void baseline_add(struct baseline *baseline, uint64_t out, uint64_t in, uint64_t now_ns);
/* Is there enough to compare with? */
bool baseline_is_mature(const struct baseline *baseline);
/* Was as much, or half as much, sent in an hour of two earlier days? */
bool baseline_is_usual(const struct baseline *baseline, uint64_t bytes);
/* The deviation, at least an octave: below that, three times it would be no more than chance. */
double baseline_deviation(const struct baseline *baseline);
/* How many deviations above the mean. */
double baseline_z(const struct baseline *baseline, uint64_t bytes);
/* Bytes of a usual hour, within a hundredth. */
uint64_t baseline_bytes(const struct baseline *baseline);
/* Could baseline_add() have made it?  For what comes from a file. */
bool baseline_is_sound(const struct baseline *baseline);

#endif /* SKUA_TRACK_BASELINE_H */
