// SPDX-License-Identifier: BSD-2-Clause
/* Requests and responses put together: what is told when one of them is missing. */
#include <string.h>
#include "logs/http_exchange.h"
#include "refusing_calloc.h"
#include "tap.h"

static const struct item_place place = { .key = { .proto = SKUA_TCP }, .conversation = 1 };
static char told[64]; /* version and reason, as told last */
static unsigned lines;

static void tell(void *arg, const struct http_exchange *exchange)
{
	const struct cursor *version = &exchange->parts[HTTP_VERSION];
	const struct cursor *reason = &exchange->parts[HTTP_REASON];

	(void)arg;
	lines++;
	snprintf(told, sizeof(told), "%.*s %u %.*s", (int)version->left, (const char *)version->at,
		 exchange->status, (int)reason->left, (const char *)reason->at);
}

static void is_told(const char *wanted, const char *sentence)
{
	ok(!strcmp(told, wanted), sentence);
	if (strcmp(told, wanted))
		printf("# got %s, wanted %s\n", told, wanted);
}

/* A head that is forgotten as soon as it was said: its bytes become others. */
static void say_head(struct http_exchanges *all, const char *text)
{
	static uint8_t bytes[256];
	struct http_message message;
	struct item item = { .place = &place, .is = &message };

	memcpy(bytes, text, strlen(text));
	if (http_message_parse(&message, bytes, strlen(text)) != DISSECT_DONE)
		printf("# %s is no head\n", text);
	message.number = 1;
	item.kind = message.response ? ITEM_HTTP_RESPONSE : ITEM_HTTP_REQUEST;
	http_exchanges_item(all, &item);
	memset(bytes, 'X', sizeof(bytes));
}

static void say_end(struct http_exchanges *all)
{
	const struct http_body body = { .number = 1, .response = true };
	const struct item item = { ITEM_HTTP_END, &place, &body };

	http_exchanges_item(all, &item);
}

int main(void)
{
	struct http_exchanges all;

	ok(!http_exchanges_init(&all, tell, NULL), "exchanges wait");
	say_head(&all, "HTTP/1.0 404 Not here\r\n\r\n");
	say_end(&all);
	is_told("1.0 404 Not here", "a response without a request keeps its version");
	say_head(&all, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	say_head(&all, "HTTP/1.0 200 OK\r\n\r\n");
	say_end(&all);
	is_told("1.1 200 OK", "with a request, the version is the request's");
	say_head(&all, "HTTP/1.0 200 OK\r\n\r\n");
	say_head(&all, "GET / HTTP/1.1\r\n\r\n");
	say_end(&all);
	is_told("1.1 200 OK", "also when the response was seen before it");
	ok(lines == 3 && !all.bytes && !all.early, "each is told once, and nothing stays");
	say_head(&all, "GET / HTTP/1.1\r\n\r\n");
	calloc_refuses = true;
	http_exchanges_finish(&all);
	calloc_refuses = false;
	is_told("1.1 0 ", "at the end one without a response is told, if there is memory or not");
	ok(lines == 4 && !all.bytes && !all.table.used, "and forgotten");
	http_exchanges_fini(&all);
	return done();
}
