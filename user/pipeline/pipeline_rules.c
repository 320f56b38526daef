// SPDX-License-Identifier: BSD-2-Clause
/* What people say of findings, and may change while it runs: suppressions, lists, prevalence. */
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "pipeline/pipeline_state.h"
#include "report/suppressions.h"

/* By the clock of the pipeline: a replay gives the answer of its day. */
bool pipeline_suppress(struct pipeline *pipeline, struct finding *finding)
{
	struct suppressions *rules = pipeline->options.suppressions;
	struct suppression *rule =
		rules ? suppressions_match(rules, finding, finding->trigger_ns) : NULL;

	if (!rule)
		return false;
	rule->count += ledger_suppress(&pipeline->ledger, finding);
	snprintf(finding->suppressed.rule, sizeof(finding->suppressed.rule), "%s", rule->id);
	snprintf(finding->suppressed.reason, sizeof(finding->suppressed.reason), "%s",
		 rule->reason);
	return !pipeline->options.show_suppressed;
}

void pipeline_suppressed(const struct pipeline *pipeline, struct stats *out)
{
	const struct suppressions *rules = pipeline->options.suppressions;

	out->has_suppressions = rules && (rules->count || rules->gone);
	out->suppressed = rules ? rules->gone : 0;
	out->rule_count = 0;
	for (unsigned i = 0; rules && i < rules->count; i++) {
		const struct suppression *rule = &rules->rules[i];

		out->suppressed += rule->count;
		if (rule->count && out->rule_count < STATS_CAUSES)
			out->rules[out->rule_count++] =
				(struct stats_cause){ rule->id, rule->count };
	}
}

static void say_lists(const struct lists *before, const struct lists *now)
{
	unsigned names = 0, ports = 0;
	size_t before_names = 0, now_names = 0;

	for (int i = 0; i < LIST_NAMES; i++) {
		const struct name_list *a = &before->names[i], *b = &now->names[i];
		bool differs = a->count != b->count;

		for (size_t k = 0; !differs && k < a->count; k++)
			differs = strcmp(a->names[k], b->names[k]) != 0;
		names += differs;
		before_names += a->count;
		now_names += b->count;
	}
	for (int i = 0; i < LIST_PORTS; i++)
		ports += memcmp(&before->ports[i], &now->ports[i], sizeof(now->ports[i])) != 0;
	log_info("lists read again: %u changed, names listed %zu, before %zu", names + ports,
		 now_names, before_names);
}

int pipeline_reload_lists(struct pipeline *pipeline)
{
	struct lists *lists = NULL;
	int err = lists_open(&lists, pipeline->options.lists);

	if (err) {
		log_error("the lists read before stay in force");
		return err;
	}
	say_lists(pipeline->lists, lists);
	lists_close(pipeline->lists);
	pipeline->lists = lists;
	pipeline->context.lists = lists;
	return 0;
}

void pipeline_name_lists(struct pipeline *pipeline, const char *directory)
{
	pipeline->options.lists = directory;
}

void pipeline_show_from(struct pipeline *pipeline, double min_score, bool show_suppressed)
{
	pipeline->options.min_score = min_score;
	pipeline->options.show_suppressed = show_suppressed || min_score <= 0;
}

void pipeline_set_prevalence(struct pipeline *pipeline, const struct prevalence *prevalence)
{
	pipeline->context.prevalence = prevalence;
}
