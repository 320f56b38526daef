/* SPDX-License-Identifier: BSD-2-Clause */
/* DNS events for unit tests, made from names in presentation form. */
#ifndef TESTS_TRACK_DNS_EVENT_H
#define TESTS_TRACK_DNS_EVENT_H

#include <string.h>
#include "skua/event.h"
#include "base/address.h"

struct dns_message {
	const char *client, *resolver; /* addresses; NULL: 10.0.0.5 and 10.0.0.53 */
	const char *name;
	uint64_t time_ns;
	uint16_t id, type; /* type 0: A */
	uint8_t rcode;
	bool response;
	uint32_t answer_bytes;
};

static inline void dns_event_name(struct skua_dns_event *event, const char *name)
{
	size_t length_at = 0, at = 1;

	for (; *name && at < SKUA_DNS_NAME_MAX; name++, at++) {
		if (*name == '.') {
			length_at = at;
			continue;
		}
		event->name[at] = *name;
		event->name[length_at]++;
	}
	event->dns.name_length = at + 1;
}

static inline void dns_event_from(struct skua_dns_event *event, const struct dns_message *message)
{
	struct address client, resolver;
	bool client_is_low;

	memset(event, 0, sizeof(*event));
	address_parse(&client, message->client ? message->client : "10.0.0.5");
	address_parse(&resolver, message->resolver ? message->resolver : "10.0.0.53");
	client_is_low = memcmp(client.bytes, resolver.bytes, 16) < 0;
	memcpy(event->head.key.low, client_is_low ? &client : &resolver, 16);
	memcpy(event->head.key.high, client_is_low ? &resolver : &client, 16);
	event->sender = client_is_low == !message->response ? SKUA_LOW : SKUA_HIGH;
	event->head.time_ns = message->time_ns;
	event->dns.id = message->id;
	event->dns.type = message->type ? message->type : 1;
	event->dns.rcode = message->rcode;
	event->dns.response = message->response;
	event->dns.answer_bytes = message->answer_bytes;
	dns_event_name(event, message->name);
}

#endif /* TESTS_TRACK_DNS_EVENT_H */
