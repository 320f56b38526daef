/* SPDX-License-Identifier: BSD-2-Clause */
/* Heads of HTTP/1 messages (RFC 9112), and the pieces in which their bodies come. */
#ifndef SKUA_DISSECT_HTTP_MESSAGE_H
#define SKUA_DISSECT_HTTP_MESSAGE_H

#include "dissect/cursor.h"
#include "dissect/verdict.h"

#define HTTP_HEAD_MAX 65536 /* servers take 8 to 64 KiB */

/* Borrowed bytes, as the wire has them. */
struct http_message {
	bool response;
	uint64_t
		number; /* of the request in its connection, from 1; a response has its request's */
	struct cursor method, target; /* of a request */
	struct cursor version;        /* "1.1" */
	unsigned status;              /* of a response */
	struct cursor fields;         /* all header lines */
	size_t length;                /* of the head */
};

struct http_body {
	uint64_t number; /* as that of its head */
	bool response;
	const uint8_t *bytes;
	size_t length;
	uint64_t lost; /* bytes of it that are not in the capture */
	bool whole;    /* ITEM_HTTP_END: its end was seen, nothing is missing */
};

/* A response before the final one (RFC 9110, 15.2); 101 is final, for another protocol follows. */
static inline bool http_is_interim(const struct http_message *message)
{
	return message->response && message->status < 200 && message->status != 101;
}

/* bytes: from where a head may begin; DISSECT_DONE only when all of it is there. */
enum dissect_verdict http_message_parse(struct http_message *out, const uint8_t *bytes,
					size_t length);
/* A datagram that is a request or a response (SSDP): its fields may end without a blank line. */
bool http_datagram_parse(struct http_message *out, const uint8_t *bytes, size_t length);
/* Bytes that begin like a request or a response: DISSECT_NEED_MORE if they may yet be one. */
enum dissect_verdict http_message_begins(const uint8_t *bytes, size_t length);
/* The first field of this name (any case), without blanks around; false: there is none. */
bool http_field(const struct http_message *message, const char *name, struct cursor *value);
/* Case does not matter. */
bool http_is_word(const struct cursor *value, const char *word);

#endif /* SKUA_DISSECT_HTTP_MESSAGE_H */
