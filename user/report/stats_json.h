/* SPDX-License-Identifier: BSD-2-Clause */
/* The counters of a run, and warnings, as JSON records. */
#ifndef SKUA_REPORT_STATS_JSON_H
#define SKUA_REPORT_STATS_JSON_H

#include "base/json.h"
#include "report/sink.h"

/* Whole records, their lines ended. */
void stats_write_json(struct json *json, const struct sink_envelope *envelope,
		      const struct stats *stats);
void warning_write_json(struct json *json, const struct sink_envelope *envelope,
			const struct warning *warning);

#endif /* SKUA_REPORT_STATS_JSON_H */
