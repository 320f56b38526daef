/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where records go.  A failing sink is counted by the pipeline and stops
 * nobody.  Sinks are used by one thread.
 */
#ifndef SKUA_REPORT_SINK_H
#define SKUA_REPORT_SINK_H

#include <stdio.h>
#include "base/pod.h"
#include "report/record.h"

struct sink {
	const char *name;
	int (*write)(struct sink *sink, const struct record *record); /* 0 or -errno */
	void (*close)(struct sink *sink);                             /* frees the sink */
};

enum sink_schema { SCHEMA_EVE, SCHEMA_ECS, SCHEMA_OCSF };

/* What the envelope says of this run. */
struct sink_envelope {
	const char *host;      /* may be NULL: not said */
	const char *sensor_id; /* may be NULL */
	const char *mode;      /* "replay" or "live" */
	bool derived;          /* findings tell how their scores came about */
	pod_find_fn *find_pod; /* names the pods of a finding; may be NULL */
	void *find_pod_arg;
	enum sink_schema schema;
};

/* The stream stays the caller's.  0 or -ENOMEM. */
int sink_json_open(struct sink **out, FILE *stream, const struct sink_envelope *envelope);
int sink_csv_open(struct sink **out, FILE *stream);
/* Rows are kept until close, then printed by falling score; colour: escape sequences allowed. */
int sink_table_open(struct sink **out, FILE *stream, bool colour);
/* A row for each new finding, as it comes. */
int sink_lines_open(struct sink **out, FILE *stream, bool colour);

#endif /* SKUA_REPORT_SINK_H */
