// SPDX-License-Identifier: BSD-2-Clause
/* Says what came of a self-test. */
#include <stdio.h>
#include "base/json.h"
#include "selftest/selftest.h"

const char *const selftest_kinds[SELFTEST_PATTERNS] = { "scan", "beacon", "dns_exfil" };
static const char *const units[SELFTEST_PATTERNS] = { "closed ports", "exchanges", "queries" };

bool selftest_all_found(const struct selftest_verdict verdicts[SELFTEST_PATTERNS])
{
	for (unsigned i = 0; i < SELFTEST_PATTERNS; i++)
		if (!verdicts[i].found)
			return false;
	return true;
}

static uint32_t count_of(const struct selftest_sent *sent, unsigned pattern)
{
	const uint32_t counts[SELFTEST_PATTERNS] = { sent->contacts, sent->exchanges,
						     sent->queries };

	return counts[pattern];
}

static void print_row(unsigned pattern, uint32_t count, const struct selftest_verdict *verdict)
{
	printf("%-10s %3u %-13s ", selftest_kinds[pattern], count, units[pattern]);
	if (verdict->found)
		printf("found after %.0f s, score %.2f, finding %.8s\n", verdict->after_s,
		       verdict->score, verdict->id);
	else if (verdict->known)
		printf("NOT FOUND: one like it is known, and is said again only when it changed "
		       "much: try again in an hour\n");
	else
		printf("NOT FOUND\n");
}

static void print_json(const struct selftest_plan *plan, const struct selftest_sent *sent,
		       const struct selftest_verdict *verdicts)
{
	char text[ADDRESS_TEXT];
	struct json json;

	json_init(&json, stdout);
	json_open_object(&json, NULL);
	json_put_text(&json, "source", address_format(&plan->source, text));
	json_put_text(&json, "target", address_format(&plan->target, text));
	json_put_bool(&json, "good", selftest_all_found(verdicts));
	json_open_array(&json, "patterns");
	for (unsigned i = 0; i < SELFTEST_PATTERNS; i++) {
		json_open_object(&json, NULL);
		json_put_text(&json, "kind", selftest_kinds[i]);
		json_put_uint(&json, "sent", count_of(sent, i));
		json_put_bool(&json, "found", verdicts[i].found);
		json_put_bool(&json, "known_before", verdicts[i].known);
		if (verdicts[i].found) {
			json_put_text(&json, "finding_id", verdicts[i].id);
			json_put_real(&json, "score", verdicts[i].score, 4);
			json_put_real(&json, "after_s", verdicts[i].after_s, 1);
		}
		json_close(&json);
	}
	json_close(&json);
	json_close(&json);
	json_end_line(&json);
}

void selftest_print(bool table, const struct selftest_plan *plan, const struct selftest_sent *sent,
		    const struct selftest_verdict verdicts[SELFTEST_PATTERNS])
{
	char source[ADDRESS_TEXT], target[ADDRESS_TEXT];

	if (!table) {
		print_json(plan, sent, verdicts);
		return;
	}
	printf("%s -> %s\n", address_format(&plan->source, source),
	       address_format(&plan->target, target));
	for (unsigned i = 0; i < SELFTEST_PATTERNS; i++)
		print_row(i, count_of(sent, i), &verdicts[i]);
}
