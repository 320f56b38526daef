// SPDX-License-Identifier: BSD-2-Clause
/* What the engine says of datagrams: UDP both ways, DNS, ICMP echo, who asks for whom. */
#include "engine_stage.h"

static const uint8_t text[64] = "some text";

static void test_udp_ours(void)
{
	struct stage *stage = stage_open();

	at(stage, 100);
	show_datagram(stage, true, text, 40);
	ok(says(stage, "exchange") && !stage->exchange.by_syn && stage->exchange.ours &&
		   stage->exchange.start_ns == ms(100) && kept(stage, SKUA_TABLE_OUT) == 1,
	   "our datagram opens an exchange at once");
	at(stage, 150);
	show_datagram(stage, false, text, 60);
	ok(says(stage, "contact-answered") && stage->contact.first_ns == ms(100) &&
		   stage->contact.ours && stage->contact.head.key.proto == SKUA_UDP &&
		   !stage->contact.flags,
	   "a datagram back answers the contact");
	at(stage, 180000);
	ok(says(stage, ""), "silence ends it after three minutes");
	at(stage, 181000);
	ok(says(stage, "flow-idle") && stage->flow.flow.way[SKUA_LOW].payload == 40 &&
		   stage->flow.flow.way[SKUA_HIGH].payload == 60 &&
		   stage->flow.flow.state & SKUA_FLOW_ANSWERED,
	   "with the payload of both");
	show_datagram(stage, true, text, 40);
	at(stage, 187000);
	ok(says(stage, "exchange contact-unanswered"), "one that nobody answers is unanswered");
	stage_close(stage);
}

static void test_udp_theirs(void)
{
	struct stage *stage = stage_open_inbound();

	show_datagram(stage, true, text, 40);
	at(stage, 100);
	show_datagram(stage, true, text, 40);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_IN) &&
		   counted(stage, SKUA_COUNT_WAITING) == 2,
	   "a stranger's datagrams wait");
	at(stage, 200);
	show_datagram(stage, false, text, 60);
	ok(says(stage, "contact-answered exchange") && kept(stage, SKUA_TABLE_IN) == 1 &&
		   !stage->exchange.ours && stage->exchange.client == SKUA_HIGH &&
		   stage->exchange.start_ns == ms(0),
	   "our answer admits them, since the first");
	engine_stop(stage->engine, stage->now_ns);
	ok(stage->flow.flow.way[SKUA_HIGH].payload == 80 &&
		   stage->flow.flow.way[SKUA_HIGH].packets == 2 &&
		   stage->flow.flow.way[SKUA_LOW].payload == 60,
	   "with the payload that waited");
	stage_close(stage);
}

static void test_udp_reply_first(void)
{
	struct stage *stage = stage_open_inbound();

	stage->server.port = 53000;
	stage->client.port = 123;
	show_datagram(stage, true, text, 48);
	at(stage, 10000);
	ok(says(stage, "") && !kept(stage, SKUA_TABLE_IN) && !kept(stage, SKUA_TABLE_OUT) &&
		   !stage->sample.from_client,
	   "a datagram from a well-known port is a reply: its silence is nobody's failure");
	show_datagram(stage, true, text, 48);
	show_datagram(stage, false, text, 48);
	ok(kept(stage, SKUA_TABLE_OUT) == 1 && !kept(stage, SKUA_TABLE_IN),
	   "and the conversation belongs to who has the high port");
	stage_close(stage);
	stage = stage_open();
	stage->client.port = 123;
	stage->server.port = 53000;
	show_datagram(stage, true, text, 48);
	ok(!kept(stage, SKUA_TABLE_OUT) && counted(stage, SKUA_COUNT_WAITING) == 1,
	   "our own reply to nothing opens none, either");
	stage_close(stage);
}

static void test_multicast(void)
{
	struct stage *stage = stage_open();

	stage->server = (struct host){ 0xe00000fb, 5353 };
	show_datagram(stage, true, text, 40);
	at(stage, 10000);
	ok(says(stage, "exchange") && !kept(stage, SKUA_TABLE_SOURCES),
	   "nobody owes an answer to what goes to many");
	stage->client.address = HOST_WORLD;
	stage->origin = SKUA_THEIRS;
	show_datagram(stage, true, text, 40);
	ok(says(stage, "") && counted(stage, SKUA_COUNT_SOURCE_ONLY) == 1,
	   "and a stranger's does not even wait");
	stage_close(stage);
}

/* www.example.com A, as frames.h has it; returns its size. */
static uint32_t dns_bytes(uint8_t *to, const char *hex)
{
	return frame_bytes(to, hex);
}

static void test_dns(void)
{
	struct stage *stage = stage_open();
	static const uint8_t name[] = "\3www\7example\3com";
	uint8_t message[FRAME_BUFFER];
	uint32_t size = dns_bytes(message, DNS_QUERY);

	stage->server = (struct host){ HOST_LOWER, 53 };
	show_datagram(stage, true, message, size);
	ok(says(stage, "dns exchange"), "a query is said, then its exchange");
	ok(stage->dns.dns.id == 0x1234 && stage->dns.dns.type == 1 && !stage->dns.dns.response &&
		   !stage->dns.tcp && stage->dns.sender == SKUA_HIGH && stage->dns.length == size &&
		   stage->dns.dns.name_length == sizeof(name) && stage->dns.dns.labels == 3 &&
		   stage->dns.dns.longest == 7 && !memcmp(stage->dns.name, name, sizeof(name)),
	   "with its id, type, sender, length and name");
	stage->ifindex = 2;
	show_datagram(stage, true, message, size);
	ok(says(stage, "") && counted(stage, SKUA_COUNT_ELSEWHERE) == 1,
	   "on another interface it is not said again");
	stage->ifindex = 1;
	size = dns_bytes(message,
			 "1234 8183 0001 0002 0000 0000 03777777 076578616d706c65 03636f6d 00"
			 "0010 0001 c00c 0001 0001 00000000 0004 c0000201");
	show_datagram(stage, false, message, size);
	ok(says(stage, "dns contact-answered"), "so is the response, which answers the contact");
	ok(stage->dns.dns.response && stage->dns.dns.rcode == 3 && stage->dns.dns.answers == 2 &&
		   stage->dns.dns.type == 16 && stage->dns.sender == SKUA_LOW &&
		   stage->dns.dns.answer_bytes == 16,
	   "with its code, answers and their size");
	message[5] = 2;
	show_datagram(stage, false, message, size);
	ok(says(stage, "") && counted(stage, SKUA_COUNT_DNS_REFUSED) == 1,
	   "two questions in one message are refused and counted");
	stage->server.port = 54;
	message[5] = 1;
	show_datagram(stage, true, message, size);
	ok(says(stage, "exchange"), "and on other ports nobody looks for names");
	stage_close(stage);
}

/* A segment of n queries of 33 bytes, each behind its two bytes of length. */
static void show_dns_segment(struct stage *stage, uint32_t seq, unsigned n)
{
	uint8_t frame[HEADERS + 40 * 8] = {}, query[FRAME_BUFFER];
	uint32_t size = dns_bytes(query, DNS_QUERY), at_byte = HEADERS;

	stage_put(frame + 34, stage->client.port, 2);
	stage_put(frame + 36, stage->server.port, 2);
	stage_put(frame + 38, CLIENT_ISN + seq, 4);
	frame[46] = 0x50;
	frame[47] = SKUA_ACK;
	for (unsigned i = 0; i < n; i++, at_byte += size + 2) {
		stage_put(frame + at_byte, size, 2);
		memcpy(frame + at_byte + 2, query, size);
		frame[at_byte + 3] = i; /* the lower half of its id */
	}
	show_ip(stage, frame, SKUA_TCP, stage->client.address, stage->server.address, at_byte - 34);
}

static void test_dns_tcp(void)
{
	struct stage *stage = stage_open();

	stage->server.port = 53;
	handshake(stage);
	show_dns_segment(stage, 1, 2);
	ok(says(stage, "dns dns") && stage->dns.tcp && stage->dns.dns.id == 0x1201 &&
		   stage->dns.length == 33 && stage->dns.sender == SKUA_LOW,
	   "over TCP each message of a segment is said");
	show_dns_segment(stage, 71, 6);
	ok(says(stage, "dns dns dns dns"), "up to four");
	stage_close(stage);
	stage = stage_open_inbound();
	stage->server.port = 53;
	show_dns_segment(stage, 1, 1);
	ok(says(stage, "dns") && !kept(stage, SKUA_TABLE_IN),
	   "a stranger's query over TCP is said, but admits no stream");
	stage_close(stage);
}

static void show_echo(struct stage *stage, bool reply, uint16_t seq, const uint8_t *payload,
		      uint32_t size)
{
	uint32_t from = reply ? stage->server.address : stage->client.address;
	uint32_t to = reply ? stage->client.address : stage->server.address;
	uint8_t frame[256] = {};

	frame[34] = reply ? 0 : 8;
	stage_put(frame + 38, 77, 2);
	stage_put(frame + 40, seq, 2);
	memcpy(frame + 42, payload, size);
	show_ip(stage, frame, SKUA_ICMP, from, to, 8 + size);
}

static void test_echo(void)
{
	struct stage *stage = stage_open();
	uint8_t payload[100] = "0123456789abcdef";
	uint64_t hash;

	show_echo(stage, false, 3, payload, 100);
	hash = stage->icmp.hash;
	ok(says(stage, "icmp exchange") && stage->icmp.id == 77 && stage->icmp.seq == 3 &&
		   stage->icmp.payload == 100 && !stage->icmp.reply && stage->icmp.ours &&
		   stage->icmp.sender == SKUA_LOW,
	   "an echo request is said with its id, number and length");
	payload[70] = 'x';
	show_echo(stage, true, 3, payload, 100);
	ok(says(stage, "icmp contact-answered") && stage->icmp.reply && !stage->icmp.ours &&
		   stage->icmp.sender == SKUA_HIGH && stage->icmp.hash == hash && hash,
	   "its reply has the same hash, which is of the first 64 bytes");
	payload[63]++;
	show_echo(stage, true, 3, payload, 100);
	ok(says(stage, "icmp") && stage->icmp.hash != hash, "a byte changed among them changes it");
	stage_close(stage);
	stage = stage_open();
	show_echo(stage, true, 3, payload, 100);
	at(stage, 7000);
	ok(says(stage, "icmp") && !kept(stage, SKUA_TABLE_OUT) && !kept(stage, SKUA_TABLE_IN),
	   "a reply that nobody asked for is said, and opens nothing");
	stage_close(stage);
}

static bool shows(struct stage *stage, const char *hex)
{
	uint8_t bytes[FRAME_BUFFER];
	unsigned n = frame_bytes(bytes, hex);

	return show(stage, bytes, n, n) != NULL;
}

static void test_neighbours(void)
{
	struct stage *stage = stage_open();
	const struct skua_neighbour_event *event = &stage->neighbour;

	shows(stage, ETH "0806 0001 0800 06 04 0001 020000000001 0a000009 000000000000 0a000002");
	ok(says(stage, "neighbour") && event->asker == SKUA_HIGH && !event->reply &&
		   skua_be32((const __u8 *)event->head.key.high + 12) == 0x0a000009 &&
		   skua_be32((const __u8 *)event->head.key.low + 12) == 0x0a000002 &&
		   !event->head.key.proto,
	   "an ARP request tells who asks for whom");
	shows(stage, ETH "0806 0001 0800 06 04 0002 020000000002 0a000002 020000000001 0a000009");
	ok(says(stage, "neighbour") && event->asker == SKUA_LOW && event->reply,
	   "its reply who answers");
	shows(stage, ETH "0806 0001 0800 06 04 0003 020000000002 0a000002 020000000001 0a000009");
	ok(says(stage, "") && counted(stage, SKUA_COUNT_ARP) == 3,
	   "other operations are counted, not said");
	shows(stage,
	      ETH "86dd" IP6("0018", "3a") "8700 0000 00000000 20010db800000000000000000000000f");
	ok(!strncmp(stage->said, "neighbour", 9) && event->head.key.proto == SKUA_ICMPV6 &&
		   event->asker == SKUA_LOW && !event->reply &&
		   ((const __u8 *)event->head.key.high)[15] == 0x0f,
	   "a neighbour solicitation is the same in IPv6");
	shows(stage,
	      ETH "86dd" IP6("0018", "3a") "8800 0000 60000000 20010db800000000000000000000000f");
	ok(!strncmp(stage->said, "neighbour", 9) && event->head.key.proto == SKUA_ICMPV6 &&
		   event->asker == SKUA_HIGH && event->reply &&
		   ((const __u8 *)event->head.key.high)[15] == 0x0f &&
		   ((const __u8 *)event->head.key.low)[15] == 0x02,
	   "and an advertisement the answer");
	stage_close(stage);
}

int main(void)
{
	test_udp_ours();
	test_udp_theirs();
	test_udp_reply_first();
	test_multicast();
	test_dns();
	test_dns_tcp();
	test_echo();
	test_neighbours();
	return done();
}
