/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fixed-size summaries of when a pair talked and how much: gaps and sizes in
 * bins of equal ratio, and a strip of time cells that were occupied.  Bins are
 * found by comparing integers against exact thresholds, so the same gap falls
 * into the same bin on every machine.
 */
#ifndef SKUA_TRACK_HISTOGRAM_H
#define SKUA_TRACK_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#define GAP_MIN_NS 250000000ull /* the lower edge of bin 0 */
#define GAP_BINS_PER_OCTAVE 8
#define GAP_BINS 144 /* to 18 h, in which the last one ends; longer gaps fall into it */
#define SIZE_BINS 212
#define STRIP_WORDS 8
#define STRIP_CELLS (64 * STRIP_WORDS)

/* floor(8 * log2(gap / 0.25 s)), at least 0, at most GAP_BINS - 1. */
unsigned gap_bin(uint64_t gap_ns);
/* The geometric middle of a bin, in seconds. */
double gap_bin_centre_s(unsigned bin);
/* When a bin is full all are halved, rounded up: old gaps lose weight, rare ones do not vanish. */
void gap_count(uint16_t bins[GAP_BINS], uint64_t gap_ns);

/* 16-byte bins to 320 B, then 16 per octave; the last holds all beyond 1.3 MB. */
unsigned size_bin(uint64_t bytes);
void size_count(uint8_t bins[SIZE_BINS], uint64_t bytes);

/*
 * Which times were occupied, whatever the span: when a time lies beyond the
 * last cell, neighbouring cells are merged and each becomes twice as wide,
 * until it fits.  So between half and all of the cells are in use.
 */
struct strip {
	uint64_t bits[STRIP_WORDS];
};

#define STRIP_SHIFT_MIN 27 /* a cell begins as 2^27 ns = 0.13 s: the strip as 69 s */

/* offset_ns is counted from the start of the strip; *shift is 0 before the first mark. */
void strip_mark(struct strip *strip, uint8_t *shift, uint64_t offset_ns);
bool strip_occupied(const struct strip *strip, unsigned cell);

#endif /* SKUA_TRACK_HISTOGRAM_H */
