/* SPDX-License-Identifier: BSD-2-Clause */
/* How a score came about, as the JSON object "derivation" (include/skua/finding.schema.json). */
#ifndef SKUA_REPORT_DERIVATION_JSON_H
#define SKUA_REPORT_DERIVATION_JSON_H

#include "base/json.h"
#include "report/derivation.h"

void derivation_write_json(struct json *json, const struct finding *finding,
			   const struct derivation *derivation);

#endif /* SKUA_REPORT_DERIVATION_JSON_H */
