// SPDX-License-Identifier: BSD-2-Clause
/* One finding as JSON, in the schema that was asked for. */
#include "report/finding_json.h"
#include "report/schema.h"

void schema_write_finding(struct json *json, const struct sink_envelope *envelope,
			  const struct finding *finding, const struct derivation *derivation)
{
	if (envelope->schema == SCHEMA_ECS)
		mapping_write(json, schema_ecs_rows, envelope, finding);
	else if (envelope->schema == SCHEMA_OCSF)
		mapping_write(json, schema_ocsf_rows, envelope, finding);
	else
		finding_write_derived(json, envelope, finding, derivation);
}
