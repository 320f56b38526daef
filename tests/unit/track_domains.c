// SPDX-License-Identifier: BSD-2-Clause
/* What clients ask of domains: counted once, for the right domain, and judged when it grew. */
#include <stdio.h>
#include "track/domains.h"
#include "tap.h"
#include "track_dns_event.h"

#define START_NS (1700000000 * SKUA_SECOND_NS)
#define DAY_NS (86400 * SKUA_SECOND_NS)

static struct domains domains;
static unsigned judged_domains, judged_askers, judged_pools;
static uint16_t next_id;

static void judge(void *arg, const struct subject *subject)
{
	(void)arg;
	judged_askers += subject->kind == SUBJECT_ASKER;
	judged_domains += subject->kind == SUBJECT_DOMAIN && !subject->domain->pooled;
	judged_pools += subject->kind == SUBJECT_DOMAIN && subject->domain->pooled;
}

static void begin(void)
{
	struct domains_options options = { .domains = 64, .askers = 8, .contacts = 8 };

	if (domains.domains.slots)
		domains_fini(&domains);
	domains_init(&domains, &options);
	judged_domains = judged_askers = judged_pools = 0;
	next_id = 0;
}

static void tell(const struct dns_message *message)
{
	struct skua_dns_event event;

	dns_event_from(&event, message);
	if (!event.head.time_ns)
		event.head.time_ns = START_NS;
	domains_message(&domains, &event, judge, NULL);
}

/* A query and its answer. */
static void ask(const char *name, uint16_t type, uint8_t rcode)
{
	struct dns_message message = { .name = name, .type = type, .id = next_id++ };

	tell(&message);
	message.response = true;
	message.rcode = rcode;
	message.answer_bytes = 100;
	tell(&message);
}

static const struct domain *find(const char *name)
{
	struct address client;

	address_parse(&client, "10.0.0.5");
	return domains_find(&domains, &client, name);
}

static const struct domain *find_pool(void)
{
	const struct domain *domain = NULL;

	while ((domain = table_next(&domains.domains, domain)))
		if (domain->pooled)
			return domain;
	return NULL;
}

static void test_counts(void)
{
	const struct domain *domain;

	begin();
	ask("a1.example.com", 16, 0);
	ask("b2.EXAMPLE.com", 16, 0);
	ask("c3.x.example.com", 1, 3);
	ask("www.example.org", 1, 0);
	domain = find("example.com");
	ok(domain && domain->queries == 3 && domain->responses == 3, "queries of one domain");
	ok(domain->nxdomain == 1, "names that do not exist are counted");
	ok(information_distinct(&domain->information) == 3, "three distinct names");
	ok(domain->odd_types == 2 && domain->answer_bytes == 200,
	   "types that carry data, and what answered them");
	ok(domain->top_type == 16, "the type of most queries");
	ok(domain_odd_share(domain) > 0.66 && domain_odd_share(domain) < 0.67, "their share");
	ok(domain_distinct_share(domain) > 0.99, "each query brought a new name");
	ok(find("example.org") && find("example.org")->queries == 1, "domains are apart");
	ok(!find("example.net"), "a domain nobody asked for is not there");
	tell(&(struct dns_message){ .client = "10.0.0.6", .name = "a.example.com" });
	ok(find("example.com")->queries == 3, "clients are apart");
}

static void test_repeats(void)
{
	struct dns_message message = { .name = "a.example.com", .id = 7 };

	begin();
	tell(&message);
	tell(&message);
	ok(find("example.com")->queries == 1, "a retransmitted query counts once");
	message.response = true;
	message.rcode = 3;
	tell(&message);
	tell(&message);
	ok(find("example.com")->responses == 1 && find("example.com")->nxdomain == 1,
	   "a repeated response counts once");
	message = (struct dns_message){ .name = "a.example.com", .id = 8 };
	tell(&message);
	ok(find("example.com")->queries == 2, "the same name under another id is another query");
	ok(information_distinct(&find("example.com")->information) == 1, "but no new name");
}

static void test_late_answers(void)
{
	char name[64];

	begin();
	for (int i = 0; i < 40; i++) {
		struct dns_message message = { .name = name, .id = i % 20, .response = i >= 20 };

		snprintf(name, sizeof(name), "n%d.example.com", i % 20);
		tell(&message);
	}
	ok(find("example.com")->queries == 20 && find("example.com")->responses == 20,
	   "answers that come after many other queries are no queries");
}

static void test_one_direction(void)
{
	char name[64];

	begin();
	for (int i = 0; i < 20; i++) {
		struct dns_message message = { .name = name, .id = i, .response = true };

		snprintf(name, sizeof(name), "n%d.example.com", i);
		tell(&message);
		tell(&message);
	}
	ok(find("example.com")->queries == 20 && find("example.com")->responses == 20,
	   "where only responses are captured, their questions count, once");
	ok(information_distinct(&find("example.com")->information) >= 19, "and bring new names");
}

static void test_mixed_case(void)
{
	begin();
	ask("abcdefgh.ExAmPlE.com", 1, 0);
	ask("aBcDeFgH.eXaMpLe.com", 1, 0);
	ok(information_distinct(&find("example.com")->information) == 1,
	   "where the domain's case is mixed, case says nothing");
	begin();
	ask("abcdefgh.example.com", 1, 0);
	ask("aBcDeFgH.example.com", 1, 0);
	ok(information_distinct(&find("example.com")->information) == 2,
	   "where it is not, case carries data");
}

static void test_pool(void)
{
	char name[128];

	begin();
	for (unsigned i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "dnscat.%08x%08x.%08x%08x", i * 77777777, i * 31337,
			 i * 99999999, i * 7654321);
		ask(name, 16, 0);
	}
	ok(find_pool() && find_pool()->queries == 40 && find_pool()->responses == 40,
	   "names that share no domain are pooled");
	ok(judged_pools > 0 && !judged_domains, "and judged as one");
	begin();
	for (unsigned i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "%08x%08x.tunnel.sea", i * 77777777, i * 99999999);
		ask(name, 16, 0);
	}
	ok(find("tunnel.sea")->queries == 40, "an unknown suffix can hold a domain");
	ok(find_pool()->queries == 1, "of which only the first name is pooled");
	begin();
	ask("www.example.com", 1, 0);
	ok(!find_pool(), "a registered domain is not pooled");
	ask("printer.local", 1, 0);
	ok(!find_pool(), "nor is a name that a site gave itself");
	ask("localhost", 1, 0);
	ok(find_pool() && find_pool()->queries == 1, "a single label is");
}

static void test_judging(void)
{
	char name[64];

	begin();
	for (unsigned i = 0; i < 15; i++)
		ask("www.example.com", 1, 0);
	domains_finish(&domains, START_NS, judge, NULL);
	ok(!judged_domains, "a domain without information is not judged");
	for (unsigned i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "%08x%08x.example.com", i * 77777777, i * 99999999);
		ask(name, 1, 0);
	}
	ok(judged_domains >= 5 && judged_domains <= 20, "judged at each growth, not each query");
	judged_domains = 0;
	ask("www.example.com", 1, 0);
	ok(!judged_domains, "a known name is no reason to judge again");
	domains_finish(&domains, START_NS, judge, NULL);
	ok(judged_domains == 1, "at the end it is judged once more");
}

static void test_days(void)
{
	begin();
	for (int i = 0; i < 8; i++)
		ask("www.example.com", 1, 0);
	tell(&(struct dns_message){
		.name = "www.example.com", .id = 99, .time_ns = START_NS + DAY_NS });
	ok(find("example.com")->queries == 5, "after a day counts halve");
	tell(&(struct dns_message){
		.name = "www.example.com", .id = 98, .time_ns = START_NS + 5000 * DAY_NS });
	ok(find("example.com")->queries == 1, "after years nothing is left");
	tell(&(struct dns_message){
		.name = "www.example.com", .id = 97, .time_ns = START_NS + 5000 * DAY_NS + 1 });
	ok(find("example.com")->queries == 2, "and a new day has begun");
	tell(&(struct dns_message){
		.name = "www.example.com", .id = 96, .time_ns = START_NS - SKUA_SECOND_NS });
	ok(find("example.com")->last_ns >= find("example.com")->first_ns,
	   "a clock that steps back makes no span of 584 years");
}

static void test_contacts(void)
{
	struct fact_name fact = { .name = "www.example.com", .address_count = 1 };
	struct address server, other;

	address_parse(&fact.client, "10.0.0.5");
	address_parse(&server, "192.0.2.1");
	address_parse(&other, "192.0.2.2");
	fact.addresses[0] = server;
	begin();
	ask("www.example.com", 1, 0);
	domains_contact(&domains, &other, START_NS);
	domains_answer(&domains, &fact);
	domains_finish(&domains, START_NS, judge, NULL);
	ok(!find("example.com")->contacted, "going elsewhere does not count");
	domains_contact(&domains, &server, START_NS);
	domains_answer(&domains, &fact);
	ok(find("example.com")->contacted, "somebody went to the address that was answered");
	begin();
	ask("www.example.com", 1, 0);
	domains_answer(&domains, &fact);
	domains_contact(&domains, &server, START_NS);
	fact.address_count = 9;
	for (int i = 0; i < 9; i++)
		fact.addresses[i] = other;
	domains_answer(&domains, &fact);
	ok(find("example.com")->contacted, "even when the address has been overwritten since");
	address_parse(&fact.client, "10.0.0.77");
	domains_answer(&domains, &fact);
	ok(domains.domains.used == 1, "an answer to nobody's query makes no domain");
}

static void fail(unsigned from, unsigned to, uint64_t time_ns)
{
	char name[64];

	for (unsigned i = from; i < to; i++) {
		struct dns_message message = { .name = name, .id = i, .time_ns = time_ns };

		snprintf(name, sizeof(name), "www.generated%u.com", i);
		tell(&message);
		message.response = true;
		message.rcode = 3;
		tell(&message);
	}
}

static uint32_t failures(uint64_t now_ns)
{
	const struct asker *asker = table_next(&domains.askers.table, NULL);

	return asker ? asker_count(asker, now_ns) : 0;
}

static void test_askers(void)
{
	const uint64_t hour_ns = 3600 * SKUA_SECOND_NS;

	begin();
	fail(0, 30, START_NS);
	fail(0, 30, START_NS);
	ok(failures(START_NS) == 30, "domains that do not exist count once");
	ok(judged_askers >= 1, "an asker of many is judged");
	ok(failures(START_NS + hour_ns) == 0, "after an hour they are forgotten");
	fail(30, 200, START_NS + 1);
	ok(failures(START_NS + 1) == ASKER_DOMAINS, "beyond the capacity the count stays");
	begin();
	for (int i = 0; i < 40; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%d.2.0.%d.zen.spamhaus.org", i, i);
		ask(name, 1, 3);
		snprintf(name, sizeof(name), "%d.2.0.192.in-addr.arpa", i);
		ask(name, 12, 3);
		snprintf(name, sizeof(name), "www.example%d.com.corp%d", i, i);
		ask(name, 1, 3);
		snprintf(name, sizeof(name), "www.exists%d.com", i);
		ask(name, 1, 0);
	}
	ok(failures(START_NS) == 2 && !judged_askers,
	   "blocklists, reverse zones, search lists and names that exist are no generator");
}

static void test_full(void)
{
	char name[64];

	begin();
	ask("a.busy.com", 1, 0);
	ask("b.busy.com", 1, 0);
	ask("c.busy.com", 1, 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "www.once%d.com", i);
		ask(name, 1, 0);
	}
	ok(domains.domains.used == 64 && domains.domains.evictions > 0, "the table stays bounded");
	ok(find("busy.com"), "domains with one name go first");
	tell(&(struct dns_message){ .name = "" });
	ok(domains.nameless == 1, "messages about the root are counted apart");
}

int main(void)
{
	test_counts();
	test_repeats();
	test_late_answers();
	test_one_direction();
	test_mixed_case();
	test_pool();
	test_judging();
	test_days();
	test_contacts();
	test_askers();
	test_full();
	domains_fini(&domains);
	return done();
}
