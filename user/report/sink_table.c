// SPDX-License-Identifier: BSD-2-Clause
/* Findings as a table for a person: at close by falling score, or line by line as they come. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/table.h"
#include "base/text.h"
#include "report/origin.h"
#include "report/sink.h"

/* More rows than anybody reads; beyond, those with the lowest scores give way and are counted. */
#define TABLE_ROWS 10000
/* A longer name shifts the rest of its own row only. */
#define WHO_WIDTH_MAX 48

#define ROW_KEY (FINDING_ID - 1)
#define WHO_TEXT (2 * ADDRESS_TEXT + TEXT_ESCAPED(FINDING_NAME) + 16)

struct table_sink {
	struct sink sink;
	FILE *stream;
	bool colour;
	bool as_they_come;
	bool begun;
	struct table rows; /* finding id -> struct finding */
	uint64_t returned; /* rows that had given way, and came back with an update */
};

struct widths {
	int kind, who;
};

/* Scores lie in 0..1, so a fixed point of 32 bits keeps their order. */
static uint64_t row_worth(const void *value)
{
	const struct finding *finding = value;

	return finding->score > 0 ? (uint64_t)(finding->score * 4294967296.0) : 0;
}

static void write_row(const struct table_sink *s, const struct finding *finding,
		      const struct widths *widths);

/* Nobody knows yet what else comes: columns for what is usual. */
static int write_line(struct table_sink *s, const struct finding *finding)
{
	static const struct widths widths = { 9, 40 };

	if (finding->state == FINDING_NEW && !s->begun)
		fprintf(s->stream, "SCORE  %-*s  %-*s  WHAT\n", widths.kind, "KIND", widths.who,
			"WHO");
	if (finding->state == FINDING_NEW) {
		s->begun = true;
		write_row(s, finding, &widths);
	}
	errno = 0;
	return fflush(s->stream) ? -(errno ? errno : EIO) : 0;
}

static int table_sink_write(struct sink *sink, const struct record *record)
{
	struct table_sink *s = (struct table_sink *)sink;
	struct finding *row;
	bool is_new;

	if (record->kind != RECORD_FINDING)
		return 0;
	if (s->as_they_come)
		return write_line(s, record->finding);
	row = table_get(&s->rows, record->finding->id, &is_new);
	s->returned += is_new && s->rows.evictions && record->finding->state != FINDING_NEW;
	*row = *record->finding;
	return 0;
}

/* "10.9.0.5 -> 203.0.113.5:443"; a name stands before the address that it had. */
static void format_who(char to[WHO_TEXT], const struct finding *finding)
{
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT];
	bool bracket = finding->dport && !address_is_ipv4(&finding->dst);
	int length = snprintf(to, WHO_TEXT, "%s", address_format(&finding->src, src));

	if (finding->entity[0]) {
		length += snprintf(to + length, WHO_TEXT - length, " -> ");
		text_escape(to + length, WHO_TEXT - length, finding->entity,
			    strnlen(finding->entity, FINDING_NAME));
		return;
	}
	if (!finding->has_dst)
		return;
	length += snprintf(to + length, WHO_TEXT - length, " -> %s%s%s", bracket ? "[" : "",
			   address_format(&finding->dst, dst), bracket ? "]" : "");
	if (finding->dport)
		snprintf(to + length, WHO_TEXT - length, ":%u", finding->dport);
}

static void write_what(FILE *stream, const struct finding *finding)
{
	char text[TEXT_ESCAPED(FINDING_REASON)], number[TEXT_NUMBER], origin[ORIGIN_TEXT];

	text_escape(text, sizeof(text), finding->reason, strnlen(finding->reason, FINDING_REASON));
	fputs(text, stream);
	if (origin_text(origin, &finding->origin)[0])
		fprintf(stream, "; by %s", origin);
	for (unsigned i = 0; i < finding->factor_count && i < FINDING_FACTORS; i++) {
		const struct finding_factor *factor = &finding->factors[i];

		fprintf(stream, "; %s %s%s", factor->name, factor->raise ? "+" : "x",
			text_fixed(number, factor->factor, 2));
	}
	if (finding->suppressed.rule[0]) /* its reason was read strictly: nothing to escape */
		fprintf(stream, "; suppressed by %s: %s", finding->suppressed.rule,
			finding->suppressed.reason);
	fputc('\n', stream);
}

static struct widths measure(struct finding *const *rows, uint32_t count)
{
	struct widths w = { strlen("KIND"), strlen("WHO") };
	char who[WHO_TEXT];

	for (uint32_t i = 0; i < count; i++) {
		int kind = strlen(finding_kind_name(rows[i]->kind)), width;

		format_who(who, rows[i]);
		width = text_width(who);
		w.kind = kind > w.kind ? kind : w.kind;
		if (width > w.who && width <= WHO_WIDTH_MAX)
			w.who = width;
	}
	return w;
}

static void write_row(const struct table_sink *s, const struct finding *finding,
		      const struct widths *widths)
{
	static const char *const colours[] = { "", "\033[1;31m", "\033[33m", "", "\033[2m" };
	const char *colour = s->colour ? colours[finding_severity(finding)] : "";
	char who[WHO_TEXT], score[TEXT_NUMBER];
	int padding;

	format_who(who, finding);
	padding = widths->who - (int)text_width(who);
	fprintf(s->stream, "%s%-5s  %-*s%s  %s%*s  ", colour, text_fixed(score, finding->score, 2),
		widths->kind, finding_kind_name(finding->kind), colour[0] ? "\033[0m" : "", who,
		padding > 0 ? padding : 0, "");
	write_what(s->stream, finding);
}

/* By falling score, then by time, then by id: the same order everywhere. */
static int compare_rows(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a, *y = *(struct finding *const *)b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	if (x->trigger_ns != y->trigger_ns)
		return x->trigger_ns < y->trigger_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void write_rows(struct table_sink *s, struct finding **rows)
{
	uint64_t missing = s->rows.evictions - s->returned;
	char number[TEXT_NUMBER];
	uint32_t count = 0;
	struct widths widths;

	for (void *row = table_next(&s->rows, NULL); row; row = table_next(&s->rows, row))
		rows[count++] = row;
	qsort(rows, count, sizeof(*rows), compare_rows);
	widths = measure(rows, count);
	fprintf(s->stream, "SCORE  %-*s  %-*s  WHAT\n", widths.kind, "KIND", widths.who, "WHO");
	for (uint32_t i = 0; i < count; i++)
		write_row(s, rows[i], &widths);
	if (missing)
		fprintf(s->stream, "and %s more, which this table had no room for\n",
			text_count(number, missing));
}

static void table_sink_close(struct sink *sink)
{
	struct table_sink *s = (struct table_sink *)sink;
	struct finding **rows = calloc(s->rows.used, sizeof(*rows));

	if (s->rows.used && rows)
		write_rows(s, rows);
	else if (s->rows.used)
		fprintf(s->stream, "no memory to sort %u findings\n", s->rows.used);
	free(rows);
	table_fini(&s->rows);
	free(s);
}

int sink_lines_open(struct sink **out, FILE *stream, bool colour)
{
	int err = sink_table_open(out, stream, colour);

	if (!err)
		((struct table_sink *)*out)->as_they_come = true;
	return err;
}

int sink_table_open(struct sink **out, FILE *stream, bool colour)
{
	const struct table_options options = { .key_size = ROW_KEY,
					       .value_size = sizeof(struct finding),
					       .capacity = TABLE_ROWS,
					       .worth = row_worth };
	struct table_sink *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	err = table_init(&s->rows, &options);
	if (err) {
		free(s);
		return err;
	}
	s->sink = (struct sink){ "table", table_sink_write, table_sink_close };
	s->stream = stream;
	s->colour = colour;
	*out = &s->sink;
	return 0;
}
