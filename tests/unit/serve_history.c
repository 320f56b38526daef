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

	if (history_answer(history, next, NULL, answer))
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
	if (history_answer(history, 0, NULL, &answer))
		abort();
	ok(memmem(answer.bytes, answer.length, "\"derivation\":{", 14) != NULL,
	   "and of others tells it");
	free(answer.bytes);
	history_close(history);
}

/* Findings' numbers are their sources' too: of three one is nobody's. */
static bool find_pod(void *arg, const struct address *address, struct pod *out)
{
	static const char *const names[] = { "shop", "pay",
					     "shop pay" }; /* the last none can have */
	unsigned number = address->bytes[15] % 4;

	(void)arg;
	if (number == 3)
		return false;
	*out = (struct pod){ .name = "one" };
	strcpy(out->namespace, names[number]);
	return true;
}

static void add_of(struct history *history, unsigned src, unsigned dst)
{
	struct finding finding = { .kind = FINDING_SCAN, .has_dst = dst != 3, .trigger_ns = 1 };
	const struct record record = { .kind = RECORD_FINDING, .finding = &finding };

	finding.src.bytes[15] = src;
	finding.dst.bytes[15] = dst;
	snprintf(finding.reason, sizeof(finding.reason), "from %u to %u.", src, dst);
	if (history_sink(history)->write(history_sink(history), &record))
		abort();
}

/* How many lines those rights give of those since the cursor. */
static int lines_for(const struct history *history, const char *who, uint64_t *next)
{
	struct readers readers = { 0 };
	const struct reader_rights rights = { &readers, 1000 };
	struct control_answer answer;
	int lines = 0;

	if (who && readers_add(&readers, who))
		abort();
	if (history_answer(history, *next, who ? &rights : NULL, &answer))
		abort();
	for (size_t i = 0; i < answer.length; i++) {
		lines += answer.bytes[i] == '\n';
		if ((!i || answer.bytes[i - 1] == '\n') && answer.bytes[i] != '{')
			lines = -1000;
	}
	*next = answer.next;
	free(answer.bytes);
	return lines;
}

static void test_rights(void)
{
	static const struct sink_envelope envelope = { .mode = "live", .find_pod = find_pod };
	struct history *history;
	uint64_t next = 0;
	int shop = 0, all = 0, theirs = 0;

	if (history_open(&history, HISTORY_ANSWER, &envelope, BASE))
		abort();
	add_of(history, 0, 3); /* shop's */
	add_of(history, 1, 0); /* pay's and shop's */
	add_of(history, 1, 3); /* pay's */
	add_of(history, 3, 3); /* nobody's */
	add_of(history, 2, 2); /* of something that is no namespace */
	ok(lines_for(history, "1000=shop", &next) == 2 && next == BASE + 5,
	   "a reader gets the findings with a pod of its namespace at an end, and goes on behind "
	   "all");
	next = 0;
	ok(lines_for(history, "1000=pay", &next) == 2, "another those of its own");
	next = 0;
	ok(lines_for(history, "1000=lab", &next) == 0 && next == BASE + 5,
	   "one whose namespace has none gets none");
	next = 0;
	ok(lines_for(history, "1001=shop", &next) == 0, "neither does one without namespaces");
	next = 0;
	ok(lines_for(history, NULL, &next) == 5, "whoever may have all gets all");
	for (unsigned i = 0; i < 2000; i++)
		add_of(history, i % 4, 3);
	for (next = 0; next != BASE + 2005;)
		shop += lines_for(history, "1000=shop", &next);
	for (next = 0; next != BASE + 2005;)
		all += lines_for(history, NULL, &next);
	for (int i = 2000 - all; i < 2000; i++)
		theirs += i % 4 == 0;
	ok(all > 50 && all < 2000 && shop == theirs, "a full history keeps apart what is whose");
	history_close(history);

	history = open_history(HISTORY_BYTES);
	add(history, 1);
	next = 0;
	ok(lines_for(history, "1000=shop", &next) == 0,
	   "where pods are not known nothing is anybody's");
	history_close(history);
}

int main(void)
{
	test_derived();
	test_reading();
	test_full();
	test_rights();
	return done();
}
