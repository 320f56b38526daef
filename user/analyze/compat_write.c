// SPDX-License-Identifier: BSD-2-Clause
/* Prints what the three simple rules of the recipe found. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/compat_rows.h"
#include "base/json.h"
#include "base/text.h"
#include "report/envelope.h"
#include "report/stats_json.h"

struct rule {
	const char *name, *severity;
	size_t table; /* offset in struct compat */
	uint64_t least;
	void (*json)(struct json *json, const struct compat_row *row);
	void (*text)(FILE *stream, const struct compat_row *row);
};

static void write_address(struct json *json, const char *name, const struct address *address)
{
	char text[ADDRESS_TEXT];

	json_put_text(json, name, address_format(address, text));
}

static void scan_json(struct json *json, const struct compat_row *row)
{
	write_address(json, "target", &row->dst);
}

static void scan_text(FILE *stream, const struct compat_row *row)
{
	char dst[ADDRESS_TEXT], count[TEXT_NUMBER];

	fprintf(stream, "%s  %s SYN packets\n", address_format(&row->dst, dst),
		text_count(count, row->count));
}

static void dns_json(struct json *json, const struct compat_row *row)
{
	write_address(json, "source", &row->src);
	json_put_bytes(json, "name", row->name, row->length);
	json_put_uint(json, "length", row->length);
}

static void dns_text(FILE *stream, const struct compat_row *row)
{
	char src[ADDRESS_TEXT], count[TEXT_NUMBER], name[TEXT_ESCAPED(COMPAT_NAME_ROOM)];

	text_escape(name, sizeof(name), row->name, row->length);
	fprintf(stream, "%s  %s queries for long names, the longest has %u characters: %s\n",
		address_format(&row->src, src), text_count(count, row->count), row->length, name);
}

static void port_json(struct json *json, const struct compat_row *row)
{
	write_address(json, "source", &row->src);
	write_address(json, "destination", &row->dst);
	json_put_uint(json, "port", row->port);
}

static void port_text(FILE *stream, const struct compat_row *row)
{
	char src[ADDRESS_TEXT], dst[ADDRESS_TEXT], count[TEXT_NUMBER];

	fprintf(stream, "%s -> %s  %s packets on port %u\n", address_format(&row->src, src),
		address_format(&row->dst, dst), text_count(count, row->count), row->port);
}

static const struct rule rules[] = {
	{ "PORT_SCAN", "HIGH", offsetof(struct compat, targets), COMPAT_SYNS, scan_json,
	  scan_text },
	{ "DNS_EXFILTRATION", "HIGH", offsetof(struct compat, askers), 1, dns_json, dns_text },
	{ "SUSPICIOUS_PORTS", "MEDIUM", offsetof(struct compat, talks), 1, port_json, port_text },
};
#define RULES (sizeof(rules) / sizeof(rules[0]))

static const struct table *rule_table(const struct compat *compat, const struct rule *rule)
{
	return (const struct table *)((const char *)compat + rule->table);
}

static int compare_rows(const void *a, const void *b)
{
	const struct compat_row *x = *(const struct compat_row *const *)a;
	const struct compat_row *y = *(const struct compat_row *const *)b;
	int order;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	order = memcmp(x->src.bytes, y->src.bytes, sizeof(x->src.bytes));
	if (!order)
		order = memcmp(x->dst.bytes, y->dst.bytes, sizeof(x->dst.bytes));
	return order ? order : (int)x->port - (int)y->port;
}

/* The rows that meet the rule, in order, to be freed; their number or -ENOMEM. */
static ssize_t rule_rows(const struct table *table, const struct rule *rule,
			 const struct compat_row ***out)
{
	const struct compat_row **rows = calloc(table->used + 1, sizeof(*rows));
	size_t count = 0;

	if (!rows)
		return -ENOMEM;
	for (const struct compat_row *row = table_next(table, NULL); row;
	     row = table_next(table, row))
		if (row->count >= rule->least)
			rows[count++] = row;
	qsort(rows, count, sizeof(*rows), compare_rows);
	*out = rows;
	return count;
}

static void row_json(struct json *json, const struct rule *rule, const struct compat_row *row,
		     const struct sink_envelope *envelope)
{
	envelope_begin(json, "compat", row->time_ns);
	envelope_origin(json, envelope);
	json_open_object(json, "compat");
	json_put_text(json, "finding", rule->name);
	json_put_text(json, "severity", rule->severity);
	rule->json(json, row);
	json_put_uint(json, "count", row->count);
	json_close(json);
	json_close(json);
	json_end_line(json);
}

static void row_text(FILE *stream, const struct rule *rule, const struct compat_row *row)
{
	fprintf(stream, "%-8s  %-16s  ", rule->severity, rule->name);
	rule->text(stream, row);
}

int compat_walk(const struct compat *compat, compat_row_fn *say, void *arg)
{
	for (size_t i = 0; i < RULES; i++) {
		const struct compat_row **rows;
		ssize_t count = rule_rows(rule_table(compat, &rules[i]), &rules[i], &rows);

		if (count < 0)
			return count;
		for (ssize_t j = 0; j < count; j++)
			say(arg, rules[i].name, rules[i].severity, rows[j]);
		free(rows);
	}
	return 0;
}

uint64_t compat_lost(const struct compat *compat)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < RULES; i++)
		sum += rule_table(compat, &rules[i])->evictions;
	return sum;
}

static void lost_text(char *to, size_t size, uint64_t entries)
{
	char count[TEXT_NUMBER];

	snprintf(to, size, "compat: tables were full, %s entries gave way and may be missing",
		 text_count(count, entries));
}

int compat_write_json(const struct compat *compat, FILE *stream,
		      const struct sink_envelope *envelope)
{
	struct warning warning = { 0 };
	struct json json;

	json_init(&json, stream);
	for (size_t i = 0; i < RULES; i++) {
		const struct compat_row **rows;
		ssize_t count = rule_rows(rule_table(compat, &rules[i]), &rules[i], &rows);

		if (count < 0)
			return count;
		for (ssize_t j = 0; j < count; j++) {
			row_json(&json, &rules[i], rows[j], envelope);
			if (rows[j]->time_ns > warning.time_ns)
				warning.time_ns = rows[j]->time_ns;
		}
		free(rows);
	}
	lost_text(warning.text, sizeof(warning.text), compat_lost(compat));
	if (compat_lost(compat))
		warning_write_json(&json, envelope, &warning);
	return 0;
}

int compat_write_table(const struct compat *compat, FILE *stream)
{
	char text[128];

	fprintf(stream, "%-8s  %-16s  %s\n", "SEVERITY", "FINDING", "WHO  WHAT");
	for (size_t i = 0; i < RULES; i++) {
		const struct compat_row **rows;
		ssize_t count = rule_rows(rule_table(compat, &rules[i]), &rules[i], &rows);

		if (count < 0)
			return count;
		for (ssize_t j = 0; j < count; j++)
			row_text(stream, &rules[i], rows[j]);
		free(rows);
	}
	lost_text(text, sizeof(text), compat_lost(compat));
	if (compat_lost(compat))
		fprintf(stream, "%s\n", text);
	return 0;
}
