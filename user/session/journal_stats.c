// SPDX-License-Identifier: BSD-2-Clause
/* The accounting of a run as it lies in a journal: lines of a name and a number. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/exit.h"
#include "session/journal_stats.h"

#define TEXT_MAX 16384

#define ROW(name)                                                                                  \
	{                                                                                          \
#name, offsetof(struct stats, name)                                                \
	}
/* What the source knows.  Findings and what the trackers hold, replay knows by itself. */
static const struct row {
	const char *name;
	size_t offset;
} rows[] = { ROW(time_ns),   ROW(first_ns),    ROW(last_ns), ROW(packets), ROW(bytes),
	     ROW(accounted), ROW(source_only), ROW(events),  ROW(flows),   ROW(backwards) };
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void write_causes(FILE *to, const char *list, const struct stats_cause *causes,
			 unsigned count)
{
	for (unsigned i = 0; i < count && i < STATS_CAUSES; i++)
		fprintf(to, "%s.%s %" PRIu64 "\n", list, causes[i].name, causes[i].packets);
}

void journal_stats_record(struct journal *journal, const struct stats *stats)
{
	char text[TEXT_MAX];
	FILE *to = fmemopen(text, sizeof(text), "w");
	long size;

	if (!to)
		return;
	for (size_t i = 0; i < ROWS; i++)
		fprintf(to, "%s %" PRIu64 "\n", rows[i].name,
			*(const uint64_t *)((const char *)stats + rows[i].offset));
	write_causes(to, "ignored", stats->ignored, stats->ignored_count);
	write_causes(to, "lost", stats->lost, stats->lost_count);
	write_causes(to, "tables", stats->tables, stats->table_count);
	fprintf(to, "truncated %d\n", stats->truncated);
	size = ftell(to);
	if (!fclose(to) && size > 0)
		journal_record(journal, JOURNAL_STATS, stats->time_ns, text, (size_t)size);
}

static int add_cause(struct journal_stats *out, const char *name, uint64_t number)
{
	struct stats *stats = &out->stats;
	const struct {
		const char *prefix;
		struct stats_cause *causes;
		unsigned *count;
	} lists[] = {
		{ "ignored.", stats->ignored, &stats->ignored_count },
		{ "lost.", stats->lost, &stats->lost_count },
		{ "tables.", stats->tables, &stats->table_count },
	};

	for (unsigned i = 0; i < 3; i++) {
		size_t length = strlen(lists[i].prefix);
		char *kept = out->names[i * STATS_CAUSES + *lists[i].count % STATS_CAUSES];

		if (strncmp(name, lists[i].prefix, length))
			continue;
		if (*lists[i].count == STATS_CAUSES)
			return -EBADMSG;
		snprintf(kept, JOURNAL_STATS_NAME, "%s", name + length);
		lists[i].causes[(*lists[i].count)++] = (struct stats_cause){ kept, number };
	}
	return 0;
}

static int set(struct journal_stats *out, const char *name, uint64_t number)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(name, rows[i].name))
			continue;
		*(uint64_t *)((char *)&out->stats + rows[i].offset) = number;
		return 0;
	}
	if (!strcmp(name, "truncated"))
		out->stats.truncated = number;
	return add_cause(out, name, number);
}

/* Names become those of JSON fields. */
static bool is_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.");

	return length && !name[length] && length < JOURNAL_STATS_NAME;
}

int journal_stats_read(struct journal_stats *out, const void *bytes, size_t size)
{
	char text[TEXT_MAX], *rest = text, *line;
	int err = 0;

	if (size >= sizeof(text))
		return -EBADMSG;
	memcpy(text, bytes, size);
	text[size] = '\0';
	memset(out, 0, sizeof(*out));
	while (!err && (line = strsep(&rest, "\n")) && *line) {
		const char *name = strsep(&line, " ");
		char *end = NULL;
		uint64_t number = line ? strtoull(line, &end, 10) : 0;

		err = !line || end == line || *end || !is_name(name) ? -EBADMSG
								     : set(out, name, number);
	}
	if (err)
		memset(out, 0, sizeof(*out));
	return err;
}

int journal_stats_finish(struct journal *journal, const struct stats *stats)
{
	const struct journal_counts *counts;

	if (!journal)
		return EXIT_OK;
	journal_stats_record(journal, stats);
	journal_flush(journal);
	counts = journal_counts(journal);
	if (!counts->lost)
		return EXIT_OK;
	log_error("the journal lacks %llu of %llu records: they could not be written",
		  (unsigned long long)counts->lost, (unsigned long long)counts->records);
	return EXIT_RUNTIME;
}
