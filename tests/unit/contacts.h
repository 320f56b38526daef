/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes the events that feed user/track/sources.h, for its tests and those of the detector. */
#ifndef TESTS_CONTACTS_H
#define TESTS_CONTACTS_H

#include <assert.h>
#include <string.h>
#include "track/sources.h"

#define SECOND SKUA_SECOND_NS
#define DAY_NS (86400 * SECOND)
#define START_S 1700000000ull

static inline struct address address_of(const char *text)
{
	struct address address;
	int err = address_parse(&address, text);

	assert(!err);
	(void)err;
	return address;
}

/* The n-th address of 10.1/16, and so on: base + n. */
static inline struct address address_plus(const char *base, uint32_t n)
{
	struct address address = address_of(base);

	address.bytes[15] += n & 0xff;
	address.bytes[14] += n >> 8;
	return address;
}

/* One contact: written down by its test, told to sources by contact_say(). */
struct contact {
	struct address from, to;
	uint16_t port, source_port;
	uint8_t proto, flags, outcome, icmp_code;
	bool stranger;
	double at_s, took_s; /* after START_S; the outcome is known took_s later */
};

static inline struct skua_contact_event contact_event(const struct contact *contact)
{
	struct skua_contact_event event;
	bool high = memcmp(&contact->from, &contact->to, sizeof(struct address)) > 0;

	memset(&event, 0, sizeof(event));
	event.head.version = SKUA_ABI_VERSION;
	event.head.kind = SKUA_EVENT_CONTACT;
	event.head.ifindex = 1;
	event.first_ns = START_S * SECOND + (uint64_t)(contact->at_s * 1e9);
	event.head.time_ns = event.first_ns + (uint64_t)(contact->took_s * 1e9);
	memcpy(event.head.key.low, high ? &contact->to : &contact->from, 16);
	memcpy(event.head.key.high, high ? &contact->from : &contact->to, 16);
	event.head.key.low_port = high ? contact->port : contact->source_port;
	event.head.key.high_port = high ? contact->source_port : contact->port;
	event.head.key.proto = contact->proto;
	event.source = high ? SKUA_HIGH : SKUA_LOW;
	event.outcome = contact->outcome;
	event.flags = contact->flags;
	event.icmp_code = contact->icmp_code;
	event.attempts = 1;
	event.ours = !contact->stranger;
	return event;
}

static inline void contact_say(struct sources *sources, const struct contact *contact)
{
	struct skua_contact_event event = contact_event(contact);

	sources_contact(sources, &event);
}

/* Who asks (or with reply: answers) whom, by ARP (proto 0) or neighbour discovery. */
static inline void neighbour_say(struct sources *sources, uint8_t proto, struct address from,
				 struct address to, bool reply, double at_s)
{
	struct skua_neighbour_event event;

	memset(&event, 0, sizeof(event));
	event.head.time_ns = START_S * SECOND + (uint64_t)(at_s * 1e9);
	memcpy(event.head.key.low, &from, 16);
	memcpy(event.head.key.high, &to, 16);
	event.head.key.proto = proto;
	event.asker = SKUA_LOW;
	event.reply = reply;
	sources_neighbour(sources, &event);
}

#endif /* TESTS_CONTACTS_H */
