// SPDX-License-Identifier: BSD-2-Clause
/* Prints RITA's scores beside ours. */
#include <stdlib.h>
#include <sys/types.h>
#include "analyze/rita_pairs.h"
#include "base/json.h"
#include "base/text.h"
#include "report/envelope.h"
#include "report/stats_json.h"

static void write_address(struct json *json, const char *name, const struct address *address)
{
	char text[ADDRESS_TEXT];

	json_put_text(json, name, address_format(address, text));
}

static void row_json(struct json *json, const struct rita_row *row,
		     const struct sink_envelope *envelope)
{
	envelope_begin(json, "rita", row->last_ns);
	envelope_origin(json, envelope);
	json_open_object(json, "rita");
	write_address(json, "source", &row->client);
	write_address(json, "destination", &row->server);
	json_put_uint(json, "connections", row->connections);
	json_put_bool(json, "strobe", row->strobe);
	if (row->cut)
		json_put_bool(json, "cut", true);
	if (!row->strobe) {
		json_put_real(json, "score", row->score.score, 3);
		json_put_real(json, "time", row->score.time, 3);
		json_put_real(json, "size", row->score.size, 3);
		json_put_real(json, "histogram", row->score.bars, 3);
		json_put_real(json, "duration", row->score.duration, 3);
	}
	if (row->found)
		json_put_real(json, "skua_score", row->skua, 4);
	json_close(json);
	json_close(json);
	json_end_line(json);
}

static void row_text(FILE *stream, const struct rita_row *row)
{
	char client[ADDRESS_TEXT], server[ADDRESS_TEXT], count[TEXT_NUMBER],
		skua[TEXT_NUMBER] = "-";
	const struct rita_score *score = &row->score;

	if (row->found)
		snprintf(skua, sizeof(skua), "%.2f", row->skua);
	if (row->strobe)
		fprintf(stream, "strobe   -      -      -      -      ");
	else
		fprintf(stream, "%.3f  %.3f  %.3f  %.3f  %.3f   ", score->score, score->time,
			score->size, score->bars, score->duration);
	fprintf(stream, " %-4s  %s -> %s  %s connections%s\n", skua,
		address_format(&row->client, client), address_format(&row->server, server),
		text_count(count, row->connections), row->cut ? ", not all of them kept" : "");
}

/* false: nothing was. */
static bool lost_text(const struct rita_pairs *pairs, char *to, size_t size)
{
	char connections[TEXT_NUMBER], gone[TEXT_NUMBER];

	snprintf(to, size,
		 "rita: tables were full, %s connections were left out and %s pairs gave way",
		 text_count(connections, pairs->lost), text_count(gone, pairs->table.evictions));
	return pairs->lost || pairs->table.evictions;
}

int rita_write_json(const struct rita_pairs *pairs, FILE *stream,
		    const struct sink_envelope *envelope)
{
	struct warning warning = { .time_ns = pairs->to_s * SKUA_SECOND_NS };
	struct rita_row *rows;
	ssize_t count = rita_pairs_rows(pairs, &rows);
	struct json json;

	if (count < 0)
		return count;
	json_init(&json, stream);
	for (ssize_t i = 0; i < count; i++)
		row_json(&json, &rows[i], envelope);
	free(rows);
	if (lost_text(pairs, warning.text, sizeof(warning.text)))
		warning_write_json(&json, envelope, &warning);
	return 0;
}

int rita_write_table(const struct rita_pairs *pairs, FILE *stream)
{
	struct rita_row *rows;
	ssize_t count = rita_pairs_rows(pairs, &rows);
	char text[128];

	if (count < 0)
		return count;
	fprintf(stream, "%-5s  %-5s  %-5s  %-5s  %-8s %-4s  %s\n", "RITA", "TIME", "SIZE", "BARS",
		"DURATION", "SKUA", "WHO");
	for (ssize_t i = 0; i < count; i++)
		row_text(stream, &rows[i]);
	free(rows);
	if (lost_text(pairs, text, sizeof(text)))
		fprintf(stream, "%s\n", text);
	return 0;
}
