// SPDX-License-Identifier: BSD-2-Clause
/* The board of pods: who has an address, who had it, and what happens when it is full. */
#include <stdio.h>
#include <string.h>
#include "kube/board.h"
#include "kube/pod_json.h"
#include "tap.h"

#define SECOND 1000000000ull

static void is_text(const char *got, const char *wanted, const char *sentence)
{
	ok(!strcmp(got, wanted), sentence);
	if (strcmp(got, wanted))
		printf("# got %s, wanted %s\n", got, wanted);
}

static struct address address(unsigned number)
{
	struct address made;
	char text[ADDRESS_TEXT];

	snprintf(text, sizeof(text), "10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255,
		 number & 255);
	address_parse(&made, text);
	return made;
}

static void put(struct board *board, const char *name, unsigned number, uint64_t now_ns)
{
	struct board_pod pod = { .addresses = { address(number) }, .address_count = 1 };

	strcpy(pod.pod.namespace, "shop");
	snprintf(pod.pod.name, sizeof(pod.pod.name), "%s", name);
	board_put(board, &pod, now_ns);
}

/* "name age", or "nobody". */
static const char *who(const struct board *board, unsigned number, uint64_t now_ns, char to[300])
{
	struct address asked = address(number);
	struct pod pod;

	if (!board_find(board, &asked, now_ns, &pod))
		return "nobody";
	snprintf(to, 300, "%s %u", pod.name, pod.age_s);
	return to;
}

static void test_ages(struct board *board)
{
	const struct pod one = { .namespace = "shop", .name = "one" };
	char text[300];

	board_heard(board, 10 * SECOND);
	put(board, "one", 1, 10 * SECOND);
	is_text(who(board, 1, 20 * SECOND, text), "one 0", "a pod that is there has no age");
	is_text(who(board, 1, 200 * SECOND, text), "one 190",
		"it has one when the server says nothing for two minutes");
	board_heard(board, 200 * SECOND);
	board_lost(board);
	is_text(who(board, 1, 205 * SECOND, text), "one 5", "and when it is out of reach");
	board_heard(board, 210 * SECOND);
	board_remove(board, &one, 210 * SECOND);
	is_text(who(board, 1, 211 * SECOND, text), "one 1", "who has gone is named with an age");
	is_text(who(board, 1, 810 * SECOND, text), "one 600", "for ten minutes");
	is_text(who(board, 1, 811 * SECOND, text), "nobody", "and no longer");
	board_heard(board, 220 * SECOND);
	put(board, "two", 1, 220 * SECOND);
	is_text(who(board, 1, 221 * SECOND, text), "two 0", "who lives goes before who has gone");
	put(board, "one", 2, 222 * SECOND);
	is_text(who(board, 2, 223 * SECOND, text), "one 0",
		"a name that comes again is another pod");
}

static void test_full(struct board *board)
{
	struct board_counts counts;
	char name[32], text[300];

	board_begin_list(board);
	for (unsigned i = 0; i < BOARD_PODS; i++) {
		snprintf(name, sizeof(name), "pod-%u", i);
		put(board, name, 1000 + i, SECOND);
	}
	board_end_list(board, SECOND);
	board_heard(board, SECOND);
	board_counts(board, &counts);
	ok(counts.pods == BOARD_PODS && !counts.refused,
	   "what a list holds has room, whatever was there before");
	is_text(who(board, 1000 + BOARD_PODS - 1, SECOND, text), "pod-1023 0",
		"the last of it too");
	put(board, "more", 9000, SECOND);
	board_counts(board, &counts);
	ok(counts.refused == 1, "one more is refused and counted");
	is_text(who(board, 9000, SECOND, text), "nobody", "and not named");
	board_remove(board, &(struct pod){ .namespace = "shop", .name = "pod-7" }, 2 * SECOND);
	put(board, "more", 9000, 2 * SECOND);
	is_text(who(board, 9000, 2 * SECOND, text), "more 0", "until one goes");
	board_begin_list(board);
	board_end_list(board, 3 * SECOND);
	is_text(who(board, 9000, 4 * SECOND, text), "more 1", "after an empty list all are gone");
}

static void test_json(struct board *board)
{
#ifdef HAVE_JANSSON
	static const char *const bad[] = {
		"",
		"null",
		"[]",
		"{}",
		"{\"type\":\"ADDED\"}",
		"{\"type\":1,\"object\":{}}",
		"{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"resourceVersion\":7}}}",
		"{\"type\":\"ADDED\",\"object\":{}} x",
		"\xff"
	};
	char version[POD_JSON_VERSION] = "5";
	struct pod_page page;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		printf("# %.60s\n",
		       (unsigned char)bad[i][0] < 0x80 ? bad[i] : "a byte that is no text");
		ok(pod_json_event(bad[i], strlen(bad[i]), board, 0, version) < 0 &&
			   pod_json_page(bad[i], strlen(bad[i]), board, 0, &page) < 0,
		   "that is no event and no page");
	}
	is_text(version, "5", "none of them moves the watch");
#else
	(void)board;
	skip("events and pages", "built without jansson");
#endif
}

int main(void)
{
	struct board *board;

	if (board_open(&board))
		return 1;
	test_ages(board);
	test_full(board);
	test_json(board);
	board_close(board);
	return done();
}
