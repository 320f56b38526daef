/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a source tried over five minutes, an hour and a day, for sweeps and odd
 * probes that are too slow for a minute's list.  A horizon begins with the
 * first attempt after the one before it is over.
 */
#ifndef SKUA_TRACK_SLOW_H
#define SKUA_TRACK_SLOW_H

#include "track/horizon.h"

struct slow_horizon {
	uint64_t start_ns; /* 0: nothing has happened yet */
	uint64_t first_ns, last_ns;
	uint32_t tries; /* without those that follow one of the same within a minute */
	uint32_t stray_refused, stray_silent; /* of the outcomes: TCP that acknowledged something */
	uint32_t outcomes[SKUA_OUTCOMES];     /* of distinct attempts, each by its first outcome */
	struct candidate target;
	struct distinct tried;
	/* Of these, whenever it was: by place in the list, and for linear counting beyond it. */
	uint64_t answered_places;
	uint64_t answered[DISTINCT_CONTACT_WORDS];
};

struct slow {
	bool kept; /* slow_keeps() at the end of the day before */
	struct slow_horizon horizon[HORIZONS];
};

/* flags: TCP.  lately: the same was tried within the last minute, so this is no further try. */
void slow_add(struct slow *slow, const struct attempt *attempt, uint8_t flags, bool lately);
/* Who was asked for within the last minute answers. */
void slow_answer(struct slow *slow, uint32_t target);
/*
 * Does it ask for the same ones again and again, as who watches or serves them
 * does?  Told from the second hour of a day on, before by the day before.
 */
bool slow_keeps(const struct slow *slow);
/* Distinct attempts that were answered, as exact as tried. */
uint32_t slow_answered(const struct slow_horizon *horizon);

#endif /* SKUA_TRACK_SLOW_H */
