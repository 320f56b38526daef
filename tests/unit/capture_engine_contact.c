// SPDX-License-Identifier: BSD-2-Clause
/* How attempts over TCP end, as the engine says it: who is admitted, when, and with what numbers.
 */
#include "engine_stage.h"

/* The last contact was between the two of the stage, by the client. */
static bool by_client(const struct stage *stage, __u8 flags, __u8 attempts, bool ours,
		      uint64_t first_ns)
{
	const struct skua_contact_event *contact = &stage->contact;
	const struct skua_flow_key *key = &contact->head.key;
	bool low = contact->source == SKUA_LOW;

	return (low ? key->low_port : key->high_port) == stage->client.port &&
	       (low ? key->high_port : key->low_port) == stage->server.port &&
	       skua_be32((const __u8 *)(low ? key->low : key->high) + 12) ==
		       stage->client.address &&
	       skua_be32((const __u8 *)(low ? key->high : key->low) + 12) ==
		       stage->server.address &&
	       key->proto == SKUA_TCP && contact->flags == flags && contact->attempts == attempts &&
	       contact->ours == ours && contact->first_ns == first_ns;
}

static void test_opening(struct stage *stage)
{
	const struct skua_exchange_event *exchange = &stage->exchange;
	static const struct skua_exchange none;

	at(stage, 200);
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(says(stage, "exchange"), "our SYN opens an exchange at once");
	ok(exchange->start_ns == ms(200) && exchange->flow_ns == ms(200) &&
		   exchange->head.time_ns == ms(200) && exchange->by_syn && exchange->ours &&
		   !exchange->answered && exchange->client == SKUA_LOW &&
		   !memcmp(&exchange->previous, &none, sizeof(none)),
	   "it is the first, by SYN, by us");
	at(stage, 220);
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	ok(says(stage, ""), "the SYN-ACK decides nothing yet");
	at(stage, 221);
	out(stage, SKUA_ACK, 1, 1, 0);
	ok(says(stage, "contact-answered") && by_client(stage, SKUA_SYN, 1, true, ms(200)) &&
		   stage->contact.head.time_ns == ms(221) && !stage->contact.icmp_code,
	   "the ACK does: answered, since the SYN");
}

static void test_closing(struct stage *stage)
{
	const struct skua_flow *flow = &stage->flow.flow;

	at(stage, 300);
	out(stage, SKUA_PSH | SKUA_ACK, 1, 1, 100);
	at(stage, 350);
	in(stage, SKUA_PSH | SKUA_ACK, 1, 101, 400);
	at(stage, 400);
	out(stage, SKUA_FIN | SKUA_ACK, 101, 401, 0);
	ok(says(stage, ""), "neither payload nor the first FIN is said");
	at(stage, 410);
	in(stage, SKUA_FIN | SKUA_ACK, 401, 102, 0);
	ok(says(stage, "flow-end") && stage->flow.ours && stage->flow.head.time_ns == ms(410),
	   "the second FIN ends the flow");
	ok(flow->way[SKUA_LOW].packets == 4 && flow->way[SKUA_LOW].bytes == 4 * HEADERS + 100 &&
		   flow->way[SKUA_LOW].payload == 100 && flow->way[SKUA_HIGH].packets == 3 &&
		   flow->way[SKUA_HIGH].bytes == 3 * HEADERS + 400 &&
		   flow->way[SKUA_HIGH].payload == 400,
	   "its totals are those of the packets, each way");
	ok(flow->syn == 1 && flow->syn_ack == 1 && flow->fin == 2 && !flow->rst &&
		   flow->first_ns == ms(200) && flow->last_ns == ms(410) &&
		   flow->home_ifindex == 1 && skua_flow_client(flow) == SKUA_LOW,
	   "and so are its counts of flags, times, interface and client");
	out(stage, SKUA_ACK, 102, 402, 0);
	ok(says(stage, "") && kept(stage, SKUA_TABLE_OUT) == 1, "the last ACK changes nothing");
	at(stage, 5999);
	ok(kept(stage, SKUA_TABLE_OUT) == 1, "a closed flow stays for its stragglers,");
	at(stage, 6000);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_OUT), "five seconds, and goes silently");
}

static void test_connection(void)
{
	struct stage *stage = stage_open();

	test_opening(stage);
	test_closing(stage);
	ok(counted(stage, SKUA_COUNT_OUT) == stage->shown, "all of it is accounted as ours");
	ok(counted(stage, SKUA_COUNT_EVENTS) == 3 &&
		   stage->exchanges + stage->contacts + stage->flows == 3,
	   "every event that was said of it is counted; samples are apart");
	stage_close(stage);
}

static void test_sides(void)
{
	struct stage *stage = stage_open();

	stage->server.address = HOST_LOWER;
	handshake(stage);
	ok(stage->exchange.client == SKUA_HIGH && stage->contact.source == SKUA_HIGH &&
		   by_client(stage, SKUA_SYN, 1, true, ms(0)),
	   "a server with the lower address has the client on the high side");
	in(stage, SKUA_RST, 1, 0, 0);
	ok(says(stage, "contact-empty flow-end") &&
		   skua_flow_client(&stage->flow.flow) == SKUA_HIGH &&
		   stage->flow.flow.way[SKUA_HIGH].packets == 2 && stage->flow.flow.rst == 1,
	   "in its totals, too");
	stage_close(stage);
}

static void test_refused(void)
{
	struct stage *stage = stage_open();

	at(stage, 100);
	out(stage, SKUA_SYN, 0, 0, 0);
	says(stage, "exchange");
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	ok(says(stage, "contact-refused flow-end") && by_client(stage, SKUA_SYN, 1, true, ms(100)),
	   "a RST refuses the attempt and ends the flow, and is not an empty connection");
	at(stage, 8000);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_OUT), "nothing is said of it again");
	stage_close(stage);
}

static void test_half_open(void)
{
	struct stage *stage = stage_open();

	out(stage, SKUA_SYN, 0, 0, 0);
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	says(stage, "exchange");
	out(stage, SKUA_RST, 1, 0, 0);
	ok(says(stage, "contact-half-open flow-end"),
	   "the client's RST after the SYN-ACK leaves it half open, not empty");
	stage_close(stage);
}

static void test_empty(void)
{
	struct stage *stage = stage_open();

	handshake(stage);
	at(stage, 500);
	in(stage, SKUA_FIN | SKUA_ACK, 1, 1, 0);
	ok(says(stage, ""), "one FIN closes nothing");
	out(stage, SKUA_FIN | SKUA_ACK, 1, 2, 0);
	ok(says(stage, "contact-empty flow-end") && by_client(stage, SKUA_SYN, 1, true, ms(0)),
	   "a handshake and no payload is an empty contact of the client's, whoever closes first");
	stage->client.port++;
	handshake(stage);
	out(stage, SKUA_ACK, 1, 1, 1);
	out(stage, SKUA_RST, 2, 0, 0);
	ok(says(stage, "flow-end"), "a single byte of payload makes it none");
	stage->client.port++;
	handshake(stage);
	in(stage, SKUA_ACK, 1, 1, 1);
	out(stage, SKUA_RST, 1, 0, 0);
	ok(says(stage, "flow-end"), "also one of the server's");
	stage_close(stage);
}

static void test_odd(void)
{
	static const __u8 flags[] = { 0, SKUA_FIN | SKUA_PSH | SKUA_URG, SKUA_SYN | SKUA_FIN };
	struct stage *stage = stage_open();
	bool each = true;

	for (unsigned i = 0; i < 3; i++) {
		stage->server.port = 1000 + i;
		out(stage, flags[i], 0, 0, 0);
		each &= says(stage, "contact-odd") && by_client(stage, flags[i], 1, true, ms(0));
	}
	ok(each, "a NULL, XMAS or SYN+FIN probe is said at once, with its flags");
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	at(stage, 9000);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_OUT) && !kept(stage, SKUA_TABLE_PENDING),
	   "and leaves neither flow nor attempt, whatever follows");
	ok(counted(stage, SKUA_COUNT_SOURCE_ONLY) == 4, "its source alone knows of it");
	handshake(stage);
	out(stage, 0, 1, 0, 0);
	ok(says(stage, ""), "within a known flow no flags are odd");
	stage_close(stage);
}

static void test_stray(void)
{
	struct stage *stage = stage_open();

	out(stage, SKUA_FIN, 1, 0, 0);
	ok(says(stage, "") && counted(stage, SKUA_COUNT_WAITING) == 1, "a lone FIN waits");
	in(stage, SKUA_RST | SKUA_ACK, 0, 2, 0);
	ok(says(stage, "contact-refused") && by_client(stage, SKUA_FIN, 1, true, ms(0)),
	   "a RST makes it a refused probe by FIN, without a flow");
	stage->server.port++;
	out(stage, SKUA_FIN | SKUA_ACK, 1, 1, 0);
	in(stage, SKUA_ACK, 1, 2, 0);
	at(stage, 7000);
	ok(says(stage, ""), "an ACK makes it the end of something older: nothing is said");
	out(stage, SKUA_FIN, 1, 0, 0);
	at(stage, 13000);
	ok(says(stage, "contact-unanswered") && stage->contact.flags == SKUA_FIN,
	   "silence makes it an unanswered probe");
	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	ok(says(stage, ""), "once said, for good: a RST that comes late changes nothing");
	stage_close(stage);
}

static void test_backscatter(void)
{
	struct stage *stage = stage_open();

	in(stage, SKUA_RST | SKUA_ACK, 0, 1, 0);
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	at(stage, 20000);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_OUT) && !kept(stage, SKUA_TABLE_IN) &&
		   !kept(stage, SKUA_TABLE_SOURCES),
	   "answers to nothing are said by nobody: victims of forged SYNs send them");
	stage_close(stage);
}

static void test_unanswered(void)
{
	struct stage *stage = stage_open();

	at(stage, 200);
	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 1200);
	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 3200);
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(says(stage, "exchange") && kept(stage, SKUA_TABLE_SOURCES) == 1 &&
		   !kept(stage, SKUA_TABLE_PENDING),
	   "a source's first attempt sits in its record, retransmissions open nothing");
	at(stage, 5999);
	ok(says(stage, ""), "before five seconds are over nothing is decided");
	at(stage, 6000);
	ok(says(stage, "contact-unanswered") && by_client(stage, SKUA_SYN, 3, true, ms(200)) &&
		   stage->contact.head.time_ns == ms(6000) && stage->contact.head.ifindex == 1,
	   "the first whole second after them says: unanswered, three packets, one attempt");
	at(stage, 30000);
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	ok(says(stage, ""), "once, and an answer that comes late changes nothing");
	stage_close(stage);
}

static void test_unanswered_table(void)
{
	struct stage *stage = stage_open();

	at(stage, 100);
	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 2000);
	stage->server.port = 80;
	out(stage, SKUA_SYN, 0, 0, 0);
	stage->server.port = 81;
	at(stage, 2001);
	out(stage, SKUA_SYN, 0, 0, 0);
	ok(says(stage, "exchange exchange exchange") && kept(stage, SKUA_TABLE_PENDING) == 2,
	   "further attempts of a source go to the table");
	at(stage, 6000);
	ok(says(stage, "contact-unanswered") && kept(stage, SKUA_TABLE_PENDING) == 2,
	   "the first is decided in its time");
	stage->server.port = 80;
	at(stage, 7000);
	ok(says(stage, "contact-unanswered") && by_client(stage, SKUA_SYN, 1, true, ms(2000)) &&
		   stage->contact.head.time_ns == ms(7000),
	   "one of a whole second exactly five seconds later");
	stage->server.port = 81;
	at(stage, 8000);
	ok(says(stage, "contact-unanswered") && by_client(stage, SKUA_SYN, 1, true, ms(2001)) &&
		   !kept(stage, SKUA_TABLE_PENDING),
	   "one of a millisecond later with the next tick");
	stage_close(stage);
}

int main(void)
{
	test_connection();
	test_sides();
	test_refused();
	test_half_open();
	test_empty();
	test_odd();
	test_stray();
	test_backscatter();
	test_unanswered();
	test_unanswered_table();
	return done();
}
