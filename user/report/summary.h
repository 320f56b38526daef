/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run says at its end to the person who started it. */
#ifndef SKUA_REPORT_SUMMARY_H
#define SKUA_REPORT_SUMMARY_H

#include <stdio.h>
#include "report/record.h"

/* What the counters do not know. */
struct summary_extra {
	double elapsed_s; /* by the wall clock; 0: not said */
	uint64_t hidden;  /* findings below the score that is shown */
};

/*
 * "3 findings (3 high) in 2.1 s. 1,204,311 packets over 24 h = 1,203,998
 * accounted + 313 ignored (ARP 300, LLDP 13) + 0 lost.", then a line for each
 * thing that a reader must know to trust the first.
 */
void report_summary(FILE *stream, const struct stats *stats, const struct summary_extra *extra);

#endif /* SKUA_REPORT_SUMMARY_H */
