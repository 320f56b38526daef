// SPDX-License-Identifier: BSD-2-Clause
/* Attempts that look like earlier ones: what is over must not decide what comes later. */
#include "engine_stage.h"

static void test_same_numbers_again(void)
{
	static const uint8_t byte = 'x';
	struct stage *stage = stage_open_inbound();

	show_datagram(stage, true, &byte, 1);
	at(stage, 6000);
	ok(says(stage, "contact-unanswered"), "a stranger's datagram is unanswered in time");
	at(stage, 60000);
	show_datagram(stage, true, &byte, 1);
	at(stage, 66000);
	ok(says(stage, "contact-unanswered") && stage->contact.first_ns == ms(60000) &&
		   stage->contact.attempts == 1,
	   "the same five numbers a minute later are another attempt");
	at(stage, 120000);
	show_datagram(stage, true, &byte, 1);
	show_datagram(stage, false, &byte, 1);
	ok(says(stage, "contact-answered exchange") && stage->contact.first_ns == ms(120000) &&
		   stage->exchange.flow_ns == ms(120000),
	   "and one that is answered begins where it began");
	stage_close(stage);
}

static void test_decided_once(void)
{
	struct stage *stage = stage_open_inbound();

	out(stage, SKUA_SYN, 0, 0, 0);
	at(stage, 6000);
	ok(says(stage, "contact-unanswered"), "a stranger's SYN is unanswered in time");
	in(stage, SKUA_SYN | SKUA_ACK, 0, 1, 0);
	out(stage, SKUA_ACK, 1, 1, 0);
	ok(says(stage, ""), "and is not answered as well when the answer comes late");
	stage_close(stage);
}

static void icmp(struct stage *stage, bool outwards, const uint8_t *message, uint32_t size)
{
	uint32_t from = outwards ? stage->client.address : stage->server.address;
	uint32_t to = outwards ? stage->server.address : stage->client.address;
	uint8_t frame[256];

	memcpy(frame + 34, message, size);
	show_ip(stage, frame, SKUA_ICMP, from, to, size);
}

static void test_error_beside_echoes(void)
{
	static const uint8_t echo[8] = { 8 };
	uint8_t error[36] = { 3, 3, [8] = 0x45, [17] = SKUA_UDP };
	struct stage *stage = stage_open();
	static const uint8_t byte = 'x';

	icmp(stage, true, echo, sizeof(echo));
	show_datagram(stage, true, &byte, 1);
	stage->said[0] = '\0';
	stage_put(error + 20, stage->client.address, 4);
	stage_put(error + 24, stage->server.address, 4);
	stage_put(error + 28, stage->client.port, 2);
	stage_put(error + 30, stage->server.port, 2);
	icmp(stage, false, error, sizeof(error));
	ok(says(stage, "contact-unreachable"),
	   "an ICMP error decides an attempt, also where echoes without identifier are a flow");
	stage_close(stage);
}

int main(void)
{
	test_same_numbers_again();
	test_decided_once();
	test_error_beside_echoes();
	return done();
}
