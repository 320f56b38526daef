/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random numbers that are the same on every machine: splitmix64 (Steele, Lea
 * and Flood 2014) and laws made of it by integer arithmetic alone.  Every actor
 * and every conversation has a stream of its own, so a line added at the end
 * of a scenario leaves the times and sizes of the others as they were.
 */
#ifndef SKUA_GEN_DRAW_H
#define SKUA_GEN_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PPM 1000000u /* probabilities and fractions are parts per million */

struct draw {
	uint64_t state;
};

/* "600+-20": even over middle - width .. middle + width. */
struct spread {
	uint32_t middle, width;
};

/* The stream-th generator of a seed. */
struct draw draw_from(uint64_t seed, uint64_t stream);
uint64_t draw_next(struct draw *draw);
/* 0 .. limit - 1; limit > 0. */
uint64_t draw_below(struct draw *draw, uint64_t limit);
/* low .. high, both included; low <= high. */
uint64_t draw_between(struct draw *draw, uint64_t low, uint64_t high);
bool draw_chance(struct draw *draw, uint32_t ppm);
uint32_t draw_spread(struct draw *draw, struct spread spread);
/* By von Neumann's comparison of uniforms (1951), which needs no logarithm. */
uint64_t draw_exponential(struct draw *draw, uint64_t mean);
/* The sum of twelve uniforms (Irwin-Hall); never below zero. */
uint64_t draw_normal(struct draw *draw, uint64_t mean, uint64_t deviation);
/* Heavy-tailed: the logarithm is even between low and high, up to rounding. */
uint32_t draw_size(struct draw *draw, uint32_t low, uint32_t high);
void draw_bytes(struct draw *draw, void *to, size_t length);

#endif /* SKUA_GEN_DRAW_H */
