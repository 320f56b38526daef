// SPDX-License-Identifier: BSD-2-Clause
/* Keeps a board as the API server has it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include "base/log.h"
#include "kube/pod_json.h"
#include "kube/watch.h"

#define WATCH_S 300 /* the server ends a watch then, and a new one has a new token */
#define WATCH_GRACE_S 30
#define WATCH_QUICK_NS 5000000000ull /* a watch that ends sooner, with nothing, is none */
#define LIST_PAGES BOARD_PODS        /* one by one, all there is room for: more go in circles */
#define PAUSE_MS 500
#define PAUSE_MAX_MS 30000

struct watch {
	struct request *request;
	const struct watch_options *options;
	struct board *board;
	char pods[REQUEST_ESCAPED(POD_NAME) + 64]; /* the path of this node's */
	char version[POD_JSON_VERSION];            /* empty: to be listed */
	unsigned page;                             /* pods in one */
	unsigned attempts;                         /* in a row that came to nothing */
	bool told;                                 /* that the server is out of reach */
	bool skipping;                             /* the rest of an event that is too long */
	int refused;                               /* what an event said */
	uint64_t events;
	size_t length;
	char text[WATCH_BYTES];
	char error[REQUEST_ERROR];
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void on_answer(struct watch *watch)
{
	board_heard(watch->board, now_ns());
	if (watch->told)
		log_info("the API server %s answers again", watch->options->request.server);
	watch->told = false;
}

static int on_page(void *arg, const char *bytes, size_t length)
{
	struct watch *watch = arg;

	if (length > sizeof(watch->text) - watch->length)
		return -EFBIG;
	memcpy(watch->text + watch->length, bytes, length);
	watch->length += length;
	return 0;
}

static int on_line(struct watch *watch)
{
	int err =
		pod_json_event(watch->text, watch->length, watch->board, now_ns(), watch->version);

	watch->length = 0;
	if (err == -EBADMSG)
		board_counting(watch->board)->malformed++;
	else if (err)
		return err;
	else
		watch->events++;
	return 0;
}

/* Events are lines, and come in pieces of any size. */
static int on_events(void *arg, const char *bytes, size_t length)
{
	struct watch *watch = arg;
	const char *end = bytes + length;
	int err = 0;

	on_answer(watch);
	while (!err && bytes < end) {
		const char *newline = memchr(bytes, '\n', end - bytes);
		size_t part = (newline ? newline : end) - bytes;

		if (!watch->skipping && on_page(watch, bytes, part)) {
			board_counting(watch->board)->oversized++;
			watch->skipping = true;
			watch->length = 0;
		}
		if (newline && !watch->skipping && watch->length)
			err = on_line(watch);
		if (newline)
			watch->skipping = false;
		bytes += part + !!newline;
	}
	return err;
}

/* What a status other than 200 means. */
static int judge(struct watch *watch, long status)
{
	if (status == 200)
		return 0;
	if (status == 410)
		return -ESTALE;
	snprintf(watch->error, sizeof(watch->error), "it answers %ld%s", status,
		 status == 401   ? ": the token is not accepted"
		 : status == 403 ? ": pods may not be read: see the overlay with-pod-names"
				 : "");
	return -EIO;
}

static int get_page(struct watch *watch, struct pod_page *page)
{
	char next[REQUEST_ESCAPED(POD_JSON_CONTINUE)], path[REQUEST_URL];
	long status = 0;
	int err;

	if (!request_escape(next, sizeof(next), page->next) ||
	    (size_t)snprintf(path, sizeof(path), "%s&limit=%u%s%s", watch->pods, watch->page,
			     page->next[0] ? "&continue=" : "", next) >= sizeof(path)) {
		snprintf(watch->error, sizeof(watch->error),
			 "its list goes on at too long a place");
		return -EBADMSG;
	}
	watch->length = 0;
	err = request_get(watch->request, path, 0, on_page, watch, &status, watch->error);
	if (!err)
		err = judge(watch, status);
	if (!err) {
		on_answer(watch);
		err = pod_json_page(watch->text, watch->length, watch->board, now_ns(), page);
		if (err)
			snprintf(watch->error, sizeof(watch->error), "its list is no list of pods");
	}
	watch->length = 0;
	return err;
}

/* Half as many pods at once, when they are too long; a pod alone that is too long is a failure. */
static int ask_for_less(struct watch *watch)
{
	board_counting(watch->board)->oversized++;
	if (watch->page == 1) {
		snprintf(watch->error, sizeof(watch->error), "one pod is longer than %u bytes",
			 WATCH_BYTES);
		return -EFBIG;
	}
	watch->page /= 2;
	return 0;
}

static int list(struct watch *watch)
{
	struct pod_page page = {};
	unsigned pages = 0;
	int err;

	watch->page = WATCH_PAGE;
	board_begin_list(watch->board);
	do {
		if (pages++ == LIST_PAGES) {
			snprintf(watch->error, sizeof(watch->error), "its list has no end");
			return -ELOOP;
		}
		err = get_page(watch, &page);
		if (err == -EFBIG) {
			err = ask_for_less(watch);
			if (!err)
				continue;
		}
	} while (!err && (page.next[0] || !page.version[0]));
	if (err)
		return err;
	board_end_list(watch->board, now_ns());
	strcpy(watch->version, page.version);
	return 0;
}

static int follow(struct watch *watch)
{
	char version[REQUEST_ESCAPED(POD_JSON_VERSION)], path[REQUEST_URL];
	uint64_t begun_ns = now_ns(), before = watch->events;
	long status = 0;
	int err;

	request_escape(version, sizeof(version), watch->version);
	snprintf(path, sizeof(path),
		 "%s&watch=1&allowWatchBookmarks=true&timeoutSeconds=%u&resourceVersion=%s",
		 watch->pods, WATCH_S, version);
	watch->length = 0;
	watch->skipping = false;
	err = request_get(watch->request, path, WATCH_S + WATCH_GRACE_S, on_events, watch, &status,
			  watch->error);
	if (err == -EREMOTEIO)
		snprintf(watch->error, sizeof(watch->error), "its watch ends with an error");
	if (!err)
		err = judge(watch, status);
	if (watch->events != before || now_ns() - begun_ns > WATCH_QUICK_NS)
		watch->attempts = 0;
	else
		watch->attempts++;
	return err;
}

/* true: told to stop. */
static bool pause_before_next(struct watch *watch)
{
	uint32_t random = 0, ms = PAUSE_MAX_MS;
	unsigned doublings = watch->attempts - 1;

	if (!watch->attempts)
		return request_wait(watch->request, 0);
	if (doublings < 6)
		ms = PAUSE_MS << doublings;
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = now_ns();
	return request_wait(watch->request, ms / 2 + random % ms);
}

static void on_failure(struct watch *watch)
{
	board_counting(watch->board)->failures++;
	board_lost(watch->board);
	if (!watch->told)
		log_warning("the API server %s: %s; pods are named as last known",
			    watch->options->request.server, watch->error);
	watch->told = true;
}

static void loop(struct watch *watch)
{
	int err = 0;

	while (err != -ECANCELED && !pause_before_next(watch)) {
		bool listing = !watch->version[0];

		err = listing ? list(watch) : follow(watch);
		if (err && listing)
			watch->attempts++;
		if (err == -ESTALE) {
			watch->version[0] = '\0';
			board_counting(watch->board)->expired++;
		} else if (err && err != -ECANCELED) {
			on_failure(watch);
		}
	}
}

int watch_run(const struct watch_options *options, struct board *board, char error[REQUEST_ERROR])
{
	struct watch *watch = calloc(1, sizeof(*watch));
	char node[REQUEST_ESCAPED(POD_NAME)];
	int err = watch ? 0 : -ENOMEM;

	snprintf(error, REQUEST_ERROR, "out of memory");
	if (!err && !request_escape(node, sizeof(node), options->node)) {
		snprintf(error, REQUEST_ERROR, "the node's name is too long");
		err = -EINVAL;
	}
	if (!err)
		err = request_open(&watch->request, &options->request, error);
	if (!err) {
		watch->options = options;
		watch->board = board;
		snprintf(watch->pods, sizeof(watch->pods),
			 "/api/v1/pods?fieldSelector=spec.nodeName%%3D%s", node);
		loop(watch);
		request_close(watch->request);
	}
	free(watch);
	return err;
}
