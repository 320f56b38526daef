/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The schemas in which a finding can be written as JSON: our own (EVE, with
 * include/skua/finding.schema.json), the Elastic Common Schema 8.11, and OCSF
 * 1.3.0 (Detection Finding).  The others know no statistics and warnings of
 * ours: only findings are written in them.
 */
#ifndef SKUA_REPORT_SCHEMA_H
#define SKUA_REPORT_SCHEMA_H

#include "report/mapping.h"

#define SCHEMA_CHOICES "eve ecs ocsf" /* as enum sink_schema */

extern const struct mapping_row schema_ecs_rows[], schema_ocsf_rows[];

/* A whole record in the schema of the envelope, its line ended; derivation: only in ours, or NULL.
 */
void schema_write_finding(struct json *json, const struct sink_envelope *envelope,
			  const struct finding *finding, const struct derivation *derivation);

#endif /* SKUA_REPORT_SCHEMA_H */
