// SPDX-License-Identifier: BSD-2-Clause
/* Bodies of requests and responses, named by the request. */
#include <string.h>
#include "analyze/object_sources.h"
#include "dissect/http_message.h"

#define DECLARED_MAX 128

/* What a head said of the body behind it. */
struct announced {
	struct item_place place;
	uint16_t declared_length;
	char declared[DECLARED_MAX];
	enum content_coding coding;
	bool interim;
};

struct exchange {
	uint64_t time_ns;
	struct object_text host, path;
	struct announced sides[2]; /* of the request, of the response */
};

struct exchange_key {
	uint64_t conversation, number;
};

static uint64_t exchange_worth(const void *value)
{
	return ((const struct exchange *)value)->time_ns;
}

int http_objects_init(struct http_objects *http, struct objects *objects)
{
	const struct table_options table = { .key_size = sizeof(struct exchange_key),
					     .value_size = sizeof(struct exchange),
					     .capacity = HTTP_OBJECTS_EXCHANGES,
					     .worth = exchange_worth };

	http->objects = objects;
	return table_init(&http->exchanges, &table);
}

void http_objects_fini(struct http_objects *http)
{
	table_fini(&http->exchanges);
}

static void announce(struct exchange *exchange, const struct item *item,
		     const struct http_message *message)
{
	struct announced *announced = &exchange->sides[message->response];
	struct cursor value;

	announced->place = *item->place;
	announced->interim = http_is_interim(message);
	announced->coding = CODING_NONE;
	if (http_field(message, "content-encoding", &value))
		announced->coding = content_coding_of(&value);
	announced->declared_length = 0;
	if (!http_field(message, "content-type", &value) || !value.left)
		return;
	announced->declared_length = value.left < DECLARED_MAX ? value.left : DECLARED_MAX;
	memcpy(announced->declared, value.at, announced->declared_length);
}

static void on_head(struct http_objects *http, const struct item *item)
{
	const struct http_message *message = item->is;
	const struct exchange_key key = { item->place->conversation, message->number };
	struct exchange *exchange = table_get(&http->exchanges, &key, NULL);
	struct cursor host;

	exchange->time_ns = item->place->time_ns;
	if (!message->response) {
		object_text_set(&exchange->path, message->target.at, message->target.left);
		if (http_field(message, "host", &host))
			object_text_set(&exchange->host, host.at, host.left);
	}
	announce(exchange, item, message);
}

static struct object *begin(struct http_objects *http, const struct object_key *key,
			    const struct exchange *exchange, bool response)
{
	const struct announced *announced = &exchange->sides[response];
	struct object_origin origin = { .protocol = "http",
					.place = announced->place,
					.host = exchange->host,
					.path = exchange->path,
					.coding = announced->coding };

	object_text_set(&origin.declared, announced->declared, announced->declared_length);
	return objects_begin(http->objects, key, &origin);
}

static struct object_key object_key_of(const struct item *item, const struct http_body *body)
{
	return (struct object_key){ item->place->conversation, { body->number, body->response } };
}

static void on_body(struct http_objects *http, const struct item *item)
{
	const struct http_body *body = item->is;
	const struct object_key key = object_key_of(item, body);
	const struct exchange_key its = { key.conversation, body->number };
	struct object *object = objects_find(http->objects, &key);
	struct exchange *exchange = table_find(&http->exchanges, &its);

	if (!body->length)
		return;
	if (!object && exchange)
		object = begin(http, &key, exchange, body->response);
	if (!object)
		return;
	/* What comes behind a hole stands elsewhere in the file: only the beginning is kept. */
	if (body->lost)
		object_stop(object, OBJECT_TORN);
	objects_add(http->objects, object, item->place, body->bytes, body->length);
}

static void on_end(struct http_objects *http, const struct item *item)
{
	const struct http_body *body = item->is;
	const struct object_key key = object_key_of(item, body);
	const struct exchange_key its = { key.conversation, body->number };
	struct exchange *exchange = table_find(&http->exchanges, &its);

	objects_end(http->objects, &key,
		    body->whole  ? OBJECT_WHOLE
		    : body->lost ? OBJECT_TORN
				 : OBJECT_NO_END);
	if (exchange && body->response && !exchange->sides[1].interim)
		table_remove(&http->exchanges, exchange);
}

void http_objects_item(struct http_objects *http, const struct item *item)
{
	if (item->place->key.proto != SKUA_TCP)
		return;
	if (item->kind == ITEM_HTTP_REQUEST || item->kind == ITEM_HTTP_RESPONSE)
		on_head(http, item);
	else if (item->kind == ITEM_HTTP_BODY)
		on_body(http, item);
	else if (item->kind == ITEM_HTTP_END)
		on_end(http, item);
}
