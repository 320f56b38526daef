/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much distinct information the names under one domain have carried: what
 * separates a tunnel from the odd-looking names of content networks, which
 * repeat (detection.md 4; tests/reference/dns_information.py is its oracle).
 *
 * Two sketches remember what is known: 512 bits for names, a Bloom filter of
 * 1,024 bits with two hashes for labels.  A new name that falls on a set bit is
 * taken for a known one; so each that sets a bit stands for 512 / (clear bits)
 * names (Ting 2014, "Streamed approximate counting of distinct elements").
 * That is unbiased, with a standard error of 3 % up to 200 names, 4 % at 500 and
 * 6 % at 1,500; near 1,760 it ends, for the last few bits would tell little.
 * The filter takes a new label for a known one in 0.1 % of cases at 16 labels,
 * 3 % at 100 and 20 % at 300; when half of it is set it begins anew, as the
 * dictionary of a compressor does.
 */
#ifndef SKUA_TRACK_INFORMATION_H
#define SKUA_TRACK_INFORMATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INFORMATION_NAME_BITS 512
#define INFORMATION_NAME_BITS_FULL 496
#define INFORMATION_LABEL_BITS 1024

/* Begins as zeros.  Sums are in units of 1/256. */
struct information {
	uint64_t names[INFORMATION_NAME_BITS / 64];
	uint64_t labels[INFORMATION_LABEL_BITS / 64];
	uint32_t marked;       /* bits set in names */
	uint32_t label_marked; /* bits set in labels */
	uint32_t label_count;  /* put into labels */
	uint64_t distinct_q8;  /* names */
	uint64_t characters_q8;
	uint64_t bits_q8;
};

/*
 * The labels of a name as sent, up to where its registered domain begins:
 * length octets, of which the labels fill all.  fold: letters may come in any
 * case (the resolver mixes it, 0x20), so they say nothing.  true: a new name.
 */
bool information_add(struct information *information, const uint8_t *labels, size_t length,
		     bool fold);

/* No more names are counted: all numbers are lower bounds. */
bool information_is_full(const struct information *information);
uint64_t information_bytes(const struct information *information);
uint64_t information_distinct(const struct information *information);
/* Mean length of the distinct names in characters, dots included; 0: there is none. */
double information_mean_length(const struct information *information);

/* A day is over: sums halve.  A sketch that is more than half full forgets all instead, and what it
 * had counted with it, or the names that come back would count twice. */
void information_decay(struct information *information);

#endif /* SKUA_TRACK_INFORMATION_H */
