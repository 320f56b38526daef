/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What gaps look like on the logarithmic scale of their histogram: of beacons
 * with jitter and missed callbacks, and of chance.  Logarithms of the share of
 * each bin, in 1/1024 nat above that of an odd gap, which fits no bin of a shape:
 * whole numbers, so that sums of them are the same on every machine.
 */
#ifndef SKUA_DETECT_GAP_SHAPES_H
#define SKUA_DETECT_GAP_SHAPES_H

#include <stdint.h>

#define GAP_BEACONS 14
#define GAP_CHANCES 7
#define GAP_SMOOTH                                                                                 \
	4 /* the first of these: they fit ever worse to either side of the best place              \
	   */
#define GAP_BEACON_BINS 64
#define GAP_BEACON_INTERVAL 24 /* the bin of a beacon's shape that its interval lies in */
#define GAP_CHANCE_BINS 128
#define GAP_NAT 1024 /* one nat */

struct gap_beacon {
	int16_t handicap; /* shapes with many lobes fit by chance more often */
	int16_t middle;   /* half of the gaps are at or below this bin */
	int16_t jitter;   /* percent of the interval, either way */
	int16_t missed;   /* percent of the callbacks */
	int16_t reach;    /* bins that the middle of few gaps may be off */
	int16_t logs[GAP_BEACON_BINS];
};

struct gap_chance {
	int16_t handicap;
	int16_t middle;
	int16_t logs[GAP_CHANCE_BINS];
	int16_t beyond[GAP_CHANCE_BINS]; /* of a bin and all above it, as it is: at most 0 */
};

extern const struct gap_beacon gap_beacons[GAP_BEACONS];
extern const struct gap_chance gap_chances[GAP_CHANCES];

#endif /* SKUA_DETECT_GAP_SHAPES_H */
