// SPDX-License-Identifier: BSD-2-Clause
/* The outside of every JSON record: Suricata's EVE. */
#include "base/time_text.h"
#include "report/envelope.h"

void envelope_time(struct json *json, const char *name, uint64_t time_ns)
{
	char text[TIME_TEXT];

	json_put_text(json, name, time_format(text, time_ns));
}

void envelope_begin(struct json *json, const char *event_type, uint64_t time_ns)
{
	json_open_object(json, NULL);
	envelope_time(json, "timestamp", time_ns);
	json_put_text(json, "schema_version", ENVELOPE_VERSION);
	json_put_text(json, "event_type", event_type);
}

void envelope_origin(struct json *json, const struct sink_envelope *envelope)
{
	if (envelope->host)
		json_put_text(json, "host", envelope->host);
	if (envelope->sensor_id)
		json_put_text(json, "sensor_id", envelope->sensor_id);
	if (envelope->mode)
		json_put_text(json, "mode", envelope->mode);
}
