// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as a journal, read and judged.  First byte 0: the rest is a file.
 * 1: the rest are the records of one block, whose header and checksum are made
 * here, for no mutation finds those.  Seeds: journals of generated captures.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/log.h"
#include "capture/journal_format.h"
#include "capture/journal_in.h"
#include "session/journal_stats.h"
#include "session/journal_tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct judge {
	struct pipeline *pipeline;
	bool finished;
};

static void check(bool good)
{
	if (!good)
		abort();
}

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns)
{
	struct judge *judge = arg;

	if (judge->finished)
		return;
	if (event)
		pipeline_event(judge->pipeline, event, bytes);
	else
		pipeline_tick(judge->pipeline, now_ns);
}

static void on_record(void *arg, enum journal_kind kind, uint64_t time_ns, const void *bytes,
		      size_t size)
{
	struct judge *judge = arg;
	struct journal_stats stats;
	const struct fact *fact;

	(void)time_ns;
	if (kind == JOURNAL_STATS)
		journal_stats_read(&stats, bytes, size);
	else if (kind == JOURNAL_FACT && !judge->finished && !journal_tap_read(bytes, size, &fact))
		pipeline_fact(judge->pipeline, fact);
	else if (kind == JOURNAL_ENDING)
		pipeline_ending(judge->pipeline);
	else if (kind == JOURNAL_FINISH && !judge->finished)
		pipeline_finish(judge->pipeline);
	judge->finished |= kind == JOURNAL_FINISH;
}

/* Small tables, whatever the context says: they are full soon, and opened quickly. */
static void judge_run(struct journal_in *in, const struct journal_run *run, FILE *nowhere)
{
	static const struct sink_envelope envelope = { .mode = "replay" };
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	struct source *source = journal_in_source(in, on_record);
	struct journal_context context;
	struct judge judge = { 0 };
	struct sink *sink;

	if (!journal_tap_context(run->context, run->context_size, &context, &options))
		check(options.local_count <= OPTION_NETWORKS && strlen(context.host) < 256);
	options.pairs = options.sources = options.census = 256;
	options.heads = 16;
	options.findings = 64;
	options.min_score = 0;
	check(!sink_json_open(&sink, nowhere, &envelope));
	options.sinks[0] = sink;
	check(!pipeline_open(&judge.pipeline, &options));
	while (source->poll(source, on_event, &judge) == SOURCE_AGAIN)
		;
	check(journal_in_counts(in)->unknown <= journal_in_counts(in)->records);
	pipeline_close(judge.pipeline);
	sink->close(sink);
}

static void judge_file(int fd)
{
	struct journal_in_options options = { .path_count = 1, .fact_size = sizeof(struct fact) };
	char path[32], error[JOURNAL_ERROR_SIZE] = "";
	const char *paths[] = { path };
	FILE *nowhere = fopen("/dev/null", "w");
	struct journal_run run;
	struct journal_in *in;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	options.paths = paths;
	check(nowhere);
	if (journal_in_open(&in, &options, error)) {
		check(error[0]);
	} else {
		while (journal_in_run(in, &run) == 1)
			judge_run(in, &run, nowhere);
		journal_in_close(in);
	}
	fclose(nowhere);
}

static uint32_t count_records(const uint8_t *bytes, size_t size)
{
	struct journal_record record;
	uint32_t count = 0;

	while (size >= sizeof(record)) {
		memcpy(&record, bytes, sizeof(record));
		count++;
		if (sizeof(record) + journal_padded(record.size) > size)
			break;
		bytes += sizeof(record) + journal_padded(record.size);
		size -= sizeof(record) + journal_padded(record.size);
	}
	return count;
}

static void write_block(int fd, const uint8_t *bytes, size_t size)
{
	static uint8_t made[sizeof(struct journal_header) + JOURNAL_BLOCK_SIZE];
	struct journal_header header = { .byte_order = JOURNAL_BYTE_ORDER,
					 .version = JOURNAL_VERSION,
					 .abi = SKUA_ABI_VERSION,
					 .size = sizeof(header),
					 .fact_size = sizeof(struct fact) };
	struct journal_block head = { .magic = JOURNAL_BLOCK_MAGIC,
				      .size = (uint32_t)size,
				      .records = count_records(bytes, size) };
	uint8_t *block = made + sizeof(header);

	memcpy(header.magic, JOURNAL_MAGIC, JOURNAL_MAGIC_SIZE);
	for (unsigned kind = 0; kind < JOURNAL_EVENT_SIZES; kind++)
		header.event_sizes[kind] = (uint16_t)journal_event_size(kind);
	header.crc = journal_crc(&header, sizeof(header), offsetof(struct journal_header, crc));
	memcpy(made, &header, sizeof(header));
	memcpy(block, &head, sizeof(head));
	memcpy(block + sizeof(head), bytes, size);
	head.crc = journal_crc(block, sizeof(head) + size, offsetof(struct journal_block, crc));
	memcpy(block, &head, sizeof(head));
	size += sizeof(header) + sizeof(head);
	check(write(fd, made, size) == (ssize_t)size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("journal", 0);

	log_set_level(LOG_ERROR);
	check(fd >= 0);
	if (size && bytes[0] == 0)
		check(write(fd, bytes + 1, size - 1) == (ssize_t)size - 1);
	else if (size && size < JOURNAL_BLOCK_SIZE - sizeof(struct journal_block))
		write_block(fd, bytes + 1, size - 1);
	judge_file(fd);
	close(fd);
	return 0;
}
