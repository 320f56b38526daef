// SPDX-License-Identifier: BSD-2-Clause
/* Explains one finding to a person, from its JSON. */
#ifdef HAVE_JANSSON
#include <jansson.h>
#include <math.h>
#include <string.h>
#include "base/text.h"
#include "report/finding.h"
#include "explain/explain_text.h"

#define ID_SHOWN 8

double explain_number(const json_t *object, const char *name)
{
	return json_number_value(json_object_get(object, name));
}

const char *explain_word(char to[EXPLAIN_TEXT], const json_t *object, const char *name)
{
	const json_t *text = json_object_get(object, name);

	to[0] = '\0';
	if (json_is_string(text))
		text_escape(to, EXPLAIN_TEXT, json_string_value(text), json_string_length(text));
	return to;
}

const char *explain_real(char to[EXPLAIN_TEXT], double number)
{
	if (number >= 0 && number < 1e15 && number == (double)(uint64_t)number)
		return text_count(to, number);
	snprintf(to, EXPLAIN_TEXT, "%.4f", number);
	return to;
}

void explain_label(FILE *stream, const char *label)
{
	fprintf(stream, "  %-9s ", label);
}

/* " sni c2.example.net"; nothing when the finding does not say. */
static void write_named(FILE *stream, const json_t *object, const char *name, const char *label)
{
	char text[EXPLAIN_TEXT];

	if (explain_word(text, object, name)[0])
		fprintf(stream, "  %s %s", label, text);
}

static void write_who(FILE *stream, const json_t *finding)
{
	char src[EXPLAIN_TEXT], dst[EXPLAIN_TEXT], kind[EXPLAIN_TEXT], name[EXPLAIN_TEXT];
	const json_t *numbers;
	unsigned port = explain_number(finding, "dest_port");

	explain_word(kind, finding, "event_type");
	numbers = json_object_get(finding, kind);
	fputs(explain_word(src, finding, "src_ip"), stream);
	explain_word(dst, finding, "dest_ip");
	if (!explain_word(name, numbers, "domain")[0])
		explain_word(name, numbers, "entity");
	if (!dst[0] && !name[0])
		return;
	fprintf(stream, " -> ");
	if (!dst[0] || !strcmp(kind, "dns_exfil")) {
		fputs(name, stream);
		return;
	}
	fprintf(stream, strchr(dst, ':') && port ? "[%s]" : "%s", dst);
	if (port)
		fprintf(stream, ":%u", port);
}

static void write_head(FILE *stream, const json_t *finding)
{
	char kind[EXPLAIN_TEXT], id[EXPLAIN_TEXT], proto[EXPLAIN_TEXT];
	double score = explain_number(finding, "score");
	const json_t *numbers;

	explain_word(kind, finding, "event_type");
	numbers = json_object_get(finding, kind);
	fprintf(stream, "%s %.*s  ", kind, ID_SHOWN, explain_word(id, finding, "finding_id"));
	write_who(stream, finding);
	if (explain_word(proto, finding, "proto")[0])
		fprintf(stream, "/%s", proto);
	write_named(stream, numbers, "name", "name");
	write_named(stream, numbers, "ja4", "ja4");
	write_named(stream, numbers, "indicator", "indicator");
	fprintf(stream, "  score %.2f (%s)\n", score,
		finding_severity_word(finding_severity_of(score)));
}

static bool has_fixed_score(const json_t *finding)
{
	return json_object_get(finding, "suspicious_port") || json_object_get(finding, "trigger");
}

static void write_derivation(FILE *stream, const json_t *finding, const json_t *derivation)
{
	if (!derivation) {
		explain_label(stream, "score");
		fprintf(stream, "%.4f; how it came about was not recorded%s\n",
			explain_number(finding, "score_raw"),
			has_fixed_score(finding) ? ": of such findings it is fixed" : "");
	} else if (json_object_get(derivation, "regularities")) {
		explain_write_beacon(stream, derivation);
	} else if (json_object_get(derivation, "information")) {
		explain_write_dns(stream, derivation);
	} else {
		explain_write_rules(stream, derivation);
	}
}

/* What was recorded with the finding: a replay of its packets alone knows less of the others. */
static void write_context(FILE *stream, const json_t *finding)
{
	double score = explain_number(finding, "score_raw");
	const json_t *factor;
	size_t i;

	if (!json_array_size(json_object_get(finding, "context"))) {
		explain_label(stream, "context");
		fprintf(stream, "nothing known moved the score\n");
	}
	json_array_foreach(json_object_get(finding, "context"), i, factor)
	{
		char name[EXPLAIN_TEXT], why[EXPLAIN_TEXT];
		bool raise = json_is_true(json_object_get(factor, "raise"));
		double by = explain_number(factor, "factor");
		double after = raise ? score + by : score * by;

		after = after > 1 ? 1 : after;
		explain_label(stream, i ? "" : "context");
		fprintf(stream, "%s%.4f  %.4f -> %.4f  %s: %s\n", raise ? "+" : "x", by, score,
			after, explain_word(name, factor, "name"),
			explain_word(why, factor, "why"));
		score = after;
	}
}

static void write_silent(FILE *stream, const json_t *derivation)
{
	const json_t *smallest = json_object_get(derivation, "smallest");
	double number = explain_number(smallest, "number");
	double jitter = explain_number(derivation, "jitter_percent");
	char of[EXPLAIN_TEXT], text[TEXT_NUMBER];

	if (!smallest)
		return;
	explain_label(stream, "");
	if (number <= 0) {
		fprintf(stream, "is silent as it is: from a score of %.2f on it would be shown\n",
			explain_number(derivation, "shown_from"));
		return;
	}
	fprintf(stream, "would be silent with fewer than %s %s", text_count(text, number),
		explain_word(of, smallest, "of"));
	if (json_object_get(derivation, "jitter_percent") && jitter < 100)
		fprintf(stream, ", or with gaps spread by more than %.0f %%", jitter);
	fprintf(stream, "\n");
	explain_label(stream, "");
	fprintf(stream, "(the same state made smaller and judged again; context as it is now)\n");
}

static void write_evidence(FILE *stream, const json_t *finding)
{
	const json_t *snapshot = json_object_get(finding, "snapshot");
	char file[EXPLAIN_TEXT], sha256[EXPLAIN_TEXT], why[EXPLAIN_TEXT], text[TEXT_NUMBER];

	explain_label(stream, "evidence");
	if (!snapshot)
		fprintf(stream, "no snapshot is known\n");
	else if (explain_word(why, snapshot, "error")[0])
		fprintf(stream, "there is no snapshot: %s\n", why);
	else
		fprintf(stream, "%s  %s packets%s, sha256 %s\n",
			explain_word(file, snapshot, "file"),
			text_count(text, explain_number(snapshot, "packets")),
			json_is_true(json_object_get(snapshot, "truncated")) ? " (not all)" : "",
			explain_word(sha256, snapshot, "sha256"));
	if (explain_word(why, finding, "proof")[0]) {
		explain_label(stream, "");
		fprintf(stream, "proof: %s\n", why);
	}
}

static void write_waiver(FILE *stream, const json_t *finding)
{
	const json_t *waiver = json_object_get(finding, "suppressed");
	char rule[EXPLAIN_TEXT], reason[EXPLAIN_TEXT];

	if (!waiver)
		return;
	explain_label(stream, "kept back");
	fprintf(stream, "by rule %s: %s\n", explain_word(rule, waiver, "rule"),
		explain_word(reason, waiver, "reason"));
}

/* Packets alone do not tell it. */
static bool is_unusual(const json_t *finding)
{
	const json_t *exfil = json_object_get(finding, "exfil");
	const char *channel = json_string_value(json_object_get(exfil, "channel"));

	return channel && !strcmp(channel, "unusual");
}

static void write_replay(FILE *stream, const json_t *finding, const json_t *derivation)
{
	double told = explain_number(finding, "score_raw");
	double again = explain_number(derivation, "score_raw");

	explain_label(stream, "");
	if (!derivation)
		fprintf(stream, "a replay of it does not show this finding%s\n",
			is_unusual(finding) ? ": what is usual stands in the agent's state" : "");
	else if (fabs(told - again) > 0.00005)
		fprintf(stream, "a replay of it gives %.4f before context; %.4f was recorded\n",
			again, told);
	else
		fprintf(stream, "a replay of it gives %.4f before context, as was recorded\n",
			again);
}

void explain_write(FILE *stream, const json_t *finding, bool replayed)
{
	const json_t *derivation = json_object_get(finding, "derivation");
	char text[EXPLAIN_TEXT];

	write_head(stream, finding);
	explain_label(stream, "what");
	fprintf(stream, "%s\n", explain_word(text, finding, "reason"));
	explain_write_origin(stream, finding);
	write_derivation(stream, finding, derivation);
	write_context(stream, finding);
	write_silent(stream, derivation);
	write_waiver(stream, finding);
	write_evidence(stream, finding);
	if (replayed && (derivation || !has_fixed_score(finding)))
		write_replay(stream, finding, derivation);
}

void explain_write_candidate(FILE *stream, const json_t *finding)
{
	char id[EXPLAIN_TEXT], kind[EXPLAIN_TEXT];

	fprintf(stream, "%s  %s  ", explain_word(id, finding, "finding_id"),
		explain_word(kind, finding, "event_type"));
	write_who(stream, finding);
	fprintf(stream, "  %.2f\n", explain_number(finding, "score"));
}

#endif
