// SPDX-License-Identifier: BSD-2-Clause
/* What lies in a ring is checked before it is believed, and its times are converted, all of them.
 */
#include <string.h>
#include "skua/config.h"
#include "capture/live_event.h"
#include "tap.h"

#define BOOT (50 * SKUA_SECOND_NS)
#define UNIX (1700000000 * SKUA_SECOND_NS)
#define SHIFT (UNIX - BOOT)

static struct clock clock;
static union live_event out;

static struct skua_event head_of(enum skua_event_kind kind)
{
	return (struct skua_event){ .version = SKUA_ABI_VERSION,
				    .kind = kind,
				    .time_ns = BOOT + 9 };
}

static void test_times(void)
{
	struct skua_exchange_event exchange = { .head = head_of(SKUA_EVENT_EXCHANGE),
						.start_ns = BOOT + 1,
						.flow_ns = BOOT + 2,
						.previous.start_ns = BOOT + 3 };
	struct skua_flow_event flow = { .head = head_of(SKUA_EVENT_FLOW),
					.flow.first_ns = BOOT + 4,
					.flow.last_ns = BOOT + 5,
					.flow.payload_ns = 0,
					.flow.exchange_ns = BOOT + 6 };
	struct skua_contact_event contact = { .head = head_of(SKUA_EVENT_CONTACT),
					      .first_ns = BOOT + 7 };
	struct skua_source_event source = { .head = head_of(SKUA_EVENT_SOURCE),
					    .window_ns = BOOT + 8 };

	ok(live_event_read(&out, &exchange, sizeof(exchange), &clock) &&
		   out.head.time_ns == UNIX + 9 && out.exchange.start_ns == UNIX + 1 &&
		   out.exchange.flow_ns == UNIX + 2 && out.exchange.previous.start_ns == UNIX + 3,
	   "the times of an exchange are Unix times");
	ok(live_event_read(&out, &flow, sizeof(flow), &clock) &&
		   out.flow.flow.first_ns == UNIX + 4 && out.flow.flow.last_ns == UNIX + 5 &&
		   out.flow.flow.exchange_ns == UNIX + 6,
	   "so are those of a flow");
	ok(out.flow.flow.payload_ns == 0, "zero still means that there is none");
	ok(live_event_read(&out, &contact, sizeof(contact), &clock) &&
		   out.contact.first_ns == UNIX + 7,
	   "so is that of a contact");
	ok(live_event_read(&out, &source, sizeof(source), &clock) &&
		   out.source.window_ns == UNIX + 8,
	   "so is that of a source");
	ok(exchange.start_ns == BOOT + 1, "what lies in the ring is left as it is");
}

static void test_sample(void)
{
	struct {
		struct skua_sample_event event;
		uint8_t bytes[128];
	} sample = { .event = { .head = head_of(SKUA_EVENT_SAMPLE), .captured = 128 } };

	ok(live_event_read(&out, &sample, sizeof(sample), &clock) && out.sample.captured == 128,
	   "a sample's bytes follow it");
	sample.event.captured = 129;
	ok(!live_event_read(&out, &sample, sizeof(sample), &clock),
	   "one that claims more bytes than its record has is refused");
}

static void test_refused(void)
{
	struct skua_icmp_event icmp = { .head = head_of(SKUA_EVENT_ICMP) };

	ok(live_event_read(&out, &icmp, sizeof(icmp), &clock), "a record as it should be is read");
	ok(!live_event_read(&out, &icmp, sizeof(icmp) - 1, &clock), "a short one is refused");
	ok(!live_event_read(&out, &icmp, sizeof(icmp) + 8, &clock), "so is a long one");
	ok(!live_event_read(&out, &icmp, 3, &clock), "so is one without a head");
	icmp.head.version++;
	ok(!live_event_read(&out, &icmp, sizeof(icmp), &clock), "so is another version");
	icmp.head = head_of(SKUA_EVENT_KINDS);
	ok(!live_event_read(&out, &icmp, sizeof(icmp), &clock), "so is a kind beyond the last");
	icmp.head = head_of(0);
	ok(!live_event_read(&out, &icmp, sizeof(icmp), &clock), "so is kind zero");
}

int main(void)
{
	clock_init(&clock, BOOT, UNIX);
	test_times();
	test_sample();
	test_refused();
	return done();
}
