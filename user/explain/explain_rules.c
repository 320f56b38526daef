// SPDX-License-Identifier: BSD-2-Clause
/* Explains the score of what rules found: scans, uploads, ICMP and DNS tunnels. */
#ifdef HAVE_JANSSON
#include <jansson.h>
#include <string.h>
#include "base/text.h"
#include "explain/explain_text.h"

static void write_formula(FILE *stream, const json_t *rule)
{
	double factor = explain_number(rule, "factor");

	if (explain_number(rule, "step") <= 0) {
		fprintf(stream, "%.3f from %.6g on\n", explain_number(rule, "score"),
			explain_number(rule, "from"));
		return;
	}
	fprintf(stream, "%.2f + %.3f x (%.4f - %.0f)", explain_number(rule, "floor"),
		explain_number(rule, "step"), explain_number(rule, "measure"),
		explain_number(rule, "from"));
	fprintf(stream, ", at most 1");
	if (factor < 1)
		fprintf(stream, ", x %.2f", factor);
	fprintf(stream, " = %.3f\n", explain_number(rule, "score"));
}

static void write_rule(FILE *stream, const json_t *rule, bool first)
{
	char name[EXPLAIN_TEXT], of[EXPLAIN_TEXT], number[EXPLAIN_TEXT], span[TEXT_NUMBER];
	double horizon_s = explain_number(rule, "horizon_s");

	explain_label(stream, first ? "rules" : "");
	fprintf(stream, "%-11s %s %s", explain_word(name, rule, "name"),
		explain_real(number, explain_number(rule, "measure")),
		explain_word(of, rule, "of"));
	if (horizon_s > 0)
		fprintf(stream, " within %s", text_duration(span, horizon_s));
	if (explain_number(rule, "contacts") > 0)
		fprintf(stream, "; %.0f distinct contacts", explain_number(rule, "contacts"));
	if (explain_number(rule, "targets") > 0)
		fprintf(stream, ", %.0f targets, %.0f ports", explain_number(rule, "targets"),
			explain_number(rule, "ports"));
	if (!json_is_true(json_object_get(rule, "holds"))) {
		fprintf(stream, ": does not hold (from %s on)\n",
			explain_real(number, explain_number(rule, "from")));
		return;
	}
	fprintf(stream, ":\n");
	explain_label(stream, "");
	fprintf(stream, "            ");
	write_formula(stream, rule);
}

static void write_condition(FILE *stream, const json_t *test, bool first)
{
	char name[EXPLAIN_TEXT], value[EXPLAIN_TEXT], limit[EXPLAIN_TEXT];
	bool holds = json_is_true(json_object_get(test, "holds"));

	explain_label(stream, first ? "signs" : "");
	fprintf(stream, "%-17s %s %s %s", explain_word(name, test, "name"),
		explain_real(value, explain_number(test, "value")), holds ? ">=" : "<",
		explain_real(limit, explain_number(test, "limit")));
	if (explain_number(test, "bonus") > 0)
		fprintf(stream, ": +%.1f", holds ? explain_number(test, "bonus") : 0);
	fputc('\n', stream);
}

static double write_conditions(FILE *stream, const json_t *derivation)
{
	const json_t *test;
	double bonus = 0;
	size_t i;

	json_array_foreach(json_object_get(derivation, "conditions"), i, test)
	{
		write_condition(stream, test, !i);
		if (json_is_true(json_object_get(test, "holds")))
			bonus += explain_number(test, "bonus");
	}
	return bonus;
}

/* What the hour was compared with. */
static void write_usual(FILE *stream, const json_t *usual)
{
	char bytes[EXPLAIN_TEXT];
	double octaves = explain_number(usual, "octaves"), mean = explain_number(usual, "mean");

	explain_label(stream, "usual");
	fprintf(stream, "%s: %.0f hours learnt, log2(1 + bytes) %.4f, deviation %.4f\n",
		json_is_true(json_object_get(usual, "of_source")) ? "of this source"
								  : "to this destination",
		explain_number(usual, "hours"), mean, explain_number(usual, "deviation"));
	explain_label(stream, "");
	fprintf(stream, "this hour: %s B, log2 %.4f: (%.4f - %.4f) / %.4f = %.4f\n",
		explain_real(bytes, explain_number(usual, "hour_bytes")), octaves, octaves, mean,
		explain_number(usual, "deviation"), explain_number(usual, "z"));
	explain_label(stream, "");
	fprintf(stream, "hours of two earlier days: up to %.4f; with %.1f more that is no news\n",
		explain_number(usual, "peak"), explain_number(usual, "slack"));
}

void explain_write_rules(FILE *stream, const json_t *derivation)
{
	const json_t *rule;
	size_t i;

	json_array_foreach(json_object_get(derivation, "rules"), i, rule)
		write_rule(stream, rule, !i);
	write_conditions(stream, derivation);
	if (json_object_get(derivation, "usual"))
		write_usual(stream, json_object_get(derivation, "usual"));
	explain_label(stream, "score");
	fprintf(stream, "the highest of the rules that hold = %.3f\n",
		explain_number(derivation, "score_raw"));
}

void explain_write_dns(FILE *stream, const json_t *derivation)
{
	const json_t *dns = json_object_get(derivation, "information");
	double bonus;

	explain_label(stream, "names");
	fprintf(stream, "%.0f B of distinct information: log2(%.0f / %.0f) = %.4f, / %.0f = %.4f\n",
		explain_number(dns, "bytes"), explain_number(dns, "bytes"),
		explain_number(dns, "floor_bytes"), explain_number(dns, "octaves"),
		explain_number(dns, "full_octaves"), explain_number(dns, "base"));
	bonus = write_conditions(stream, derivation);
	explain_label(stream, "score");
	fprintf(stream, "%.4f + %.1f, at most 1 = %.3f\n", explain_number(dns, "base"), bonus,
		explain_number(derivation, "score_raw"));
}

#endif
