/* SPDX-License-Identifier: BSD-2-Clause */
/* How implants, and people, choose the next delay. */
#ifndef TESTS_EVAL_LAW_H
#define TESTS_EVAL_LAW_H

#include <stdbool.h>
#include <stdint.h>
#include "gen/draw.h"

enum law {
	LAW_FIXED,
	LAW_EMPIRE,  /* s (1 +- j): Empire, PoshC2, Mythic, Covenant */
	LAW_COBALT,  /* U[s (1 - j), s]: Cobalt Strike */
	LAW_SLIVER,  /* s + U[0, j s]: Sliver */
	LAW_CALDERA, /* U[s (1 - j), s (1 + j)] in whole seconds: CALDERA */
	LAW_NORMAL,  /* deviation j s, without its lowest tail */
	LAW_GAMMA,   /* k = 4 */
	LAW_WEIBULL, /* k = 2 */
	LAW_BEACONS, /* what follows has no rhythm */
	LAW_POISSON = LAW_BEACONS,
	LAW_LOMAX,     /* a Pareto tail without a least gap */
	LAW_LOGNORMAL, /* think times */
	LAW_SESSIONS,  /* bursts of exchanges, long pauses */
	LAWS
};

const char *law_name(enum law law);
/* LAWS: there is none of that name. */
enum law law_find(const char *name, unsigned length);
/* false: the law has a jitter of its own, or none. */
bool law_has_jitter(enum law law);
/* shape: jitter in percent of a beacon's law, or what the others make of it. */
uint64_t law_gap(enum law law, uint64_t interval_ns, unsigned shape, struct draw *draw);

#endif /* TESTS_EVAL_LAW_H */
