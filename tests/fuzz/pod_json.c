// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whatever an API server says of pods, what is refused changes nothing but
 * counts, and what is taken can be found: names end and are not empty, and no
 * pod is known that was not put.  The first byte says how: bit 0 a page, else
 * lines of events.
 */
#include <stdlib.h>
#include <string.h>
#include "kube/pod_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define NOW_NS 1000000000000ull

static void need(bool good)
{
	if (!good)
		abort();
}

static bool ends(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* A copy of its own, so that reading beyond the end is seen. */
static char *copy_of(const uint8_t *bytes, size_t size)
{
	char *copy = malloc(size ? size : 1);

	need(copy != NULL);
	memcpy(copy, bytes, size);
	return copy;
}

static void take_page(struct board *board, const uint8_t *bytes, size_t size)
{
	struct pod_page page = { .version = "as it was" };
	char *text = copy_of(bytes, size);

	if (pod_json_page(text, size, board, NOW_NS, &page))
		need(!strcmp(page.version, "as it was") && !page.next[0]);
	else
		need(page.version[0] && ends(page.version, sizeof(page.version)) &&
		     ends(page.next, sizeof(page.next)));
	free(text);
}

static void take_event(struct board *board, const uint8_t *bytes, size_t size)
{
	char version[POD_JSON_VERSION] = "as it was";
	char *text = copy_of(bytes, size);

	if (pod_json_event(text, size, board, NOW_NS, version))
		need(!strcmp(version, "as it was"));
	else
		need(version[0] && ends(version, sizeof(version)));
	free(text);
}

static void take_events(struct board *board, const uint8_t *bytes, size_t size)
{
	const uint8_t *end = bytes + size;

	while (bytes < end) {
		const uint8_t *newline = memchr(bytes, '\n', end - bytes);
		const uint8_t *stop = newline ? newline : end;

		take_event(board, bytes, stop - bytes);
		bytes = stop + 1;
	}
}

static void check_found(const struct board *board, const char *of)
{
	struct address address;
	struct pod pod;

	if (address_parse(&address, of) || !board_find(board, &address, NOW_NS, &pod))
		return;
	need(pod.name[0] && ends(pod.name, sizeof(pod.name)));
	need(pod.namespace[0] && ends(pod.namespace, sizeof(pod.namespace)));
	need(ends(pod.node, sizeof(pod.node)) && ends(pod.owner, sizeof(pod.owner)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct board *board = NULL;
	struct board_counts counts;

	if (!size)
		return 0;
	need(!board_open(&board));
	if (bytes[0] & 1)
		take_page(board, bytes + 1, size - 1);
	else
		take_events(board, bytes + 1, size - 1);
	check_found(board, "10.1.2.3");
	check_found(board, "fd00::3");
	board_counts(board, &counts);
	need(counts.pods <= BOARD_PODS && counts.pods <= size);
	need(counts.bookmarks <= counts.events && !counts.refused);
	board_close(board);
	return 0;
}
