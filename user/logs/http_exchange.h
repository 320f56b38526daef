/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests of HTTP wait for the end of their response; then both are one line. */
#ifndef SKUA_LOGS_HTTP_EXCHANGE_H
#define SKUA_LOGS_HTTP_EXCHANGE_H

#include "base/table.h"
#include "dissect/dissector.h"
#include "dissect/http_message.h"

#define HTTP_EXCHANGES_MAX 16384
#define HTTP_EXCHANGES_BYTES (64u << 20) /* of text that waits */

enum http_part {
	HTTP_METHOD,
	HTTP_TARGET,
	HTTP_VERSION,
	HTTP_HOST,
	HTTP_AGENT,
	HTTP_REFERRER,
	HTTP_REASON, /* from here on parts of the response */
	HTTP_TYPE,
	HTTP_LOCATION,
	HTTP_PARTS
};

struct http_exchange {
	struct item_place place; /* of the request; without one, of the response */
	uint64_t number;
	uint64_t used_ns;
	uint64_t bytes[2]; /* of the bodies: request, response */
	unsigned status;   /* 0: not answered */
	bool requested;
	uint16_t interim;                /* the last status of 1xx; 0: none */
	struct cursor parts[HTTP_PARTS]; /* owned copies; at NULL: there was none */
	void *texts[2];
	size_t text_bytes;
};

typedef void http_told_fn(void *arg, const struct http_exchange *exchange);

struct http_exchanges {
	struct table table;
	http_told_fn *told;
	void *arg;
	uint64_t bytes; /* of text */
	uint64_t early; /* told before their end: no room */
	uint32_t looked;
};

/* 0 or -ENOMEM. */
int http_exchanges_init(struct http_exchanges *exchanges, http_told_fn *told, void *arg);
void http_exchanges_fini(struct http_exchanges *exchanges);
void http_exchanges_item(struct http_exchanges *exchanges, const struct item *item);
/* Some of those that wait in vain. */
void http_exchanges_tick(struct http_exchanges *exchanges, uint64_t now_ns);
/* All that are left, in the order of the capture if there is memory to sort them. */
void http_exchanges_finish(struct http_exchanges *exchanges);

#endif /* SKUA_LOGS_HTTP_EXCHANGE_H */
