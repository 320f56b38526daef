/* SPDX-License-Identifier: BSD-2-Clause */
/* The two halves of the JSON report. */
#ifndef TESTS_EVAL_REPORT_JSON_H
#define TESTS_EVAL_REPORT_JSON_H

#include "base/json.h"
#include "tally.h"

void report_json_rate(struct json *json, const char *name, const struct rate *rate);
void report_json_alarms(struct json *json, const struct results *results);
/* 0 or -ENOMEM. */
int report_json_goals(struct json *json, const struct results *results);

#endif /* TESTS_EVAL_REPORT_JSON_H */
