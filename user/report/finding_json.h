/* SPDX-License-Identifier: BSD-2-Clause */
/* One finding as one JSON record (include/skua/finding.schema.json). */
#ifndef SKUA_REPORT_FINDING_JSON_H
#define SKUA_REPORT_FINDING_JSON_H

#include "base/json.h"
#include "report/community_id.h"
#include "report/sink.h"

#define FINDING_SCORE_DECIMALS 4  /* scores, shares and factors */
#define FINDING_SECOND_DECIMALS 3 /* durations in seconds */

/* Only where the finding names one conversation; else false. */
bool finding_community_id(const struct finding *finding, char to[COMMUNITY_ID]);
/* A whole record, its line ended.  finding->id must be set. */
void finding_write_json(struct json *json, const struct sink_envelope *envelope,
			const struct finding *finding);
/* The same with how the score came about; NULL: without. */
void finding_write_derived(struct json *json, const struct sink_envelope *envelope,
			   const struct finding *finding, const struct derivation *derivation);
/* What packets prove of it, and what is asserted of its surroundings, each as one object without
 * the end of a line. */
void finding_write_proved(struct json *json, const struct finding *finding);
void finding_write_asserted(struct json *json, const struct finding *finding);
/* The object named after the event_type: count, entity (DNS tunnels: domain) and the numbers of the
 * kind.
 */
void finding_write_numbers(struct json *json, const struct finding *finding);

#endif /* SKUA_REPORT_FINDING_JSON_H */
