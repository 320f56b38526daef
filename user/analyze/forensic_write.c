// SPDX-License-Identifier: BSD-2-Clause
/* Prints the one-shot report: JSON, a summary, and tables of who and what was there most. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/forensic_state.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time_text.h"

/* One entry of a table or an array, to be sorted. */
struct entry {
	const void *value;
	const void *key; /* of a table; ports: NULL */
	double worth;    /* the most first */
	uint64_t order;  /* then the earliest */
	unsigned port, udp;
};

struct entries {
	struct entry *rows;
	size_t count;
};

static int compare(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->worth != b->worth)
		return a->worth > b->worth ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static struct entries begin(size_t room)
{
	struct entries entries = { calloc(room + 1, sizeof(struct entry)), 0 };

	if (!entries.rows)
		log_error("no memory to sort %zu entries: they are missing", room);
	return entries;
}

static struct entries sorted(struct entries entries)
{
	if (entries.rows)
		qsort(entries.rows, entries.count, sizeof(struct entry), compare);
	return entries;
}

static struct entries by_bytes(const struct table *table)
{
	struct entries entries = begin(table->used);
	const struct forensic_count *count = NULL;

	while (entries.rows && (count = table_next(table, count)))
		entries.rows[entries.count++] = (struct entry){ .value = count,
								.key = table_key(table, count),
								.worth = (double)count->bytes,
								.order = count->order };
	return sorted(entries);
}

static struct entries beacons(const struct forensic *f)
{
	struct entries entries = begin(f->talks.used);
	const struct forensic_talk *talk = NULL;
	double mean, variance;

	while (entries.rows && (talk = table_next(&f->talks, talk)))
		if (forensic_gaps(talk, &mean, &variance) && variance < f->options.variance &&
		    mean > FORENSIC_BEACON_MEAN)
			entries.rows[entries.count++] =
				(struct entry){ .value = talk,
						.key = table_key(&f->talks, talk),
						.worth = -variance,
						.order = talk->order };
	return sorted(entries);
}

static struct entries ports(const struct forensic *f)
{
	struct entries entries = begin(2 * 65536);

	for (unsigned i = 0; entries.rows && i < 2 * 65536; i++) {
		const struct forensic_count *count = &f->ports[i >> 16][i & 0xffff];

		if (count->packets)
			entries.rows[entries.count++] =
				(struct entry){ .value = count,
						.worth = (double)count->packets,
						.order = count->order,
						.port = i & 0xffff,
						.udp = i >> 16 };
	}
	return sorted(entries);
}

static void put_address(struct json *json, const char *name, const struct address *address)
{
	char text[ADDRESS_TEXT];

	json_put_text(json, name, address_format(address, text));
}

/* Scripts of the recipe order a pair as text. */
static void put_pair(struct json *json, const struct address pair[2])
{
	char text[2][ADDRESS_TEXT];
	bool swap;

	swap = strcmp(address_format(&pair[0], text[0]), address_format(&pair[1], text[1])) > 0;
	json_put_text(json, "src", text[swap]);
	json_put_text(json, "dst", text[!swap]);
}

static void put_conversations(struct json *json, const struct forensic *f)
{
	struct entries entries = by_bytes(&f->pairs);

	json_open_array(json, "conversations");
	for (size_t i = 0; i < entries.count && i < FORENSIC_CONVERSATIONS; i++) {
		const struct forensic_count *count = entries.rows[i].value;

		json_open_object(json, NULL);
		put_pair(json, entries.rows[i].key);
		json_put_uint(json, "packets", count->packets);
		json_put_uint(json, "bytes", count->bytes);
		json_close(json);
	}
	json_close(json);
	free(entries.rows);
}

static void put_queries(struct json *json, const struct forensic *f)
{
	json_open_array(json, "dns_queries");
	for (size_t i = 0; i < f->query_count && i < FORENSIC_QUERIES; i++) {
		const struct forensic_query *query = &f->queries[i];

		json_open_object(json, NULL);
		json_put_text(json, "query", query->name ? query->name : "");
		json_put_uint(json, "type", query->type);
		put_address(json, "src", &query->src);
		json_close(json);
	}
	json_close(json);
}

static size_t put_beacons(struct json *json, const struct forensic *f)
{
	struct entries entries = beacons(f);
	double mean = 0, variance = 0;

	json_open_array(json, "potential_beacons");
	for (size_t i = 0; i < entries.count; i++) {
		const struct forensic_talk_key *key = entries.rows[i].key;
		const struct forensic_talk *talk = entries.rows[i].value;

		forensic_gaps(talk, &mean, &variance);
		json_open_object(json, NULL);
		put_address(json, "src", &key->src);
		put_address(json, "dst", &key->dst);
		json_put_uint(json, "port", key->port);
		json_put_real(json, "avg_interval", mean, 2);
		json_put_real(json, "variance", variance, 4);
		json_put_uint(json, "connection_count", talk->packets);
		json_close(json);
	}
	json_close(json);
	free(entries.rows);
	return entries.count;
}

static void put_ports(struct json *json, const struct forensic *f)
{
	struct entries entries = ports(f);
	char name[16];

	json_open_object(json, "protocol_distribution");
	for (size_t i = 0; i < entries.count && i < FORENSIC_PORTS; i++) {
		const struct forensic_count *count = entries.rows[i].value;

		snprintf(name, sizeof(name), "%s/%u", entries.rows[i].udp ? "UDP" : "TCP",
			 entries.rows[i].port);
		json_put_uint(json, name, count->packets);
	}
	json_close(json);
	free(entries.rows);
}

static void write_report(const struct forensic *f)
{
	char now[TIME_TEXT];
	struct json json;

	json_init(&json, f->options.report);
	json_open_object(&json, NULL);
	json_put_text(&json, "analysis_timestamp", time_format(now, f->options.now_ns));
	json_put_bytes(&json, "pcap_file", f->options.input, strlen(f->options.input));
	json_put_uint(&json, "total_packets", f->packets);
	put_conversations(&json, f);
	put_queries(&json, f);
	put_beacons(&json, f);
	put_ports(&json, f);
	json_close(&json);
	json_end_line(&json);
}

static void write_summary(const struct forensic *f)
{
	struct entries found = beacons(f);
	char packets[TEXT_NUMBER], pairs[TEXT_NUMBER], queries[TEXT_NUMBER], regular[TEXT_NUMBER];

	fprintf(f->options.summary,
		"Packets:           %s\nConversations:     %s\nDNS queries:       %s\n"
		"Potential beacons: %s\n",
		text_count(packets, f->packets), text_count(pairs, f->pairs.used),
		text_count(queries, f->query_count), text_count(regular, found.count));
	free(found.rows);
}

static void write_top(FILE *to, const char *title, const struct table *table)
{
	struct entries entries = by_bytes(table);
	char text[ADDRESS_TEXT];

	fprintf(to, "\n%-40s %10s %14s\n", title, "PACKETS", "BYTES");
	for (size_t i = 0; i < entries.count && i < FORENSIC_TOP; i++) {
		const struct forensic_count *count = entries.rows[i].value;

		fprintf(to, "%-40s %10" PRIu64 " %14" PRIu64 "\n",
			address_format(entries.rows[i].key, text), count->packets, count->bytes);
	}
	free(entries.rows);
}

static void write_top_ports(FILE *to, const struct forensic *f)
{
	struct entries entries = ports(f);

	fprintf(to, "\n%-40s %10s %14s\n", "DESTINATION PORT", "PACKETS", "BYTES");
	for (size_t i = 0; i < entries.count && i < FORENSIC_TOP; i++) {
		const struct forensic_count *count = entries.rows[i].value;

		fprintf(to, "%s/%-36u %10" PRIu64 " %14" PRIu64 "\n",
			entries.rows[i].udp ? "UDP" : "TCP", entries.rows[i].port, count->packets,
			count->bytes);
	}
	free(entries.rows);
}

static void write_top_queries(FILE *to, const struct forensic *f)
{
	fprintf(to, "\nDNS QUERIES\n");
	for (size_t i = 0; i < f->query_count && i < FORENSIC_TOP; i++) {
		const char *name = f->queries[i].name ? f->queries[i].name : "";
		char text[ADDRESS_TEXT], shown[TEXT_ESCAPED(DNS_NAME_TEXT)];

		text_escape(shown, sizeof(shown), name, strlen(name));
		fprintf(to, "%-40s %s\n", address_format(&f->queries[i].src, text), shown);
	}
	if (f->query_count > FORENSIC_TOP)
		fprintf(to, "and %" PRIu64 " more: 'skua dns --queries' shows all\n",
			f->query_count - FORENSIC_TOP);
}

void forensic_write(const struct forensic *f)
{
	if (f->options.report)
		write_report(f);
	if (f->options.summary)
		write_summary(f);
	if (f->options.tables) {
		write_top(f->options.tables, "SOURCE", &f->sources);
		write_top(f->options.tables, "DESTINATION", &f->sinks);
		write_top_ports(f->options.tables, f);
		write_top_queries(f->options.tables, f);
	}
}
