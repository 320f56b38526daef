/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits of the DNS detectors: tunnels in names, and computed names (detection.md 4). */
#ifndef SKUA_DETECT_DNS_H
#define SKUA_DETECT_DNS_H

#include <stdint.h>

struct dns_limits {
	double threshold;      /* of score_raw, and again of the score after context */
	uint32_t floor_bytes;  /* of information: a score of 0 */
	double octaves;        /* doublings from the floor to a score of 1 */
	double bonus;          /* for each sign of a tunnel */
	double odd_share;      /* of queries: types that carry data; a sign from here on */
	double nxdomain_share; /* of responses */
	double distinct_share; /* of queries: each brings a new name */
	double mean_subname;   /* characters */
	uint32_t dga_domains;  /* distinct ones an hour that do not exist */
	double dga_score;      /* of so many */
	double dga_step;       /* for each more */
};

/*
 * 512 B: two hours of browsing leave less in any one domain; 4 kB (three
 * octaves) is what a tunnel's login and a directory listing take.  0.7 with
 * signs of 0.1: measured, every tunnel of 60 queries and no content network.
 * 30 failing domains: twice what a resolver's search list and typing errors
 * make of an hour; 80 (a score of 1) is a generator's round.
 */
#define DNS_LIMITS_DEFAULT                                                                         \
	{                                                                                          \
		.threshold = 0.7, .floor_bytes = 512, .octaves = 3, .bonus = 0.1,                  \
		.odd_share = 0.5, .nxdomain_share = 0.5, .distinct_share = 0.9,                    \
		.mean_subname = 40, .dga_domains = 30, .dga_score = 0.5, .dga_step = 0.01          \
	}

#endif /* SKUA_DETECT_DNS_H */
