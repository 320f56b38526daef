/* SPDX-License-Identifier: BSD-2-Clause */
/* A directory with a journal in it: written, spoilt, read again, for its tests. */
#ifndef TESTS_JOURNAL_STAGE_H
#define TESTS_JOURNAL_STAGE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "capture/file_stream.h"
#include "capture/journal_format.h"
#include "capture/journal_in.h"
#include "tap.h"

#define STAGE_FACT 24
#define STAGE_FILES 512

static char stage[64];           /* the directory */
static char *names[STAGE_FILES]; /* what lies in it, sorted */
static unsigned name_count;

/* What a reading gave. */
static struct reading {
	int opened, state;
	char error[JOURNAL_ERROR_SIZE];
	unsigned runs, open_runs, truncated_runs;
	unsigned events, ticks, facts, endings, finishes, stats;
	uint64_t sum;  /* of all that the events said, and where between them */
	uint64_t next; /* start_ns of the next exchange, if they come in order */
	bool disordered;
	struct journal_in_counts counts; /* of all runs */
} got;

static inline void begin_stage(void)
{
	strcpy(stage, "/tmp/skua-journal-XXXXXX");
	if (!mkdtemp(stage))
		abort();
	log_set_level(LOG_ERROR);
}

static inline int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static inline void list_stage(void)
{
	struct dirent **entries;
	int count = scandir(stage, &entries, is_visible, alphasort);

	for (unsigned i = 0; i < name_count; i++)
		free(names[i]);
	name_count = 0;
	for (int i = 0; i < count; i++) {
		if (name_count < STAGE_FILES &&
		    asprintf(&names[name_count], "%s/%s", stage, entries[i]->d_name) > 0)
			name_count++;
		free(entries[i]);
	}
	free(entries);
}

static inline void clear_stage(void)
{
	list_stage();
	for (unsigned i = 0; i < name_count; i++)
		unlink(names[i]);
}

static inline void end_stage(void)
{
	clear_stage();
	list_stage();
	rmdir(stage);
}

static inline struct journal_options stage_options(void)
{
	struct journal_options options = JOURNAL_OPTIONS_DEFAULT;

	options.directory = stage;
	options.context = "context of the run";
	options.context_size = 19;
	options.fact_size = STAGE_FACT;
	return options;
}

static inline struct journal *stage_open(const struct journal_options *options)
{
	char error[JOURNAL_ERROR_SIZE];
	struct journal *journal = NULL;

	if (journal_open(&journal, options, error))
		printf("# %s\n", error);
	return journal;
}

/* Number i of a row of exchanges, with noise in it, so that it does not pack too well. */
static inline void put_exchange(struct journal *journal, uint64_t i)
{
	struct skua_exchange_event event = { .start_ns = i };
	uint64_t noise = i;

	event.head.version = SKUA_ABI_VERSION;
	event.head.kind = SKUA_EVENT_EXCHANGE;
	for (int word = 0; word < 2; word++) {
		noise = noise * 6364136223846793005u + 1442695040888963407u;
		event.head.key.low[word] = noise;
		event.previous.payload[word] = noise >> 7;
	}
	event.head.time_ns = i * 1000;
	journal_event(journal, &event.head);
}

static inline void put_exchanges(struct journal *journal, uint64_t first, uint64_t count)
{
	for (uint64_t i = first; i < first + count; i++)
		put_exchange(journal, i);
}

static inline void on_event(void *arg, const struct skua_event *event, const __u8 *bytes,
			    __u64 now_ns)
{
	(void)arg;
	(void)bytes;
	got.sum = got.sum * 31 + now_ns;
	if (!event) {
		got.ticks++;
		return;
	}
	got.events++;
	if (event->kind == SKUA_EVENT_EXCHANGE) {
		const struct skua_exchange_event *exchange = (const void *)event;

		got.disordered |= exchange->start_ns < got.next;
		got.next = exchange->start_ns + 1;
		got.sum += event->key.low[0] + exchange->previous.payload[1];
	}
}

static inline void on_record(void *arg, enum journal_kind kind, uint64_t time_ns, const void *bytes,
			     size_t size)
{
	(void)arg;
	(void)bytes;
	got.sum = got.sum * 31 + kind + size + time_ns;
	got.facts += kind == JOURNAL_FACT;
	got.endings += kind == JOURNAL_ENDING;
	got.finishes += kind == JOURNAL_FINISH;
	got.stats += kind == JOURNAL_STATS;
}

static inline void read_run(struct journal_in *in)
{
	struct source *source = journal_in_source(in, on_record);
	const struct journal_in_counts *counts = journal_in_counts(in);

	got.next = 0;
	do {
		got.state = source->poll(source, on_event, NULL);
	} while (got.state == SOURCE_AGAIN);
	got.runs++;
	got.open_runs += journal_in_is_open(in);
	got.truncated_runs += journal_in_truncated(in);
	got.counts.records += counts->records;
	got.counts.unknown += counts->unknown;
	got.counts.damaged += counts->damaged;
	got.counts.lost += counts->lost;
}

static inline void read_paths(const char *const *paths, unsigned count)
{
	const struct journal_in_options options = { .paths = paths,
						    .path_count = count,
						    .fact_size = STAGE_FACT };
	struct journal_in *in;
	struct journal_run run;

	memset(&got, 0, sizeof(got));
	got.opened = journal_in_open(&in, &options, got.error);
	if (got.opened)
		return;
	while (journal_in_run(in, &run) == 1) {
		if (run.context_size != 19 || strcmp(run.context, "context of the run"))
			got.disordered = true;
		read_run(in);
	}
	journal_in_close(in);
}

static inline void read_stage(void)
{
	const char *const paths[] = { stage };

	read_paths(paths, 1);
}

#endif /* TESTS_JOURNAL_STAGE_H */
