// SPDX-License-Identifier: BSD-2-Clause
/* Reads journals block by block and gives their records out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/log.h"
#include "base/time_text.h"
#include "capture/journal_in.h"
#include "capture/journal_list.h"

_Static_assert(JOURNAL_ERROR_SIZE == FILE_ERROR_SIZE, "a line is a line");

struct journal_in {
	struct source source;
	struct journal_list list;
	uint32_t fact_size;
	unsigned at;  /* the next file to open */
	unsigned end; /* the first file of the next run */
	struct file_stream *stream;
	const char *path;  /* of stream */
	uint64_t expected; /* number of the next record */
	bool begun;        /* a block of this run was seen */
	bool closed;       /* its last record was seen */
	bool truncated;    /* something of this run is not as it was written */
	bool block_said;   /* of this file: that a block is damaged */
	uint64_t start_ns; /* of this run */
	struct journal_in_counts counts;
	journal_record_fn *record;
	source_event_fn *deliver;
	void *arg;
	_Alignas(8) uint8_t context[JOURNAL_CONTEXT_MAX];
	_Alignas(8) uint8_t bytes[JOURNAL_RECORD_MAX]; /* of one record, where it is aligned */
};

static void say(struct journal_in *in, const char *what)
{
	in->truncated = true;
	log_warning("%s: damaged at byte %llu%s: %s", in->path,
		    (unsigned long long)file_stream_offset(in->stream),
		    file_stream_is_packed(in->stream) ? " of its plain data" : "", what);
}

static void close_file(struct journal_in *in)
{
	file_stream_close(in->stream);
	in->stream = NULL;
}

/* No more blocks come out of this file. */
static int end_file(struct journal_in *in)
{
	int err = file_stream_error(in->stream);
	const char *damage = file_stream_damage(in->stream);

	if (err)
		log_error("cannot read %s: %s", in->path, strerror(-err));
	else if (damage && !file_stream_is_flushed(in->stream))
		say(in, damage);
	else if (file_stream_held(in->stream))
		say(in, "it is cut short");
	close_file(in);
	return err;
}

static int open_file(struct journal_in *in)
{
	const struct journal_file *file = &in->list.files[in->at++];
	char reason[FILE_ERROR_SIZE];
	struct journal_header header;
	const uint8_t *context;
	int err = file_stream_open(&in->stream, file->path, reason);

	in->path = file->path;
	in->block_said = false;
	if (!err)
		err = journal_list_header(in->stream, in->fact_size, &header, &context, reason);
	if (err) {
		log_error("%s: %s", file->path, reason); /* it could be read a moment ago */
		close_file(in);
		return err;
	}
	memcpy(in->context, context, header.size - sizeof(header));
	return (int)(header.size - sizeof(header));
}

static void give_event(struct journal_in *in, size_t size)
{
	const struct skua_event *event = (const struct skua_event *)in->bytes;

	if (size < sizeof(*event) || event->version != SKUA_ABI_VERSION ||
	    size != journal_event_size(event->kind)) {
		in->counts.unknown++;
		return;
	}
	in->deliver(in->arg, event, NULL, event->time_ns);
}

static void give(struct journal_in *in, const struct journal_record *record)
{
	bool bare = record->kind == JOURNAL_TICK || record->kind == JOURNAL_ENDING ||
		    record->kind == JOURNAL_FINISH || record->kind == JOURNAL_CLOSE;

	in->counts.records++;
	if (!record->kind || record->kind >= JOURNAL_KINDS || (bare && record->size) ||
	    (record->kind == JOURNAL_FACT && record->size != in->fact_size))
		in->counts.unknown++;
	else if (record->kind == JOURNAL_EVENT)
		give_event(in, record->size);
	else if (record->kind == JOURNAL_TICK)
		in->deliver(in->arg, NULL, NULL, record->time_ns);
	else if (record->kind == JOURNAL_CLOSE)
		in->closed = true;
	else if (in->record)
		in->record(in->arg, record->kind, record->time_ns, in->bytes, record->size);
}

/* false: the block's own lengths disagree, although its checksum is right. */
static bool give_records(struct journal_in *in, const uint8_t *at, size_t size, uint32_t records)
{
	for (uint32_t i = 0; i < records; i++) {
		struct journal_record record;

		if (size < sizeof(record))
			return false;
		memcpy(&record, at, sizeof(record));
		at += sizeof(record);
		size -= sizeof(record);
		if (record.size > JOURNAL_RECORD_MAX || journal_padded(record.size) > size)
			return false;
		memcpy(in->bytes, at, record.size);
		at += journal_padded(record.size);
		size -= journal_padded(record.size);
		give(in, &record);
	}
	return !size;
}

/* Records before this block that no block had. */
static void note_gap(struct journal_in *in, uint64_t first)
{
	if (in->begun && first > in->expected) {
		in->counts.lost += first - in->expected;
		in->truncated = true;
	} else if (!in->begun && first) {
		char text[TIME_TEXT];

		/* What the quota took is no damage. */
		log_warning("%s: the beginning of the run of %s is not there: findings that need "
			    "it are not either",
			    in->path, time_format(text, in->start_ns));
	}
	in->begun = true;
}

static void read_block(struct journal_in *in, const struct journal_block *head,
		       const uint8_t *bytes)
{
	size_t whole = sizeof(*head) + head->size;
	bool right = journal_crc(bytes, whole, offsetof(struct journal_block, crc)) == head->crc;

	if (right && (!in->begun || head->first >= in->expected)) {
		note_gap(in, head->first);
		in->expected = head->first + head->records;
		right = give_records(in, bytes + sizeof(*head), head->size, head->records);
	} else {
		right = false;
	}
	if (!right) {
		in->counts.damaged++;
		if (!in->block_said)
			say(in, "a block is not as it was written; such blocks are skipped");
		in->block_said = true;
	}
	file_stream_advance(in->stream, whole);
}

static int next_block(struct journal_in *in)
{
	const uint8_t *bytes = file_stream_need(in->stream, sizeof(struct journal_block));
	struct journal_block head;

	if (!bytes)
		return end_file(in);
	memcpy(&head, bytes, sizeof(head));
	if (head.magic != JOURNAL_BLOCK_MAGIC || head.size > JOURNAL_BLOCK_SIZE - sizeof(head)) {
		say(in, "no block begins here; the rest of this file was not read");
		close_file(in);
		return 0;
	}
	bytes = file_stream_need(in->stream, sizeof(head) + head.size);
	if (!bytes)
		return end_file(in);
	read_block(in, &head, bytes);
	return 0;
}

static int journal_poll(struct source *source, source_event_fn *deliver, void *arg)
{
	struct journal_in *in = (struct journal_in *)source;
	int got = 0;

	in->deliver = deliver;
	in->arg = arg;
	if (in->stream)
		got = next_block(in);
	else if (in->at < in->end)
		got = open_file(in);
	else
		return SOURCE_END;
	return got < 0 ? got : SOURCE_AGAIN;
}

int journal_in_run(struct journal_in *in, struct journal_run *run)
{
	const struct journal_file *first = &in->list.files[in->end];
	int size;

	close_file(in);
	if (in->end == in->list.count)
		return 0;
	in->at = in->end;
	while (in->end < in->list.count && in->list.files[in->end].run_id == first->run_id &&
	       in->list.files[in->end].start_ns == first->start_ns)
		in->end++;
	in->begun = in->closed = in->truncated = false;
	in->counts = (struct journal_in_counts){ 0 };
	in->start_ns = first->start_ns;
	size = open_file(in);
	if (size < 0)
		return size;
	*run = (struct journal_run){ first->start_ns, in->context, (size_t)size };
	return 1;
}

static void source_close(struct source *source)
{
	journal_in_close((struct journal_in *)source);
}

int journal_in_open(struct journal_in **out, const struct journal_in_options *options,
		    char error[JOURNAL_ERROR_SIZE])
{
	struct journal_in *in = calloc(1, sizeof(*in));
	int err;

	snprintf(error, JOURNAL_ERROR_SIZE, "cannot read the journal: out of memory");
	if (!in)
		return -ENOMEM;
	in->source = (struct source){
		.name = "journal", .poll = journal_poll, .close = source_close, .wait_fd = -1
	};
	in->fact_size = options->fact_size;
	err = journal_list_init(&in->list, options->paths, options->path_count, options->fact_size,
				error);
	if (err)
		free(in);
	else
		*out = in;
	return err;
}

void journal_in_close(struct journal_in *in)
{
	if (!in)
		return;
	close_file(in);
	journal_list_fini(&in->list);
	free(in);
}

bool journal_in_is_journal(const char *const *paths, unsigned count)
{
	return journal_list_is_journal(paths, count);
}

struct source *journal_in_source(struct journal_in *in, journal_record_fn *record)
{
	in->record = record;
	return &in->source;
}

const struct journal_in_counts *journal_in_counts(const struct journal_in *in)
{
	return &in->counts;
}

bool journal_in_truncated(const struct journal_in *in)
{
	return in->truncated || in->list.refused;
}

bool journal_in_is_open(const struct journal_in *in)
{
	return !in->closed;
}
