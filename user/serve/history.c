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

/* Before each line stands one that says whose it is, where that can be known. */
static size_t owners_length(const struct history *history, size_t offset)
{
	return history->envelope.find_pod ? line_length(history, offset) : 0;
}

static size_t both_length(const struct history *history, size_t offset)
{
	size_t owners = owners_length(history, offset);

	return owners + line_length(history, offset + owners);
}

static void drop_oldest(struct history *history)
{
	size_t length = both_length(history, 0);

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

static void write_owner(const struct history *history, const struct address *address)
{
	const struct sink_envelope *envelope = &history->envelope;
	struct pod pod;

	if (envelope->find_pod(envelope->find_pod_arg, address, &pod) &&
	    pod_is_label(pod.namespace))
		fputs(pod.namespace, history->json.stream);
}

/* "shop pay": the namespaces of both ends, as far as there are any. */
static void write_owners(const struct history *history, const struct finding *finding)
{
	if (!history->envelope.find_pod)
		return;
	write_owner(history, &finding->src);
	fputc(' ', history->json.stream);
	if (finding->has_dst)
		write_owner(history, &finding->dst);
	fputc('\n', history->json.stream);
}

static int history_write(struct sink *sink, const struct record *record)
{
	struct history *history = (struct history *)sink;
	FILE *stream = history->json.stream;
	long length;

	if (record->kind != RECORD_FINDING || (history->envelope.derived && !record->derivation))
		return 0;
	rewind(stream); /* the memory stays, so that nothing is allocated once it is large enough */
	write_owners(history, record->finding);
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

static bool is_theirs(const struct history *history, size_t offset, size_t length,
		      const struct reader_rights *rights)
{
	char owners[2 * POD_NAMESPACE + 1] = "", *space;

	if (!rights)
		return true;
	if (!length || length >= sizeof(owners))
		return false;
	copy_out(history, offset, owners, length);
	owners[length - 1] = '\0'; /* the newline */
	space = strchr(owners, ' ');
	if (!space)
		return false;
	*space = '\0';
	return reader_may(rights, owners) || reader_may(rights, space + 1);
}

static int append(const struct history *history, size_t offset, size_t length,
		  struct control_answer *answer)
{
	if (!answer->bytes)
		answer->bytes = malloc(HISTORY_ANSWER);
	if (!answer->bytes)
		return -ENOMEM;
	copy_out(history, offset, answer->bytes + answer->length, length);
	answer->length += length;
	return 0;
}

int history_answer(const struct history *history, uint64_t next, const struct reader_rights *rights,
		   struct control_answer *out)
{
	/* A cursor of another run, or none, begins with the first line of this one. */
	uint64_t from = next < history->base || next > history->next ? history->base : next;
	uint64_t number = history->first;
	struct control_answer answer = {};
	size_t offset = 0;

	if (from < number)
		answer.missed = number - from;
	for (; number < from; number++)
		offset += both_length(history, offset);
	for (; number < history->next; number++) {
		size_t owners = owners_length(history, offset);
		size_t more = line_length(history, offset + owners);
		bool theirs = is_theirs(history, offset, owners, rights);

		if (theirs && answer.length + more > HISTORY_ANSWER)
			break;
		if (theirs && append(history, offset + owners, more, &answer))
			return -ENOMEM; /* the first has no bytes yet, others need none */
		offset += owners + more;
	}
	answer.next = number;
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
