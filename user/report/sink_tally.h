/* SPDX-License-Identifier: BSD-2-Clause */
/* What became of the findings that were to go somewhere. */
#ifndef SKUA_REPORT_SINK_TALLY_H
#define SKUA_REPORT_SINK_TALLY_H

#include "report/record.h"

#define SINK_CAUSES 8
#define SINK_TALLIES 4

/* offered = delivered + waiting + dropped, by cause; names are constant text. */
struct sink_tally {
	const char *name; /* "file", "syslog", "webhook" */
	uint64_t offered, delivered, retries, waiting, capacity;
	unsigned cause_count;
	struct stats_cause dropped[SINK_CAUSES]; /* packets: here, records */
};

#endif /* SKUA_REPORT_SINK_TALLY_H */
