/* SPDX-License-Identifier: BSD-2-Clause */
/* The outside of every JSON record: Suricata's EVE, so that its readers read ours. */
#ifndef SKUA_REPORT_ENVELOPE_H
#define SKUA_REPORT_ENVELOPE_H

#include "base/json.h"
#include "report/sink.h"

#define ENVELOPE_VERSION "1.0" /* of include/skua/finding.schema.json */

/* Opens a record; the caller closes it with json_close() and json_end_line(). */
void envelope_begin(struct json *json, const char *event_type, uint64_t time_ns);
/* Where it comes from: host, sensor and mode, as far as the envelope says them. */
void envelope_origin(struct json *json, const struct sink_envelope *envelope);
/* A time as RFC 3339 text. */
void envelope_time(struct json *json, const char *name, uint64_t time_ns);

#endif /* SKUA_REPORT_ENVELOPE_H */
