// SPDX-License-Identifier: BSD-2-Clause
/* A conversation with a suspicious port is a hint; an attempt that failed, or a client's port, not.
 */
#include <string.h>
#include "detect/port.h"
#include "tap.h"

/* The lower address is the client. */
static struct skua_flow_event flow(uint16_t sport, uint16_t dport)
{
	struct skua_flow_event event = { .head.ifindex = 3, .head.time_ns = 900 };
	struct address address;

	address_parse(&address, "10.0.0.1");
	memcpy(event.head.key.low, address.bytes, 16);
	address_parse(&address, "203.0.113.6");
	memcpy(event.head.key.high, address.bytes, 16);
	event.head.key.low_port = sport;
	event.head.key.high_port = dport;
	event.head.key.proto = SKUA_TCP;
	event.flow.first_ns = 100;
	event.flow.last_ns = 800;
	event.flow.syn_ack = 1;
	event.flow.way[SKUA_LOW].packets = 800;
	event.flow.way[SKUA_HIGH].packets = 12;
	return event;
}

static bool judged(const struct skua_flow_event *event, struct finding *out)
{
	memset(out, 0, sizeof(*out));
	return port_judge(event, out);
}

static void test_fires(void)
{
	struct skua_flow_event event = flow(50000, 4444);
	struct finding f;
	char text[ADDRESS_TEXT];

	ok(judged(&event, &f), "a conversation with port 4444 is a finding");
	ok(!strcmp(f.reason, "traffic on port 4444, which Metasploit uses by default: 812 packets"),
	   "it says why, and how much");
	ok(f.kind == FINDING_SUSPICIOUS_PORT && f.dport == 4444 && f.sport == 50000 && f.has_dst &&
		   f.proto == SKUA_TCP && f.count == 812 && f.port.packets == 812 &&
		   f.port.port == 4444 && f.score == 0.3 && f.score_raw == 0.3 &&
		   f.first_ns == 100 && f.last_ns == 800 && f.trigger_ns == 900 && f.ifindex == 3 &&
		   !f.at_end,
	   "its numbers are those of the flow");
	ok(!strcmp(address_format(&f.src, text), "10.0.0.1"), "the client is the source");
	event.reason = SKUA_FLOW_STOP;
	ok(judged(&event, &f) && f.at_end, "at the end it says so");
	event = flow(4444, 50000);
	event.flow.state = SKUA_FLOW_CLIENT_HIGH;
	ok(judged(&event, &f) && !strcmp(address_format(&f.src, text), "203.0.113.6"),
	   "the client may be the higher end");
	event = flow(50000, 31337);
	event.head.key.proto = SKUA_UDP;
	event.flow.syn_ack = 0;
	event.flow.way[SKUA_LOW].payload = 1;
	ok(judged(&event, &f), "UDP counts when it carries payload");
}

static void test_silent(void)
{
	struct skua_flow_event event = flow(50000, 4443);
	struct finding f;

	ok(!judged(&event, &f), "port 4443 is nobody's default");
	event = flow(4444, 443);
	ok(!judged(&event, &f), "a client's port is chosen by chance");
	event.flow.state = SKUA_FLOW_MIDSTREAM;
	ok(judged(&event, &f) && f.dport == 4444,
	   "joined midway, nobody knows whose port it is: it is taken for the server's");
	event = flow(50000, 4444);
	event.flow.syn_ack = 0;
	ok(!judged(&event, &f), "an attempt that nobody answered is a scan's business");
	event = flow(50000, 4444);
	event.head.key.proto = SKUA_ICMP;
	ok(!judged(&event, &f), "ICMP has no ports");
}

int main(void)
{
	test_fires();
	test_silent();
	return done();
}
