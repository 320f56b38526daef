// SPDX-License-Identifier: BSD-2-Clause
/* Keeps the last findings as JSON lines in a ring of fixed size. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "report/finding_json.h"
#include "serve/history.h"

struct history {
	struct sink sink;
	struct sink_envelope envelope;
	struct json json; /* writes one line into text */
	char *text;
	size_t text_size;
	uint64_t base;     /* number of the first line ever; never 0 */
	uint64_t first;    /* number of the oldest that is kept */
	uint64_t next;     /* number of the line to come */
	uint64_t too_long; /* lines without a number */
	size_t tail, used; /* of ring: where the oldest begins, bytes of all */
	size_t size;
	char ring[];
};

/* Bytes of the line that begins so far behind the oldest, its newline included. */
static size_t line_length(const struct history *history, size_t offset)
{
	size_t at = (history->tail + offset) % history->size, left = history->used - offset;
	size_t straight = history->size - at < left ? history->size - at : left;
	const char *end = memchr(history->ring + at, '\n', straight);

	if (end)
		return end - (history->ring + at) + 1;
	end = memchr(history->ring, '\n', left - straight);
	return straight + (end - history->ring) + 1;
}

static void drop_oldest(struct history *history)
{
	size_t length = line_length(history, 0);

	history->tail = (history->tail + length) % history->size;
	history->used -= length;
	history->first++;
}

static void copy_in(struct history *history, const char *line, size_t length)
{
	size_t at = (history->tail + history->used) % history->size;
	size_t straight = history->size - at < length ? history->size - at : length;

	memcpy(history->ring + at, line, straight);
	memcpy(history->ring, line + straight, length - straight);
	history->used += length;
}

static void copy_out(const struct history *history, size_t offset, char *to, size_t length)
{
	size_t at = (history->tail + offset) % history->size;
	size_t straight = history->size - at < length ? history->size - at : length;

	memcpy(to, history->ring + at, straight);
	memcpy(to + straight, history->ring, length - straight);
}

static int history_write(struct sink *sink, const struct record *record)
{
	struct history *history = (struct history *)sink;
	FILE *stream = history->json.stream;
	long length;

	if (record->kind != RECORD_FINDING || (history->envelope.derived && !record->derivation))
		return 0;
	rewind(stream); /* the memory stays, so that nothing is allocated once it is large enough */
	finding_write_derived(&history->json, &history->envelope, record->finding,
			      history->envelope.derived ? record->derivation : NULL);
	length = ftell(stream);
	if (fflush(stream) || length <= 0)
		return -ENOMEM;
	if ((unsigned long)length > HISTORY_ANSWER) {
		history->too_long++;
		return 0;
	}
	while (history->size - history->used < (size_t)length)
		drop_oldest(history);
	copy_in(history, history->text, length);
	history->next++;
	return 0;
}

static void sink_close(struct sink *sink)
{
	history_close((struct history *)sink);
}

int history_open(struct history **out, size_t size, const struct sink_envelope *envelope,
		 uint64_t now_ns)
{
	struct history *history = calloc(1, sizeof(*history) + size);
	FILE *stream;

	if (!history)
		return -ENOMEM;
	stream = open_memstream(&history->text, &history->text_size);
	if (!stream) {
		free(history);
		return -ENOMEM;
	}
	json_init(&history->json, stream);
	history->sink = (struct sink){ "history", history_write, sink_close };
	history->envelope = *envelope;
	history->size = size;
	history->base = history->first = history->next = now_ns ? now_ns : 1;
	*out = history;
	return 0;
}

struct sink *history_sink(struct history *history)
{
	return &history->sink;
}

int history_answer(const struct history *history, uint64_t next, struct control_answer *out)
{
	/* A cursor of another run, or none, begins with the first line of this one. */
	uint64_t from = next < history->base || next > history->next ? history->base : next;
	uint64_t number = history->first;
	struct control_answer answer = {};
	size_t offset = 0, more;

	if (from < number)
		answer.missed = number - from;
	for (; number < from; number++)
		offset += line_length(history, offset);
	for (; number < history->next; number++, answer.length += more) {
		more = line_length(history, offset + answer.length);
		if (answer.length + more > HISTORY_ANSWER)
			break;
	}
	answer.next = number;
	if (answer.length) {
		answer.bytes = malloc(answer.length);
		if (!answer.bytes)
			return -ENOMEM;
		copy_out(history, offset, answer.bytes, answer.length);
	}
	*out = answer;
	return 0;
}

void history_counts(const struct history *history, struct history_counts *out)
{
	*out = (struct history_counts){ history->next - history->first, history->used,
					history->first - history->base + history->too_long };
}

void history_close(struct history *history)
{
	if (!history)
		return;
	fclose(history->json.stream);
	free(history->text);
	free(history);
}
