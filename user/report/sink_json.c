// SPDX-License-Identifier: BSD-2-Clause
/* Records as JSON lines; each is flushed, so that a reader behind a pipe sees it at once. */
#include <errno.h>
#include <stdlib.h>
#include "base/json.h"
#include "report/schema.h"
#include "report/stats_json.h"

struct json_sink {
	struct sink sink;
	struct json json;
	struct sink_envelope envelope;
};

static int json_sink_write(struct sink *sink, const struct record *record)
{
	struct json_sink *s = (struct json_sink *)sink;

	if (s->envelope.schema != SCHEMA_EVE && record->kind != RECORD_FINDING)
		return 0;
	switch (record->kind) {
	case RECORD_FINDING:
		schema_write_finding(&s->json, &s->envelope, record->finding,
				     s->envelope.derived ? record->derivation : NULL);
		break;
	case RECORD_STATS:
		stats_write_json(&s->json, &s->envelope, record->stats);
		break;
	case RECORD_WARNING:
		warning_write_json(&s->json, &s->envelope, record->warning);
		break;
	}
	errno = 0;
	if (!fflush(s->json.stream) && !ferror(s->json.stream))
		return 0;
	return errno ? -errno : -EIO;
}

static void json_sink_close(struct sink *sink)
{
	free(sink);
}

int sink_json_open(struct sink **out, FILE *stream, const struct sink_envelope *envelope)
{
	struct json_sink *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->sink = (struct sink){ "json", json_sink_write, json_sink_close };
	s->envelope = *envelope;
	json_init(&s->json, stream);
	*out = &s->sink;
	return 0;
}
