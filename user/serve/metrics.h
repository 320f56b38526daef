/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a running agent shows of itself, for Prometheus: the exposition formats
 * of OpenMetrics 1.0 and of text 0.0.4, which differ in the names of counters
 * and in the last line.  Labels from the wire are escaped.
 */
#ifndef SKUA_SERVE_METRICS_H
#define SKUA_SERVE_METRICS_H

#include <stdbool.h>
#include <stdio.h>
#include "report/sink_tally.h"
#include "serve/tally.h"
#include "serve/view.h"

#define METRICS_TYPE_OPEN "application/openmetrics-text; version=1.0.0; charset=utf-8"
#define METRICS_TYPE_TEXT "text/plain; version=0.0.4; charset=utf-8"

struct metrics_evidence {
	bool kept; /* evidence is kept at all */
	uint64_t published, failed, removed, refused;
	uint64_t bytes, files, quota_bytes;
};

/* What there is to tell; view has passed view_check(). */
struct metrics {
	const struct status_view *view;
	const struct tally *tally;
	struct metrics_evidence evidence;
	unsigned sink_count;
	struct sink_tally sinks[SINK_TALLIES]; /* beside standard output */
};

/* Errors stay in the stream. */
void metrics_write(FILE *stream, const struct metrics *metrics, bool open);

#endif /* SKUA_SERVE_METRICS_H */
