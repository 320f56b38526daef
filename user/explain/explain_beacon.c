// SPDX-License-Identifier: BSD-2-Clause
/* Explains the score of a beacon: gaps as bars, regularities, sizes, coverage, the formula. */
#ifdef HAVE_JANSSON
#include <jansson.h>
#include <string.h>
#include "base/text.h"
#include "explain/explain_text.h"

#define ROWS 12 /* of the histogram: neighbours are joined until it fits */
#define BAR 40

/* Of a ratio that grows until the rows are few enough. */
static unsigned count_rows(const json_t *gaps, double ratio)
{
	double end = 0;
	unsigned rows = 0;
	const json_t *gap;
	size_t i;

	json_array_foreach(gaps, i, gap) if (!i || explain_number(gap, "to_s") > end)
	{
		end = explain_number(gap, "from_s") * ratio;
		end = end > 0 ? end : explain_number(gap, "to_s");
		rows++;
	}
	return rows;
}

struct row {
	double from_s, to_s;
	double count;
};

static unsigned collect_rows(const json_t *gaps, struct row rows[ROWS])
{
	double ratio = 1.0906, end = 0; /* a bin, and a little for its digits */
	unsigned count = 0;
	const json_t *gap;
	size_t i;

	while (count_rows(gaps, ratio) > ROWS && ratio < 1e9)
		ratio *= 1.0906;
	json_array_foreach(gaps, i, gap)
	{
		double from_s = explain_number(gap, "from_s"), to_s = explain_number(gap, "to_s");

		if (!i || to_s > end) {
			if (count == ROWS)
				break;
			end = from_s > 0 ? from_s * ratio : to_s;
			rows[count++] = (struct row){ from_s, to_s, 0 };
		}
		rows[count - 1].to_s = to_s;
		rows[count - 1].count += explain_number(gap, "count");
	}
	return count;
}

static void write_gaps(FILE *stream, const json_t *gaps)
{
	struct row rows[ROWS];
	unsigned count = collect_rows(gaps, rows);
	double most = 1;

	for (unsigned i = 0; i < count; i++)
		most = rows[i].count > most ? rows[i].count : most;
	for (unsigned i = 0; i < count; i++) {
		unsigned length = rows[i].count / most * BAR + 0.5;

		explain_label(stream, i ? "" : "gaps");
		fprintf(stream, "%9.1f - %-9.1f s |", rows[i].from_s, rows[i].to_s);
		for (unsigned k = 0; k < (length ? length : 1) && k < BAR; k++)
			fputc('#', stream);
		fprintf(stream, " %.0f\n", rows[i].count);
	}
}

/* Where the densest gaps are, and how surely so many. */
static void write_window(FILE *stream, const json_t *part)
{
	char k[EXPLAIN_TEXT], n[EXPLAIN_TEXT];

	fprintf(stream, "%s of %s", explain_real(k, explain_number(part, "k")),
		explain_real(n, explain_number(part, "n")));
	if (explain_number(part, "to_s") > 0)
		fprintf(stream, " in %.1f-%.1f s", explain_number(part, "from_s"),
			explain_number(part, "to_s"));
	fprintf(stream, ", surely %.4f", explain_number(part, "wilson"));
	if (explain_number(part, "null") > 0)
		fprintf(stream, ", by chance %.2f", explain_number(part, "null"));
}

/* The factor that evidence makes: of what share of its way from none to full. */
static void write_clear(FILE *stream, const json_t *part, const json_t *evidence)
{
	char n[EXPLAIN_TEXT];
	double gaps = explain_number(part, "n"), nats = explain_number(evidence, "nats");

	fprintf(stream, "%.4f nats / %s gaps = %.4f, none %.2f, full %.2f", nats,
		explain_real(n, gaps), nats / gaps, explain_number(evidence, "none"),
		explain_number(evidence, "full"));
}

static void write_part(FILE *stream, const json_t *part, const json_t *evidence, bool counts)
{
	char name[EXPLAIN_TEXT];
	double weight = explain_number(part, "weight"), factor = explain_number(part, "factor");
	double value = explain_number(part, "value"), most = explain_number(part, "most");

	fprintf(stream, "%-10s ", explain_word(name, part, "name"));
	if (explain_number(part, "n") <= 0) {
		fprintf(stream, "not judged: too few gaps\n");
		return;
	}
	if (!strcmp(name, "by_mixture"))
		write_clear(stream, part, evidence);
	else
		write_window(stream, part);
	if (weight < 1 || factor < 1)
		fprintf(stream, ", x %.2f x %.4f", weight, factor);
	if (value >= most)
		fprintf(stream, ", at most %.4f", most);
	fprintf(stream, " -> %.4f%s\n", value, counts ? "  (counts)" : "");
}

static void write_allowed(FILE *stream, const json_t *evidence, const char *nats, const char *most)
{
	double told = explain_number(evidence, nats);

	if (told <= 0)
		fprintf(stream, "0 nats allow nothing\n");
	else
		fprintf(stream, "%.4f nats allow %.2f + (%.4f - %.0f) / %.0f, 0 to 1 = %.4f\n",
			told, explain_number(evidence, "allowed"), told,
			explain_number(evidence, "at"), explain_number(evidence, "per"),
			explain_number(evidence, most));
}

/* Of derivations that older agents wrote there may be none. */
static void write_evidence(FILE *stream, const json_t *evidence)
{
	if (!evidence)
		return;
	explain_label(stream, "chance");
	write_allowed(stream, evidence, "nats", "most");
	if (explain_number(evidence, "time_nats") > 0) {
		explain_label(stream, "");
		fprintf(stream, "by_time, of gaps from %.1f s on: ",
			explain_number(evidence, "time_from_s"));
		write_allowed(stream, evidence, "time_nats", "time_most");
	}
	explain_label(stream, "");
	if (explain_number(evidence, "interval_s") > 0)
		fprintf(stream,
			"so much better than chance fits a beacon of about %.1f s, jitter %.0f %%, "
			"%.0f %% missed\n",
			explain_number(evidence, "interval_s"),
			explain_number(evidence, "jitter_percent"),
			explain_number(evidence, "missed_percent"));
	else
		fprintf(stream, "no beacon fits better than chance\n");
}

static void write_parts(FILE *stream, const json_t *derivation)
{
	const json_t *parts = json_object_get(derivation, "regularities"), *part;
	const json_t *evidence = json_object_get(derivation, "evidence");
	double counts = explain_number(json_object_get(derivation, "formula"), "regularity");
	bool told = false;
	size_t i;

	json_array_foreach(parts, i, part)
	{
		bool mine = !told && explain_number(part, "value") >= counts;

		explain_label(stream, i ? "" : "rhythm");
		write_part(stream, part, evidence, mine);
		told |= mine;
	}
	write_evidence(stream, evidence);
	if (explain_number(derivation, "missed") > 0) {
		explain_label(stream, "");
		fprintf(stream, "%.0f callbacks missed: gaps of several periods count as well\n",
			explain_number(derivation, "missed"));
	}
	if (explain_number(derivation, "tail_ratio") > 0) {
		explain_label(stream, "");
		fprintf(stream, "95 of 100 gaps are at most %.3f times the median\n",
			explain_number(derivation, "tail_ratio"));
	}
	if (explain_number(derivation, "bursts_below_s") > 0) {
		explain_label(stream, "");
		fprintf(stream, "gaps below %.1f s are bursts and left out\n",
			explain_number(derivation, "bursts_below_s"));
	}
	if (json_is_true(json_object_get(derivation, "by_flow"))) {
		explain_label(stream, "");
		fprintf(stream, "of the longest-lived connection alone\n");
	}
}

void explain_write_beacon(FILE *stream, const json_t *derivation)
{
	const json_t *size = json_object_get(derivation, "size");
	const json_t *coverage = json_object_get(derivation, "coverage");
	const json_t *formula = json_object_get(derivation, "formula");

	write_gaps(stream, json_object_get(derivation, "gaps"));
	write_parts(stream, derivation);
	explain_label(stream, "sizes");
	fprintf(stream, "%.0f of %.0f requests have %.0f to %.0f B, surely %.4f\n",
		explain_number(size, "k"), explain_number(size, "n"),
		explain_number(size, "from_bytes"), explain_number(size, "to_bytes") - 1,
		explain_number(size, "wilson"));
	explain_label(stream, "coverage");
	fprintf(stream, "%.0f of %.0f slots of %.1f s hold an exchange: %.4f\n",
		explain_number(coverage, "held"), explain_number(coverage, "slots"),
		explain_number(coverage, "slot_s"), explain_number(coverage, "share"));
	explain_label(stream, "score");
	fprintf(stream,
		"regularity %.4f x (%.1f + %.1f x sizes %.4f + %.1f x coverage %.4f) = %.3f\n",
		explain_number(formula, "regularity"), explain_number(formula, "base"),
		explain_number(formula, "size_weight"), explain_number(formula, "size"),
		explain_number(formula, "coverage_weight"), explain_number(formula, "coverage"),
		explain_number(derivation, "score_raw"));
}

#endif
