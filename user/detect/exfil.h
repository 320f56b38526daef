/* SPDX-License-Identifier: BSD-2-Clause */
/* Limits of the upload and ICMP tunnel detectors (detection.md 4). */
#ifndef SKUA_DETECT_EXFIL_H
#define SKUA_DETECT_EXFIL_H

#include <stdbool.h>
#include <stdint.h>

struct exfil_limits {
	bool internal; /* judge uploads to private addresses, too */
	/* Sent to one destination within 24 h, and how much more than came back. */
	uint64_t cold_bytes;
	double cold_ratio;
	double cold_score;  /* at cold_bytes */
	double cold_octave; /* for each doubling */
	uint64_t slow_bytes;
	double slow_ratio;
	uint32_t slow_hours; /* in which something was sent */
	double slow_score;
	/* Within an hour, of who is known: deviations above what is usual. */
	double unusual_z;
	uint64_t unusual_bytes;
	double unusual_ratio;
	double unusual_score; /* at unusual_z */
	double unusual_step;  /* for each deviation more */
	/* ICMP echo: replies within a day, volume within ten minutes. */
	uint32_t mismatches;
	double mismatch_score;
	uint32_t unsolicited;
	double unsolicited_score;
	uint64_t icmp_bytes;  /* in large packets, or in packets of so many sizes */
	uint32_t icmp_sizes;  /* at most ECHO_SIZES */
	uint64_t plain_bytes; /* what a plain ping may carry */
	double icmp_score;
};

/*
 * 50 MB: more than browsing and mail send to one place in a day; backups are
 * for the suppressions.  5: a video call or a game sends about what it gets.
 * 20 MB in twelve different hours: no person, but a program that trickles.
 * 3 deviations: once in 700 hours by chance; and 5 MB, for who sends next to
 * nothing deviates by a photograph.
 * 5 odd replies: a corrupted packet or a restart explains one or two.
 * 20 kB: ten minutes of ordinary ping carry 34 kB, but in one small size.
 * 1 MB: a ping a second with the largest payload that fits a frame (1,472 B)
 * carries 0.9 MB in ten minutes.
 */
#define EXFIL_LIMITS_DEFAULT                                                                       \
	{                                                                                          \
		.cold_bytes = 50000000, .cold_ratio = 5, .cold_score = 0.5, .cold_octave = 0.125,  \
		.slow_bytes = 20000000, .slow_ratio = 3, .slow_hours = 12, .slow_score = 0.55,     \
		.unusual_z = 3, .unusual_bytes = 5000000, .unusual_ratio = 3,                      \
		.unusual_score = 0.5, .unusual_step = 0.1, .mismatches = 5, .mismatch_score = 0.9, \
		.unsolicited = 5, .unsolicited_score = 0.8, .icmp_bytes = 20000, .icmp_sizes = 4,  \
		.plain_bytes = 1000000, .icmp_score = 0.6                                          \
	}

#endif /* SKUA_DETECT_EXFIL_H */
