// SPDX-License-Identifier: BSD-2-Clause
/* Events that both engines fill alike: each field where it belongs, no byte as it was before. */
#include <stdint.h>
#include <string.h>
#include "skua/sighting.h"
#include "core_segment.h"
#include "tap.h"

static const __u64 one[2] = { 0, 1 }, two[2] = { 0, 2 };

/* Of zeros: what was not set. */
static bool is_zero(const void *bytes, size_t length)
{
	const __u8 *at = bytes;

	while (length--)
		if (*at++)
			return false;
	return true;
}

static struct skua_exchange_event exchange(__u8 flags, __u8 proto, struct skua_flow flow, bool ours)
{
	struct skua_packet pkt = segment(SKUA_LOW, flags, 1, 0, 10);
	const struct skua_exchange previous = { .start_ns = 3, .payload = { 4, 5 } };
	struct skua_exchange_event event;

	memset(&event, 0xff, sizeof(event));
	pkt.proto = proto;
	skua_exchange_event_fill(&event, &flow, &previous, &pkt, ours);
	return event;
}

static void test_exchange(void)
{
	struct skua_flow flow = { .exchange_ns = 20, .first_ns = 10 };
	struct skua_exchange_event event = exchange(SKUA_ACK, SKUA_TCP, flow, true);

	ok(event.start_ns == 20 && event.flow_ns == 10 && event.previous.start_ns == 3 &&
		   event.previous.payload[1] == 5 && event.client == SKUA_LOW && event.ours == 1 &&
		   is_zero(event.reserved, sizeof(event.reserved)),
	   "an exchange tells when it and its flow began, and what was before");
	ok(event.by_syn == 0 && event.answered == 0, "by payload, unanswered");
	ok(exchange(SKUA_SYN, SKUA_TCP, flow, true).by_syn == 1, "or by a SYN,");
	flow.exchange_ns = 10;
	ok(exchange(SKUA_ACK, SKUA_TCP, flow, true).by_syn == 1 &&
		   exchange(SKUA_ACK, SKUA_UDP, flow, true).by_syn == 0,
	   "or a SYN that came before it, which TCP alone has");
	flow.state = SKUA_FLOW_MIDSTREAM | SKUA_FLOW_CLIENT_HIGH | SKUA_FLOW_ANSWERED;
	event = exchange(SKUA_ACK, SKUA_TCP, flow, false);
	ok(event.by_syn == 0 && event.client == SKUA_HIGH && event.answered == 1 && !event.ours,
	   "midway there was none");
}

static void test_flow(void)
{
	const struct skua_flow flow = { .first_ns = 10, .syn = 3 };
	struct skua_flow_event event;

	memset(&event, 0xff, sizeof(event));
	skua_flow_event_fill(&event, &flow, SKUA_FLOW_IDLE, false);
	ok(!memcmp(&event.flow, &flow, sizeof(flow)) && event.reason == SKUA_FLOW_IDLE &&
		   event.ours == 0 && is_zero(event.reserved, sizeof(event.reserved)),
	   "a flow is told whole, with what ended it");
}

static struct skua_contact_event contact(const __u64 source[2], const __u64 target[2],
					 __u32 outcome, __u8 origin)
{
	const struct skua_contact_key key = { .source = { source[0], source[1] },
					      .target = { target[0], target[1] },
					      .source_port = 1000,
					      .port = 22,
					      .proto = SKUA_TCP };
	const struct skua_pending pending = {
		.first_ns = 7, .flags = 2, .attempts = 3, .origin = origin
	};
	struct skua_contact_event event;

	memset(&event, 0xff, sizeof(event));
	skua_contact_event_fill(&event, &key, outcome, &pending, 13);
	return event;
}

static void test_contact(void)
{
	struct skua_contact_event event = contact(one, two, SKUA_REFUSED, SKUA_OURS);

	ok(event.source == SKUA_LOW && event.head.key.low[1] == 1 &&
		   event.head.key.low_port == 1000 && event.head.key.high_port == 22 &&
		   event.head.key.proto == SKUA_TCP && is_zero(event.head.key.tenant, 3) &&
		   is_zero(event.reserved, 2),
	   "an attempt has the key of its conversation, and who tried");
	ok(event.first_ns == 7 && event.outcome == SKUA_REFUSED && event.flags == 2 &&
		   event.attempts == 3 && event.ours == 1 && event.icmp_code == 0,
	   "when first, how often, what came of it");
	event = contact(two, one, SKUA_UNREACHABLE, SKUA_THEIRS);
	ok(event.source == SKUA_HIGH && event.head.key.low_port == 22 && event.ours == 0 &&
		   event.icmp_code == 13,
	   "an error has its code");
	ok(contact(one, two, SKUA_REFUSED, SKUA_EITHER).ours == 1, "whoever may be ours is");
}

static void test_dns(void)
{
	static struct skua_sighting seen;
	struct skua_dns_event event;

	memset(&event, 0xff, sizeof(event));
	seen = (struct skua_sighting){ .dns = { .id = 9 }, .side = SKUA_HIGH };
	seen.dns_place.left = 77;
	seen.parsed.pkt.proto = SKUA_TCP;
	skua_dns_event_fill(&event, &seen);
	ok(event.dns.id == 9 && event.sender == SKUA_HIGH && event.tcp == 1 && event.length == 77 &&
		   is_zero(event.name, sizeof(event.name)) && is_zero(event.reserved, 2),
	   "a message of DNS has its sender and length, and its name is empty at first");
	seen.parsed.pkt.proto = SKUA_UDP;
	skua_dns_event_fill(&event, &seen);
	ok(event.tcp == 0, "over UDP it is not over TCP");
}

static void test_icmp(void)
{
	static struct skua_sighting seen;
	struct skua_icmp_event event;

	memset(&event, 0xff, sizeof(event));
	seen = (struct skua_sighting){ .side = SKUA_HIGH, .origin = SKUA_OURS };
	seen.parsed.pkt = (struct skua_packet){
		.proto = SKUA_ICMP, .icmp_type = 8, .payload = 56, .sport = 5, .dport = 6, .seq = 4
	};
	skua_icmp_event_fill(&event, &seen, 0x1234);
	ok(event.hash == 0x1234 && event.payload == 56 && event.id == 5 && event.seq == 4 &&
		   event.sender == SKUA_HIGH && event.reply == 0 && event.ours == 1 &&
		   is_zero(event.reserved, sizeof(event.reserved)),
	   "an echo request has its number and what it carries,");
	seen.parsed.pkt.icmp_type = 0;
	seen.origin = SKUA_THEIRS;
	skua_icmp_event_fill(&event, &seen, 0);
	ok(event.reply == 1 && event.ours == 0, "and a reply is one");
}

static void test_neighbour(void)
{
	const struct skua_neighbour neighbour = {
		.asker = { 0, 2 }, .target = { 0, 1 }, .reply = 1, .proto = SKUA_ICMPV6
	};
	struct skua_neighbour_event event;

	memset(&event, 0xff, sizeof(event));
	skua_neighbour_event_fill(&event, &neighbour);
	ok(event.asker == SKUA_HIGH && event.head.key.low[1] == 1 && event.head.key.high[1] == 2 &&
		   !event.head.key.low_port && !event.head.key.high_port &&
		   event.head.key.proto == SKUA_ICMPV6 && is_zero(event.head.key.tenant, 3) &&
		   event.reply == 1 && is_zero(event.reserved, sizeof(event.reserved)),
	   "who asks for whom has no ports");
}

static __u8 flags_of(__u8 flags, enum skua_side client, enum skua_origin origin)
{
	static struct skua_sighting seen;
	struct skua_sample_event event;

	seen = (struct skua_sighting){ .flags = flags, .client = client, .origin = origin };
	skua_sample_event_fill(&event, &seen, 0);
	return event.flags;
}

static void test_sample(void)
{
	static struct skua_sighting seen;
	struct skua_sample_event event;

	memset(&event, 0xff, sizeof(event));
	seen = (struct skua_sighting){
		.length = 1500, .link = 3, .side = SKUA_HIGH, .from_client = 1, .origin = SKUA_OURS
	};
	seen.parsed.pkt = (struct skua_packet){
		.seq = 11, .payload = 1400, .payload_at = 66, .tcp_flags = 0x18
	};
	skua_sample_event_fill(&event, &seen, 128);
	ok(event.length == 1500 && event.captured == 128 && event.seq == 11 &&
		   event.payload == 1400 && event.offset == 66 && event.tcp_flags == 0x18 &&
		   event.link == 3 && event.sender == SKUA_HIGH && event.ours == 1 &&
		   event.from_client == 1,
	   "a sample says how long its packet was, and where the payload is");
	ok(flags_of(0, SKUA_LOW, SKUA_OURS) == 0 &&
		   flags_of(0, SKUA_HIGH, SKUA_OURS) == SKUA_SAMPLE_CLIENT_HIGH &&
		   flags_of(0, SKUA_LOW, SKUA_EITHER) == SKUA_SAMPLE_EITHER &&
		   flags_of(SKUA_SAMPLE_ARMED, SKUA_HIGH, SKUA_EITHER) ==
			   (SKUA_SAMPLE_ARMED | SKUA_SAMPLE_CLIENT_HIGH | SKUA_SAMPLE_EITHER),
	   "why it was taken, who is its client, and whether sides are known");
}

static void test_heads(void)
{
	const struct skua_flow_key key = { .low_port = 5, .proto = SKUA_UDP };
	struct skua_event event;

	memset(&event, 0xff, sizeof(event));
	skua_event_init(&event, SKUA_EVENT_DNS, &key, 7, 99);
	ok(event.version == 1 && event.kind == SKUA_EVENT_DNS && event.ifindex == 7 &&
		   event.time_ns == 99 && !memcmp(&event.key, &key, sizeof(key)),
	   "every event begins with its version and kind");
	ok(skua_event_size(SKUA_EVENT_EXCHANGE) == 112 && skua_event_size(SKUA_EVENT_FLOW) == 192 &&
		   skua_event_size(SKUA_EVENT_CONTACT) == 72 &&
		   skua_event_size(SKUA_EVENT_SOURCE) == 136 &&
		   skua_event_size(SKUA_EVENT_DNS) == 336 &&
		   skua_event_size(SKUA_EVENT_ICMP) == 80 &&
		   skua_event_size(SKUA_EVENT_NEIGHBOUR) == 64 &&
		   skua_event_size(SKUA_EVENT_SAMPLE) == 80 &&
		   skua_event_size(SKUA_EVENT_IDENTITY) == 72,
	   "each kind has its size");
	ok(skua_event_size(0) == 0 && skua_event_size(SKUA_EVENT_KINDS) == 0 &&
		   skua_event_size(UINT32_MAX) == 0,
	   "what is none has none");
}

int main(void)
{
	test_exchange();
	test_flow();
	test_contact();
	test_dns();
	test_icmp();
	test_neighbour();
	test_sample();
	test_heads();
	return done();
}
