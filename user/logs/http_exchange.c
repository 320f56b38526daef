// SPDX-License-Identifier: BSD-2-Clause
/* A request, its response and how much both carried, put together. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "skua/config.h"
#include "logs/http_exchange.h"

#define SILENT_NS (300 * SKUA_SECOND_NS)
#define LOOKS 64

struct exchange_key {
	uint64_t conversation, number;
};

static uint64_t exchange_worth(const void *value)
{
	return ((const struct http_exchange *)value)->used_ns;
}

static void forget(struct http_exchanges *all, struct http_exchange *exchange)
{
	all->bytes -= exchange->text_bytes;
	free(exchange->texts[0]);
	free(exchange->texts[1]);
}

static void tell(struct http_exchanges *all, struct http_exchange *exchange)
{
	all->told(all->arg, exchange);
	forget(all, exchange);
}

static void evicted(void *arg, const void *key, void *value)
{
	struct http_exchanges *all = arg;

	(void)key;
	all->early++;
	tell(all, value);
}

int http_exchanges_init(struct http_exchanges *all, http_told_fn *told, void *arg)
{
	const struct table_options table = { .key_size = sizeof(struct exchange_key),
					     .value_size = sizeof(struct http_exchange),
					     .capacity = HTTP_EXCHANGES_MAX,
					     .worth = exchange_worth,
					     .evicted = evicted,
					     .arg = all };

	*all = (struct http_exchanges){ .told = told, .arg = arg };
	return table_init(&all->table, &table);
}

void http_exchanges_fini(struct http_exchanges *all)
{
	struct http_exchange *exchange = NULL;

	while (all->table.slots && (exchange = table_next(&all->table, exchange)))
		forget(all, exchange);
	table_fini(&all->table);
}

/* The version is that of the request; without one, that of the response. */
static bool belongs(const struct http_exchange *exchange, unsigned part, bool response)
{
	if (part == HTTP_VERSION)
		return response != exchange->requested;
	return response == (part >= HTTP_REASON);
}

/* Borrowed parts become copies; false: there is no room. */
static bool keep_parts(struct http_exchanges *all, struct http_exchange *exchange, bool response)
{
	size_t size = 0;
	uint8_t *at;

	for (unsigned part = 0; part < HTTP_PARTS; part++)
		if (belongs(exchange, part, response))
			size += exchange->parts[part].left;
	at = all->bytes + size > HTTP_EXCHANGES_BYTES ? NULL : malloc(size + 1);
	if (!at)
		return false;
	exchange->texts[response] = at;
	exchange->text_bytes += size;
	all->bytes += size;
	for (unsigned part = 0; part < HTTP_PARTS; part++) {
		struct cursor *of = &exchange->parts[part];

		if (!of->at || !belongs(exchange, part, response))
			continue;
		memcpy(at, of->at, of->left);
		of->at = at;
		at += of->left;
	}
	return true;
}

/* Where a field is not there its cursor stays empty, and without a place. */
static void read_field(const struct http_message *message, const char *name, struct cursor *to)
{
	struct cursor value;

	if (http_field(message, name, &value))
		*to = value;
}

static void read_request(struct http_exchange *exchange, const struct http_message *message)
{
	exchange->requested = true;
	exchange->parts[HTTP_METHOD] = message->method;
	exchange->parts[HTTP_TARGET] = message->target;
	exchange->parts[HTTP_VERSION] = message->version;
	read_field(message, "host", &exchange->parts[HTTP_HOST]);
	read_field(message, "user-agent", &exchange->parts[HTTP_AGENT]);
	read_field(message, "referer", &exchange->parts[HTTP_REFERRER]);
}

/* What stands behind the status in its line (RFC 9112, 4). */
static struct cursor reason_of(const struct http_message *message)
{
	const uint8_t *at = message->version.at + message->version.left + 4;
	const uint8_t *end = message->fields.at;

	while (end > at && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	while (at < end && *at == ' ')
		at++;
	return (struct cursor){ at, at < end ? end - at : 0 };
}

static void read_response(struct http_exchange *exchange, const struct http_message *message)
{
	exchange->status = message->status;
	exchange->parts[HTTP_REASON] = reason_of(message);
	read_field(message, "content-type", &exchange->parts[HTTP_TYPE]);
	read_field(message, "location", &exchange->parts[HTTP_LOCATION]);
	if (!exchange->requested)
		exchange->parts[HTTP_VERSION] = message->version;
}

static void tell_at_once(struct http_exchanges *all, const struct item *item)
{
	struct http_exchange alone = { .place = *item->place, .number = 1 };

	if (item->kind == ITEM_HTTP_REQUEST)
		read_request(&alone, item->is);
	else
		read_response(&alone, item->is);
	all->told(all->arg, &alone);
}

static struct http_exchange *get(struct http_exchanges *all, const struct item *item,
				 uint64_t number)
{
	const struct exchange_key key = { item->place->conversation, number };
	bool is_new;
	struct http_exchange *exchange = table_get(&all->table, &key, &is_new);

	if (is_new) {
		exchange->place = *item->place;
		exchange->number = number;
	}
	exchange->used_ns = item->place->time_ns;
	return exchange;
}

static void on_head(struct http_exchanges *all, const struct item *item)
{
	const struct http_message *message = item->is;
	struct http_exchange *exchange;

	if (item->place->key.proto != SKUA_TCP) {
		tell_at_once(all, item);
		return;
	}
	exchange = get(all, item, message->number);
	if (http_is_interim(message)) {
		exchange->interim = message->status;
		return;
	}
	if (message->response ? exchange->status : exchange->requested)
		return;
	if (message->response)
		read_response(exchange, message);
	else
		read_request(exchange, message);
	if (keep_parts(all, exchange, message->response))
		return;
	all->early++;
	tell(all, exchange);
	table_remove(&all->table, exchange);
}

static struct http_exchange *find(struct http_exchanges *all, const struct item *item)
{
	const struct http_body *body = item->is;
	const struct exchange_key key = { item->place->conversation, body->number };

	return table_find(&all->table, &key);
}

static void on_end(struct http_exchanges *all, const struct item *item)
{
	const struct http_body *body = item->is;
	struct http_exchange *exchange = find(all, item);

	if (!exchange || !body->response || !exchange->status)
		return;
	tell(all, exchange);
	table_remove(&all->table, exchange);
}

void http_exchanges_item(struct http_exchanges *all, const struct item *item)
{
	const struct http_body *body = item->is;
	struct http_exchange *exchange;

	switch (item->kind) {
	case ITEM_HTTP_REQUEST:
	case ITEM_HTTP_RESPONSE:
		on_head(all, item);
		break;
	case ITEM_HTTP_BODY:
		exchange = find(all, item);
		if (exchange)
			exchange->bytes[body->response] += body->length;
		break;
	case ITEM_HTTP_END:
		on_end(all, item);
		break;
	default:
		break;
	}
}

void http_exchanges_tick(struct http_exchanges *all, uint64_t now_ns)
{
	for (uint32_t i = 0; i < HTTP_EXCHANGES_MAX / LOOKS; i++) {
		struct http_exchange *exchange = table_at(&all->table, all->looked);

		all->looked = (all->looked + 1) % HTTP_EXCHANGES_MAX;
		if (!exchange || now_ns < exchange->used_ns ||
		    now_ns - exchange->used_ns < SILENT_NS)
			continue;
		tell(all, exchange);
		table_remove(&all->table, exchange);
	}
}

static int by_place(const void *x, const void *y)
{
	const struct http_exchange *a = *(struct http_exchange *const *)x;
	const struct http_exchange *b = *(struct http_exchange *const *)y;

	if (a->place.frame != b->place.frame)
		return a->place.frame < b->place.frame ? -1 : 1;
	if (a->place.conversation != b->place.conversation)
		return a->place.conversation < b->place.conversation ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

static void tell_rest(void *arg, void *value)
{
	struct http_exchanges *all = arg;

	tell(all, value);
	table_remove(&all->table, value);
}

void http_exchanges_finish(struct http_exchanges *all)
{
	table_show_sorted(&all->table, by_place, tell_rest, all);
}
