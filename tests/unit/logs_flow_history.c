// SPDX-License-Identifier: BSD-2-Clause
/* Zeek's letters and words for what happened: each flag, each ending, by whom. */
#include <string.h>
#include "logs/flow_history.h"
#include "skua/packet.h"
#include "tap.h"

enum { F = SKUA_FIN, S = SKUA_SYN, R = SKUA_RST, A = SKUA_ACK };

static const struct {
	uint8_t flags;
	unsigned payload;
	bool again;
	const char *letters, *sentence;
} segments[] = {
	{ S, 0, false, "S", "a SYN" },
	{ S | A, 0, false, "H", "one that answers" },
	{ A, 0, false, "A", "a bare acknowledgement" },
	{ A, 5, false, "D", "payload" },
	{ A, 5, true, "T", "payload that is sent again" },
	{ F | A, 0, false, "F", "a FIN" },
	{ F | A, 5, false, "DF", "a FIN behind payload" },
	{ R, 0, false, "R", "a reset" },
	{ R | A, 0, false, "R", "one that acknowledges" },
	{ S | F, 0, false, "QF", "a SYN with a FIN" },
	{ S | R, 0, false, "QR", "a SYN with a reset" },
	{ F | R, 0, false, "IFR", "a FIN with a reset" },
	{ S, 5, false, "SD", "a SYN with payload" },
	{ 0, 0, false, "", "no flag at all leaves no letter" },
};

static void test_letters(void)
{
	char text[LOG_HISTORY];

	for (unsigned i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
		struct skua_packet pkt = { .tcp_flags = segments[i].flags,
					   .payload = segments[i].payload };
		struct log_flow flow = { .client = SKUA_LOW };

		history_tcp(&flow, &pkt, SKUA_LOW, segments[i].again);
		ok(!strcmp(history_text(&flow, text), segments[i].letters), segments[i].sentence);
	}
}

static void test_text(void)
{
	struct log_flow flow = { .client = SKUA_LOW };
	char text[LOG_HISTORY];

	history_add(&flow, SKUA_LOW, 's');
	history_add(&flow, SKUA_HIGH, 'h');
	history_add(&flow, SKUA_LOW, 's');
	history_add(&flow, SKUA_HIGH, 'h');
	history_add(&flow, SKUA_LOW, 'h');
	ok(!strcmp(history_text(&flow, text), "ShH"), "each letter is kept once a way");
	flow.client = SKUA_HIGH;
	ok(!strcmp(history_text(&flow, text), "sHh"), "the client's are large, whoever that is");
	for (char letter = 'a'; letter <= 'z'; letter++)
		history_add(&flow, SKUA_LOW, letter);
	ok(strlen(history_text(&flow, text)) == LOG_HISTORY - 1, "there is room for nineteen");
}

/* What the client and the server sent; FINs count where they were in order. */
static bool ends(uint8_t client, uint8_t server, const char *state)
{
	const struct skua_flow_key key = { .proto = SKUA_TCP };

	for (unsigned side = 0; side < 2; side++) {
		struct log_flow flow = { .client = side };
		const char *got;

		flow.way[side] =
			(struct log_way){ .packets = !!client, .flags = client, .fin = client & F };
		flow.way[1 - side] =
			(struct log_way){ .packets = !!server, .flags = server, .fin = server & F };
		got = history_state(&key, &flow);
		if (strcmp(got, state)) {
			printf("# %s\n", got);
			return false;
		}
	}
	return true;
}

static void test_states(void)
{
	ok(ends(S, 0, "S0"), "a SYN without an answer");
	ok(ends(S | A, S | A, "S1"), "a connection that did not end");
	ok(ends(S | A | F, S | A, "S2"), "one that the client ended");
	ok(ends(S | A, S | A | F, "S3"), "one that the server ended");
	ok(ends(S | A | F, S | A | F, "SF"), "one that both did");
	ok(ends(S, R | A, "REJ"), "a SYN that was refused");
	ok(ends(S | A | R, S | A, "RSTO"), "a connection that the client reset");
	ok(ends(S | A, S | A | R, "RSTR"), "or the server");
	ok(ends(S | A | R, S | A | R, "RSTO"), "or both: the client");
	ok(ends(S | R, 0, "RSTOS0"), "a SYN that the client took back");
	ok(ends(0, S | A | R, "RSTRH"), "a server that answered what was not seen, and reset it");
	ok(ends(S | F, 0, "SH"), "a SYN and a FIN of the client alone");
	ok(ends(0, S | A | F, "SHR"), "or of the server");
	ok(ends(0, S | A, "OTH") && ends(A, A, "OTH") && ends(S, A, "OTH") && ends(0, 0, "OTH"),
	   "what has no beginning is something else");
}

static const char *state_of(uint8_t proto, unsigned client, unsigned server)
{
	const struct skua_flow_key key = { .proto = proto };
	const struct log_flow flow = { .client = SKUA_HIGH,
				       .way = { { .packets = server }, { .packets = client } } };

	return history_state(&key, &flow);
}

static void test_others(void)
{
	ok(!strcmp(state_of(SKUA_UDP, 1, 1), "SF") && !strcmp(state_of(SKUA_UDP, 1, 0), "S0") &&
		   !strcmp(state_of(SKUA_UDP, 0, 1), "SHR"),
	   "datagrams are both ways, the client's, or the server's");
	ok(!strcmp(state_of(SKUA_ICMP, 1, 1), "OTH") && !strcmp(state_of(SKUA_SCTP, 1, 0), "OTH"),
	   "what is neither is something else");
}

int main(void)
{
	test_letters();
	test_text();
	test_states();
	test_others();
	return done();
}
