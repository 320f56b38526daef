// SPDX-License-Identifier: BSD-2-Clause
/* The history keeps the last findings, and whoever fell behind is told so. */
#include <stdlib.h>
#include <string.h>
#include "serve/history.h"
#include "tap.h"

#define BASE 1000000

static struct history *open_history(size_t size)
{
	static const struct sink_envelope envelope = { .mode = "live" };
	struct history *history;

	if (history_open(&history, size, &envelope, BASE))
		abort();
	return history;
}

static void add(struct history *history, unsigned number)
{
	struct finding finding = { .kind = FINDING_SCAN, .score = 0.5, .trigger_ns = number };
	const struct record record = { .kind = RECORD_FINDING, .finding = &finding };

	snprintf(finding.reason, sizeof(finding.reason), "reason %u.%.*s", number, number % 200,
		 "---------------------------------------------------------------------------------"
		 "---"
		 "---------------------------------------------------------------------------------"
		 "---"
		 "---------------------------------------------------------------------------------"
		 "---");
	if (history_sink(history)->write(history_sink(history), &record))
		abort();
}

/* Are these lines first, first + 1 and so on?  Returns how many, or -1. */
static int lines_from(const struct control_answer *answer, unsigned first)
{
	const char *at = answer->bytes, *end = at + answer->length;
	int count = 0;

	while (at < end) {
		const char *newline = memchr(at, '\n', end - at);
		char wanted[32];

		snprintf(wanted, sizeof(wanted), "\"reason %u.", first + count);
		if (!newline || at[0] != '{' || newline[-1] != '}' ||
		    !memmem(at, newline - at, wanted, strlen(wanted)))
			return -1;
		at = newline + 1;
		count++;
	}
	return count;
}

static int read_from(const struct history *history, uint64_t next, struct control_answer *answer)
{
	int lines;

	if (history_answer(history, next, answer))
		abort();
	lines = lines_from(answer, answer->next - BASE);
	lines = 0;
	for (size_t i = 0; i < answer->length; i++)
		lines += answer->bytes[i] == '\n';
	if (lines_from(answer, answer->next - BASE - lines) != lines)
		lines = -1;
	free(answer->bytes);
	return lines;
}

static void test_reading(void)
{
	struct history *history = open_history(HISTORY_BYTES);
	struct control_answer answer;
	uint64_t next;

	ok(read_from(history, 0, &answer) == 0 && !answer.bytes && answer.next == BASE,
	   "an empty history has a cursor all the same");
	for (unsigned i = 0; i < 3; i++)
		add(history, i);
	ok(read_from(history, 0, &answer) == 3 && !answer.missed && answer.next == BASE + 3,
	   "without a cursor all comes, in order");
	next = answer.next;
	ok(read_from(history, next, &answer) == 0 && answer.next == next, "with it, nothing twice");
	add(history, 3);
	ok(read_from(history, next, &answer) == 1 && answer.next == next + 1,
	   "and then what is new");
	ok(read_from(history, BASE - 5, &answer) == 4 && !answer.missed &&
		   read_from(history, BASE + 500, &answer) == 4,
	   "a cursor of another run begins anew");
	history_close(history);
}

static void test_full(void)
{
	struct history *history = open_history(HISTORY_ANSWER);
	struct history_counts counts;
	struct control_answer answer;
	bool right = true, bounded = true;
	uint64_t next = 0;
	unsigned read = 0;

	/* Lines of many lengths, so that every way to lie across the ring's end comes up. */
	for (unsigned i = 0; i < 5000; i++) {
		add(history, i);
		history_counts(history, &counts);
		right &= counts.lines + counts.gone == i + 1;
		bounded &= counts.bytes <= HISTORY_ANSWER;
		right &= i % 7 || read_from(history, 0, &answer) == (int)counts.lines;
	}
	ok(right && bounded, "a full history lets the oldest go, and counts them");
	ok(read_from(history, BASE + 10, &answer) == (int)counts.lines &&
		   answer.missed == counts.gone - 10,
	   "who fell behind is told how many it missed");
	history_close(history);

	history = open_history(HISTORY_BYTES);
	for (unsigned i = 0; i < 1000; i++)
		add(history, i);
	do {
		int lines = read_from(history, next, &answer);

		bounded &= lines >= 0 && answer.length <= HISTORY_ANSWER && !answer.missed;
		read += lines;
		next = answer.next;
	} while (answer.length);
	ok(bounded && read == 1000, "much of it comes in bounded parts");
	history_close(history);
	history_close(NULL);
}

/* One for those that ask how scores came about keeps nothing else. */
static void test_derived(void)
{
	static const struct sink_envelope envelope = { .mode = "live", .derived = true };
	const struct finding finding = { .kind = FINDING_SCAN };
	const struct derivation derivation = { .score = 0.5 };
	struct record record = { .kind = RECORD_FINDING, .finding = &finding };
	struct history_counts counts;
	struct control_answer answer;
	struct history *history;
	struct sink *sink;

	if (history_open(&history, HISTORY_ANSWER, &envelope, BASE))
		abort();
	sink = history_sink(history);
	sink->write(sink, &record);
	history_counts(history, &counts);
	ok(counts.lines == 0, "a history of derivations keeps no finding without one");
	record.derivation = &derivation;
	sink->write(sink, &record);
	if (history_answer(history, 0, &answer))
		abort();
	ok(memmem(answer.bytes, answer.length, "\"derivation\":{", 14) != NULL,
	   "and of others tells it");
	free(answer.bytes);
	history_close(history);
}

int main(void)
{
	test_derived();
	test_reading();
	test_full();
	return done();
}
