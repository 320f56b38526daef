// SPDX-License-Identifier: BSD-2-Clause
/* Requests wait for their response, then are shown: a row for each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "analyze/http_answers.h"
#include "base/table.h"
#include "dissect/http_message.h"

static const struct answers_column columns[] = {
	{ "timestamp", "TIME", 30 },
	{ "frame", NULL, 0 },
	{ "src_ip", "FROM", 15 },
	{ "dest_ip", "TO", 15 },
	{ "src_port", NULL, 0 },
	{ "dest_port", NULL, 0 },
	{ "proto", NULL, 0 },
	{ "method", "METHOD", 7 },
	{ "status", "STATUS", 6 },
	{ "host", "HOST", 24 },
	{ "uri", "URI", 40 },
	{ "user_agent", "USER AGENT", 0 },
	{ "content_type", NULL, 0 },
	{ "response_frame", NULL, 0 },
	{ .name = NULL },
};

enum part { METHOD, HOST, URI, AGENT, TYPE, PARTS };

struct request {
	struct item_place place;
	uint64_t number;
	size_t lengths[PARTS];
	char text[];
};

struct request_key {
	uint64_t conversation, number;
};

struct slot {
	uint64_t time_ns;
	struct request *request;
};

struct http_answers {
	struct analyst analyst;
	struct http_answers_options options;
	struct table waiting; /* struct request_key -> struct slot */
};

static void put_row(struct analyst *analyst, const struct request *request, unsigned status,
		    const struct cursor *type, uint64_t frame)
{
	struct answers *to = analyst->answers;
	const char *at = request->text;

	answers_begin_row(to);
	analyst_put_place(to, &request->place);
	answers_put_text(to, request->place.key.proto == SKUA_UDP ? "UDP" : "TCP");
	answers_put_bytes(to, at, request->lengths[METHOD]);
	if (status)
		answers_put_number(to, status);
	else
		answers_put_none(to);
	for (enum part part = HOST; part <= AGENT; part++) {
		at += request->lengths[part - 1];
		answers_put_bytes(to, at, request->lengths[part]);
	}
	if (type->left)
		answers_put_bytes(to, type->at, type->left);
	else
		answers_put_none(to);
	if (frame)
		answers_put_number(to, frame);
	else
		answers_put_none(to);
	answers_end_row(to);
}

static struct request *copy(const struct item *item, const struct http_message *message)
{
	struct cursor parts[PARTS] = { [METHOD] = message->method, [URI] = message->target };
	struct request *request;
	size_t size = 0;
	char *at;

	http_field(message, "host", &parts[HOST]);
	http_field(message, "user-agent", &parts[AGENT]);
	for (enum part part = METHOD; part < PARTS; part++)
		size += parts[part].left;
	request = malloc(sizeof(*request) + size);
	if (!request)
		return NULL;
	request->place = *item->place;
	request->number = message->number;
	at = request->text;
	for (enum part part = METHOD; part < PARTS; part++) {
		request->lengths[part] = parts[part].left;
		if (parts[part].left)
			memcpy(at, parts[part].at, parts[part].left);
		at += parts[part].left;
	}
	return request;
}

static void show_and_free(struct http_answers *a, struct request *request, unsigned status,
			  const struct cursor *type, uint64_t frame)
{
	put_row(&a->analyst, request, status, type, frame);
	free(request);
}

static void show_unanswered(struct http_answers *a, struct request *request)
{
	const struct cursor none = { 0 };

	show_and_free(a, request, 0, &none, 0);
}

static void on_request(struct http_answers *a, const struct item *item)
{
	const struct http_message *message = item->is;
	const struct request_key key = { item->place->conversation, message->number };
	struct request *request;
	struct slot *slot;

	if (a->options.method && !http_is_word(&message->method, a->options.method))
		return;
	request = copy(item, message);
	if (!request)
		return;
	if (item->place->key.proto == SKUA_UDP) {
		show_unanswered(a, request);
		return;
	}
	slot = table_insert(&a->waiting, &key);
	slot->time_ns = item->place->time_ns;
	slot->request = request;
}

static void on_response(struct http_answers *a, const struct item *item)
{
	const struct http_message *message = item->is;
	const struct request_key key = { item->place->conversation, message->number };
	struct slot *slot = http_is_interim(message) ? NULL : table_find(&a->waiting, &key);
	struct cursor type = { 0 };

	if (!slot)
		return;
	http_field(message, "content-type", &type);
	show_and_free(a, slot->request, message->status, &type, item->place->frame);
	table_remove(&a->waiting, slot);
}

static int by_frame(const void *x, const void *y)
{
	const struct request *a = (*(struct slot *const *)x)->request;
	const struct request *b = (*(struct slot *const *)y)->request;

	if (a->place.frame != b->place.frame)
		return a->place.frame < b->place.frame ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static void show_rest(void *arg, void *value)
{
	struct http_answers *a = arg;

	show_unanswered(a, ((struct slot *)value)->request);
	table_remove(&a->waiting, value);
}

static void on_item(struct analyst *analyst, const struct item *item)
{
	struct http_answers *a = (struct http_answers *)analyst;

	if (item->kind == ITEM_HTTP_REQUEST)
		on_request(a, item);
	else if (item->kind == ITEM_HTTP_RESPONSE && item->place->key.proto == SKUA_TCP)
		on_response(a, item);
}

static void on_finish(struct analyst *analyst)
{
	struct http_answers *a = (struct http_answers *)analyst;

	table_show_sorted(&a->waiting, by_frame, show_rest, a);
}

static void on_close(struct analyst *analyst)
{
	struct http_answers *a = (struct http_answers *)analyst;
	struct slot *slot = NULL;

	while ((slot = table_next(&a->waiting, slot)))
		free(slot->request);
	table_fini(&a->waiting);
	free(a);
}

static void evicted(void *arg, const void *key, void *value)
{
	struct slot *slot = value;

	(void)key;
	show_unanswered(arg, slot->request);
}

static uint64_t slot_worth(const void *value)
{
	return ((const struct slot *)value)->time_ns;
}

int http_answers_open(struct analyst **out, const struct http_answers_options *options)
{
	struct http_answers *a = calloc(1, sizeof(*a));
	const struct table_options table = { .key_size = sizeof(struct request_key),
					     .value_size = sizeof(struct slot),
					     .capacity = HTTP_ANSWERS_WAITING,
					     .worth = slot_worth,
					     .evicted = evicted,
					     .arg = a };

	if (!a || table_init(&a->waiting, &table)) {
		free(a);
		return -ENOMEM;
	}
	a->options = *options;
	a->analyst = (struct analyst){ .name = "http",
				       .columns = columns,
				       .item = on_item,
				       .finish = on_finish,
				       .close = on_close };
	*out = &a->analyst;
	return 0;
}
