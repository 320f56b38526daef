// SPDX-License-Identifier: BSD-2-Clause
/* Pairs by name and by domain, and which of two pairs a finding is reported under. */
#include "exchanges.h"
#include "tap.h"

static void ask(struct pairs *pairs, const char *label, uint16_t type, uint64_t now_ns)
{
	struct skua_flow_key key = key_of("10.0.0.5", "10.0.0.53", 40000, 53, SKUA_UDP);
	struct skua_dns_event event = { .sender = SKUA_LOW, .length = 60 };

	skua_event_init(&event.head, SKUA_EVENT_DNS, &key, 1, now_ns);
	event.dns.type = type;
	event.name[0] = strlen(label);
	memcpy(event.name + 1, label, strlen(label));
	event.dns.name_length = strlen(label) + 2;
	pairs_dns(pairs, &event, "evil.example", true);
}

static void test_names(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *named;
	struct skua_flow_key a = web(40000);
	struct skua_flow_key b = key_of("10.0.0.5", "198.51.100.7", 40001, 443, SKUA_TCP);

	pairs_init(&pairs, 64, note, &judged);
	open_exchange(&pairs, &a, START, START);
	hello(&pairs, &a, "c2.example", START + 30 * MS);
	end_flow(&pairs, &a, START, START, 100, SKUA_FLOW_END);
	open_exchange(&pairs, &b, START + 60 * SECOND, START + 60 * SECOND);
	hello(&pairs, &b, "c2.example", START + 60 * SECOND + 90 * MS);
	named = find_name(&pairs, "c2.example", PAIR_NAME);
	ok(named && named->exchanges == 2, "two servers of one name are one pair by name");
	ok(named->gaps[gap_bin(60 * SECOND)] == 1 && named->last_ns == START + 60 * SECOND,
	   "whose exchanges begin when those of the servers do");
	ok(sizes_counted(named) == 1, "and whose sizes come from both");
	hello(&pairs, &b, "c2.example", START + 61 * SECOND);
	ok(named->exchanges == 2, "a second hello of a conversation is no exchange");
	next_exchange(&pairs, &b, START + 60 * SECOND, START + 120 * SECOND, START + 60 * SECOND,
		      100, 0);
	ok(named->exchanges == 3, "later exchanges of the conversation are");
	end_flow(&pairs, &b, START + 60 * SECOND, START + 120 * SECOND, 100, SKUA_FLOW_END);
	open_exchange(&pairs, &b, START + 180 * SECOND, START + 180 * SECOND);
	ok(named->exchanges == 3, "a new conversation of the same ports is not named yet");
	hello(&pairs, &b, "c2.example", START + 180 * SECOND);
	b.low_port = 40002;
	open_exchange(&pairs, &b, START + 240 * SECOND, START + 240 * SECOND);
	hello(&pairs, &b, "c2.example", START + 240 * SECOND);
	ok(named->exchanges == 5, "until it says hello");
	open_exchange(&pairs, &b, START + 300 * SECOND, START + 300 * SECOND);
	ok(named->exchanges == 5, "also when nobody saw the end of the one before");
	pairs_fini(&pairs);
}

static void test_reported(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	struct skua_flow_key key = web(40000), other;
	struct pair_key as;

	pairs_init(&pairs, 64, note, &judged);
	open_exchange(&pairs, &key, START, START);
	hello(&pairs, &key, "c2.example", START);
	pairs_reported(&pairs, find(&pairs, &key), &as);
	ok(as.kind == PAIR_SERVER && as.port == 443, "the pair that fires first gives the key");
	pairs_reported(&pairs, find_name(&pairs, "c2.example", PAIR_NAME), &as);
	ok(as.kind == PAIR_SERVER && as.port == 443, "the other is reported under it");
	other = key_of("10.0.0.5", "203.0.113.9", 40001, 8443, SKUA_TCP);
	open_exchange(&pairs, &other, START, START);
	pairs_reported(&pairs, find(&pairs, &other), &as);
	ok(as.port == 8443, "a pair without a name is its own");
	hello(&pairs, &other, "late.example", START);
	pairs_reported(&pairs, find_name(&pairs, "late.example", PAIR_NAME), &as);
	ok(as.kind == PAIR_SERVER && as.port == 8443,
	   "a name that is told after its server was reported goes under that, too");
	pairs_fini(&pairs);

	pairs_init(&pairs, 64, note, &judged);
	open_exchange(&pairs, &key, START, START);
	hello(&pairs, &key, "c2.example", START);
	pairs_reported(&pairs, find_name(&pairs, "c2.example", PAIR_NAME), &as);
	ok(as.kind == PAIR_NAME, "when the name fires first it gives the key");
	pairs_reported(&pairs, find(&pairs, &key), &as);
	ok(as.kind == PAIR_NAME && as.name_hash == name_hash("c2.example"),
	   "and its server is reported under it");
	pairs_fini(&pairs);
}

static void test_domains(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;
	struct skua_flow_key key = key_of("10.0.0.5", "10.0.0.53", 40000, 53, SKUA_UDP);
	char label[16];

	pairs_init(&pairs, 64, note, &judged);
	for (int i = 0; i < 10; i++) {
		open_exchange(&pairs, &key, START + i * SECOND, START + i * SECOND);
		snprintf(label, sizeof(label), "%s%d", i % 2 ? "A" : "a", i / 2);
		ask(&pairs, label, i < 3 ? 16 : 1, START + i * SECOND);
	}
	pair = find_name(&pairs, "evil.example", PAIR_DOMAIN);
	ok(pair && pair->exchanges == 10 && sizes_counted(pair) == 10,
	   "lookups below a domain are exchanges of one pair");
	ok(pair->names.asked == 10 && pair->names.fresh == 5,
	   "names that differ in case only are not new");
	ok(pair->names.odd == 3, "types that carry data are counted");
	ok(judged.calls == 6 && judged.last.kind == PAIR_DOMAIN,
	   "the resolver is no pair to be judged");
	for (int i = 0; i < 20000; i++) {
		snprintf(label, sizeof(label), "x%d", i);
		ask(&pairs, label, 1, START + i * SECOND);
	}
	ok(pair->names.fresh > pair->names.asked / 2,
	   "however many new names come, most are still known to be new");
	pairs_fini(&pairs);
}

static void test_pings(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;
	struct skua_flow_key key = key_of("10.0.0.5", "203.0.113.9", 7, 7, SKUA_ICMP);
	struct skua_icmp_event event = { .sender = SKUA_LOW, .id = 7, .hash = 1 };

	pairs_init(&pairs, 64, note, &judged);
	open_exchange(&pairs, &key, START, START);
	skua_event_init(&event.head, SKUA_EVENT_ICMP, &key, 1, START);
	pairs_icmp(&pairs, &event);
	event.reply = 1;
	event.sender = SKUA_HIGH;
	pairs_icmp(&pairs, &event);
	pair = find(&pairs, &key);
	ok(pair->echo.alike == 1 && !pair->echo.unlike, "a reply that equals its request is alike");
	event.hash = 2;
	pairs_icmp(&pairs, &event);
	ok(pair->echo.unlike == 1, "one that does not is unlike");
	event.seq = 9;
	pairs_icmp(&pairs, &event);
	ok(pair->echo.alike == 1 && pair->echo.unlike == 1, "one to another request is neither");
	ok(pair->key.port == 0, "the identifier of a ping is no port");
	pairs_fini(&pairs);
}

/* A mirror of both ports of a switch shows each packet twice. */
static void test_twice(void)
{
	struct judged judged = { 0 };
	struct pairs pairs;
	const struct pair *pair;

	pairs_init(&pairs, 64, note, &judged);
	for (int i = 0; i < 10; i++) {
		uint64_t now_ns = START + i * SECOND;

		ask(&pairs, "a", 1, now_ns);
		ask(&pairs, "a", 28, now_ns + 5000);
		ask(&pairs, "a", 1, now_ns + 20000);
		ask(&pairs, "a", 28, now_ns + 25000);
	}
	pair = find_name(&pairs, "evil.example", PAIR_DOMAIN);
	ok(pair && pair->exchanges == 10 && pair->merged == 10 && pair->names.asked == 20,
	   "a question that is seen twice was asked once, A and AAAA side by side");
	ask(&pairs, "a", 1, START + 9 * SECOND + 300000000);
	ok(pair->names.asked == 21, "asked again a third of a second later it was asked twice");
	pairs_fini(&pairs);
}

int main(void)
{
	test_names();
	test_reported();
	test_domains();
	test_pings();
	test_twice();
	return done();
}
