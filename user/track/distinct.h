/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the distinct contacts (target, port) somebody tried, and the distinct
 * targets and ports among them: exactly up to 64 contacts, beyond that by
 * linear counting (Whang, Vander-Zanden, Taylor 1990) in fixed memory.
 */
#ifndef SKUA_TRACK_DISTINCT_H
#define SKUA_TRACK_DISTINCT_H

#include <stdbool.h>
#include <stdint.h>

#define DISTINCT_EXACT 64
#define DISTINCT_CONTACT_WORDS 8 /* 512 bits, like SKUA_SKETCH_WORDS */
#define DISTINCT_SIDE_WORDS 4    /* 256 bits: standard error 4.7 % at 100 */
#define DISTINCT_PORTS 10        /* first ports that are remembered */

/* Zeroed: empty. */
struct distinct {
	uint32_t known; /* contacts in the list; above DISTINCT_EXACT: the sketches count */
	uint32_t reserved;
	union {
		struct {
			uint32_t targets[DISTINCT_EXACT];
			uint16_t ports[DISTINCT_EXACT];
		} exact;
		struct {
			uint64_t contacts[DISTINCT_CONTACT_WORDS];
			uint64_t targets[DISTINCT_SIDE_WORDS];
			uint64_t ports[DISTINCT_SIDE_WORDS];
			uint16_t first_ports[DISTINCT_PORTS];
			uint16_t first_count;
		} sketch;
	};
};

struct distinct_counts {
	uint32_t contacts, targets, ports;
};

/*
 * target: hash of its address.  true: the contact was not known.  (A sketch
 * may take a new one for known; it never takes a known one for new.)
 */
bool distinct_add(struct distinct *distinct, uint32_t target, uint16_t port);
/* The place of a contact in the list; -1: it is not there, or the sketches count. */
int distinct_place(const struct distinct *distinct, uint32_t target, uint16_t port);
struct distinct_counts distinct_count(const struct distinct *distinct);
/* The first distinct ports, at most room; returns how many. */
unsigned distinct_ports(const struct distinct *distinct, uint16_t *ports, unsigned room);

/* Of a contact, for distinct_mark(): neighbouring ones fall on bits as by chance. */
uint32_t distinct_hash(uint32_t target, uint16_t port);
/* Sets one bit, chosen by the low bits of hash; true: it was not set.  words: a power of two. */
bool distinct_mark(uint64_t *bits, unsigned words, uint32_t hash);
/*
 * Linear counting: n = -m ln(z / m) with m = 64 * words bits of which z are
 * zero, rounded; z = 1/2 where none is, 3,549 for 512 bits and 1,774 for 256.
 * words: 4 or 8.
 */
uint32_t distinct_estimate(const uint64_t *bits, unsigned words);

#endif /* SKUA_TRACK_DISTINCT_H */
