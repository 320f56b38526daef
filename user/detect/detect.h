/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Detectors: pure functions from tracked state to a finding.  A detector has
 * no clock, I/O, allocation or state of its own: the same subject and limits
 * give the same finding, live, in replay and in a unit test.  It fills kind,
 * entities, times, numbers, score_raw, count and reason; context then moves
 * the score.  To add one: one file, one row in detect.c.
 */
#ifndef SKUA_DETECT_DETECT_H
#define SKUA_DETECT_DETECT_H

#include "detect/beacon.h"
#include "detect/dns.h"
#include "detect/exfil.h"
#include "detect/scan.h"
#include "report/finding.h"
#include "track/subject.h"

/* Every threshold of every detector; each default is reasoned where it is defined. */
struct detect_limits {
	struct beacon_limits beacon;
	struct scan_limits scan;
	struct exfil_limits exfil;
	struct dns_limits dns;
};

#define DETECT_LIMITS_DEFAULT                                                                      \
	{                                                                                          \
		.beacon = BEACON_LIMITS_DEFAULT, .scan = SCAN_LIMITS_DEFAULT,                      \
		.exfil = EXFIL_LIMITS_DEFAULT, .dns = DNS_LIMITS_DEFAULT                           \
	}

struct derive_call;
struct derivation;

struct detector {
	const char *name;
	enum subject_kind subject; /* what it judges */
	/* true: *out is a finding, zeroed before by the caller. */
	bool (*judge)(const struct subject *subject, const struct detect_limits *limits,
		      struct finding *out);
	/* How that came about; *out is zeroed, shown is set (derive.h). */
	void (*derive)(const struct derive_call *call, struct derivation *out);
};

extern const struct detector beacon_detector;
extern const struct detector scan_detector;
extern const struct detector exfil_volume_detector;
extern const struct detector exfil_icmp_detector;
extern const struct detector dns_exfil_detector;
extern const struct detector dns_dga_detector;

/* All of them, ended by NULL. */
extern const struct detector *const detectors[];

#endif /* SKUA_DETECT_DETECT_H */
