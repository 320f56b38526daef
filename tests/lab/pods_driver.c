// SPDX-License-Identifier: BSD-2-Clause
/* Watches an API server and tells who has the addresses that are asked for on standard input. */
#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "kube/watcher.h"

static void tell(struct watcher *watcher, const char *text)
{
	struct address address;
	struct pod pod;

	if (address_parse(&address, text) || !watcher_find(watcher, &address, &pod))
		puts("nobody");
	else
		printf("%s/%s %s %s %u\n", pod.namespace, pod.name, pod.owner[0] ? pod.owner : "-",
		       pod.node, pod.age_s);
}

static void tell_counts(const struct watcher *watcher)
{
	struct board_counts c;

	board_counts(watcher->board, &c);
	printf("{\"pods\":%ju,\"lists\":%ju,\"events\":%ju,\"bookmarks\":%ju,\"expired\":%ju,"
	       "\"failures\":%ju,\"refused\":%ju,\"oversized\":%ju,\"malformed\":%ju,"
	       "\"pid\":%d}\n",
	       (uintmax_t)c.pods, (uintmax_t)c.lists, (uintmax_t)c.events, (uintmax_t)c.bookmarks,
	       (uintmax_t)c.expired, (uintmax_t)c.failures, (uintmax_t)c.refused,
	       (uintmax_t)c.oversized, (uintmax_t)c.malformed, (int)watcher->pid);
}

/* SERVER TOKEN CA NODE; lines: an address, or "counts". */
int main(int argc, char **argv)
{
	const struct privs_account stay = {};
	struct watch_options options;
	struct watcher watcher;
	char error[REQUEST_ERROR], line[256];

	if (argc != 5)
		return 2;
	options = (struct watch_options){
		.request = { .server = argv[1], .token = argv[2], .ca = argv[3] }, .node = argv[4]
	};
	if (watcher_start(&watcher, &options, &stay, error)) {
		log_error("%s", error);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "counts"))
			tell(&watcher, line);
		else
			tell_counts(&watcher);
	}
	watcher_close(&watcher);
	return 0;
}
