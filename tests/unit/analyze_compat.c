// SPDX-License-Identifier: BSD-2-Clause
/* The recipe's three rules, to the letter: each fires at its number and not one before. */
#include <stdlib.h>
#include <string.h>
#include "analyze/compat.h"
#include "tap.h"

static const struct sink_envelope replay = { .mode = "replay" };

static struct skua_packet packet(const char *src, const char *dst, uint16_t sport, uint16_t dport)
{
	struct skua_packet pkt = { .proto = SKUA_TCP, .sport = sport, .dport = dport };
	struct address address;

	address_parse(&address, src);
	memcpy(pkt.src, address.bytes, 16);
	address_parse(&address, dst);
	memcpy(pkt.dst, address.bytes, 16);
	return pkt;
}

static void send(struct compat *compat, struct skua_packet pkt, uint8_t flags, unsigned times)
{
	pkt.tcp_flags = flags;
	for (unsigned i = 1; i <= times; i++)
		compat_packet(compat, &pkt, i * 1000000000ull);
}

/* A query for a name of so many characters, made of labels of 30 and one that fills up. */
static struct skua_dns_event query(unsigned characters, uint8_t letter)
{
	struct skua_dns_event event = { .head.time_ns = 7000000000ull, .sender = SKUA_HIGH };
	unsigned at = 0;
	struct address client;

	address_parse(&client, "10.9.0.8");
	memcpy(event.head.key.high, client.bytes, 16);
	while (characters) {
		unsigned label = characters > 61 ? 30 : characters > 31 ? 31 : characters;

		event.name[at] = label;
		memset(event.name + at + 1, letter, label);
		at += label + 1;
		characters -= label;
		characters -= characters > 0; /* the dot */
	}
	event.dns.name_length = at + 1;
	return event;
}

static char *json_of(const struct compat *compat)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	compat_write_json(compat, stream, &replay);
	fclose(stream);
	return text;
}

static char *table_of(const struct compat *compat)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	compat_write_table(compat, stream);
	fclose(stream);
	return text;
}

static bool is(char *text, const char *expected)
{
	bool same = !strcmp(text, expected);

	if (!same)
		printf("# got\n%s# want\n%s", text, expected);
	free(text);
	return same;
}

/* What only these packets give. */
static bool gives(struct skua_packet pkt, uint8_t flags, unsigned times, const char *expected)
{
	struct compat compat;
	bool same;

	if (compat_init(&compat, 64))
		return false;
	send(&compat, pkt, flags, times);
	same = is(json_of(&compat), expected);
	compat_fini(&compat);
	return same;
}

static bool asks(struct skua_dns_event event, const char *expected)
{
	struct compat compat;
	bool same;

	if (compat_init(&compat, 64))
		return false;
	compat_dns(&compat, &event);
	same = is(json_of(&compat), expected);
	compat_fini(&compat);
	return same;
}

#define BEGIN(second)                                                                              \
	"{\"timestamp\":\"1970-01-01T00:00:" second ".000000000Z\",\"schema_version\":\"1.0\","    \
	"\"event_type\":\"compat\",\"mode\":\"replay\",\"compat\":"

static void test_scan(void)
{
	struct skua_packet pkt = packet("10.0.0.1", "10.0.0.2", 50000, 80);

	ok(gives(pkt, SKUA_SYN, 20,
		 BEGIN("20") "{\"finding\":\"PORT_SCAN\",\"severity\":\"HIGH\","
			     "\"target\":\"10.0.0.2\",\"count\":20}}\n"),
	   "20 SYN packets to one address are a PORT_SCAN, at the time of the twentieth");
	ok(gives(pkt, SKUA_SYN, 19, ""), "19 are none");
	ok(gives(pkt, SKUA_SYN | SKUA_ACK, 50, ""), "SYN-ACKs do not count");
	ok(gives(pkt, SKUA_SYN | 0x40, 50, ""), "flags must be exactly SYN");
	pkt.proto = SKUA_UDP;
	ok(gives(pkt, SKUA_SYN, 50, ""), "UDP has no SYN");
}

static void test_ports(void)
{
	static const uint16_t all[] = {
		4444, 5555, 6666, 8888, 9999, 1234, 31337, 12345, 6667, 6697
	};
	struct skua_packet pkt = packet("10.0.0.1", "10.0.0.2", 50000, 4444);
	char expected[512];
	unsigned good = 0;

	for (unsigned i = 0; i < 10; i++) {
		struct skua_packet p = packet("10.0.0.1", "10.0.0.2", 50000, all[i]);

		snprintf(expected, sizeof(expected),
			 BEGIN("01") "{\"finding\":\"SUSPICIOUS_PORTS\",\"severity\":\"MEDIUM\","
				     "\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\","
				     "\"port\":%u,\"count\":3}}\n",
			 all[i]);
		good += gives(p, SKUA_ACK, 3, expected);
		p.proto = SKUA_UDP;
		good += gives(p, 0, 3, expected);
		p.sport = all[i];
		p.dport = 443;
		good += gives(p, 0, 3, expected);
	}
	ok(good == 30, "each of the ten ports counts, TCP and UDP, at either end");
	pkt.dport = 4445;
	ok(gives(pkt, SKUA_ACK, 9, ""), "a neighbouring port does not");
	pkt.dport = 4444;
	pkt.fragment = SKUA_LATER_FRAGMENT;
	ok(gives(pkt, 0, 9, ""), "a later fragment has no ports");
}

#define FF10 "\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff"
#define FF9 "\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff\\\\xff"

static void test_dns(void)
{
	struct skua_dns_event event = query(61, 'a');

	ok(asks(event, BEGIN("07") "{\"finding\":\"DNS_EXFILTRATION\",\"severity\":\"HIGH\","
				   "\"source\":\"10.9.0.8\","
				   "\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
				   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"length\":61,\"count\":1}}\n"),
	   "a name of 61 characters is DNS_EXFILTRATION");
	event.dns.response = 1;
	ok(asks(event, ""), "its answer is not");
	ok(asks(query(60, 'a'), ""), "a name of 60 characters is not");
	ok(asks(query(61, 0xff),
		BEGIN("07") "{\"finding\":\"DNS_EXFILTRATION\",\"severity\":\"HIGH\","
			    "\"source\":\"10.9.0.8\",\"name\":\"" FF10 FF10 FF10
			    "\\\\xff." FF10 FF10 FF9 "\",\"name_hex\":"
			    "\"ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
			    "ffffff2effffffffffffffffffffffffffffffffffffffffffffffffffffffffff\","
			    "\"length\":61,\"count\":1}}\n"),
	   "a name of no characters at all is kept");
	memset(event.name, 0xff, sizeof(event.name));
	event.dns.response = 0;
	event.dns.name_length = 255;
	ok(asks(event, ""), "labels that do not fit their name are not read");
}

static void test_order(void)
{
	struct skua_dns_event event = query(70, 'b');
	struct compat compat;

	ok(!compat_init(&compat, 64), "tables can be made");
	send(&compat, packet("10.0.0.1", "10.0.0.3", 50000, 80), SKUA_SYN, 25);
	send(&compat, packet("10.0.0.1", "10.0.0.2", 50000, 80), SKUA_SYN, 25);
	send(&compat, packet("10.0.0.1", "2001:db8::1", 50000, 4444), SKUA_SYN, 1030);
	send(&compat, packet("2001:db8::1", "10.0.0.1", 4444, 50000), SKUA_ACK, 4);
	compat_dns(&compat, &event);
	event = query(65, 'c');
	compat_dns(&compat, &event);
	ok(is(table_of(&compat),
	      "SEVERITY  FINDING           WHO  WHAT\n"
	      "HIGH      PORT_SCAN         2001:db8::1  1,030 SYN packets\n"
	      "HIGH      PORT_SCAN         10.0.0.2  25 SYN packets\n"
	      "HIGH      PORT_SCAN         10.0.0.3  25 SYN packets\n"
	      "HIGH      DNS_EXFILTRATION  10.9.0.8  2 queries for long names, the longest has 70 "
	      "characters: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.bbbbbbb\n"
	      "MEDIUM    SUSPICIOUS_PORTS  10.0.0.1 -> 2001:db8::1  1,034 packets on port 4444\n"),
	   "by rule, falling count and address; both directions are one conversation");
	compat_fini(&compat);
}

static void test_full(void)
{
	struct compat compat;
	char *text;

	compat_init(&compat, 16);
	send(&compat, packet("10.0.0.1", "10.0.0.2", 50000, 80), SKUA_SYN, 30);
	for (unsigned i = 0; i < 100; i++) {
		struct skua_packet pkt = packet("10.0.0.1", "10.1.0.2", 50000, 80);

		((uint8_t *)pkt.dst)[15] = i;
		send(&compat, pkt, SKUA_SYN, 1);
	}
	text = json_of(&compat);
	ok(strstr(text, "\"target\":\"10.0.0.2\",\"count\":30"),
	   "in a flood the scanned one stays");
	ok(strstr(text, "\"event_type\":\"warning\",\"mode\":\"replay\",\"warning\":{\"text\":"
			"\"compat: tables were full, 85 entries gave way and may be missing\"}}\n"),
	   "what gave way is counted and said");
	free(text);
	compat_fini(&compat);
}

int main(void)
{
	test_scan();
	test_ports();
	test_dns();
	test_order();
	test_full();
	return done();
}
