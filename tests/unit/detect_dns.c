// SPDX-License-Identifier: BSD-2-Clause
/* DNS detectors: shapes of tunnels and generators fire, their harmless twins do not. */
#include <stdio.h>
#include <string.h>
#include "detect/detect.h"
#include "track/domains.h"
#include "tap.h"
#include "track_dns_event.h"

#define START_NS (1700000000 * SKUA_SECOND_NS)
#define HEX "0123456789abcdef"
#define BASE32 "abcdefghijklmnopqrstuvwxyz012345"

static const struct detect_limits limits = DETECT_LIMITS_DEFAULT;
static struct domains domains;
static struct finding finding;
static bool found;
static uint64_t first_queries; /* when it was found first */
static uint64_t state;

static void judge(void *arg, const struct subject *subject)
{
	struct finding out;
	bool is_domain = subject->kind == SUBJECT_DOMAIN;

	(void)arg;
	memset(&out, 0, sizeof(out));
	if (!(is_domain ? dns_exfil_detector : dns_dga_detector).judge(subject, &limits, &out))
		return;
	if (!found)
		first_queries = is_domain ? subject->domain->queries : out.count;
	found = true;
	finding = out;
}

static void begin(void)
{
	struct domains_options options = { .domains = 1024, .askers = 8, .contacts = 8 };

	if (domains.domains.slots)
		domains_fini(&domains);
	domains_init(&domains, &options);
	memset(&finding, 0, sizeof(finding));
	found = false;
	first_queries = 0;
	state = 1;
}

static unsigned below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (state >> 33) % n;
}

static char *text(char *to, const char *alphabet, unsigned length)
{
	unsigned size = strlen(alphabet);

	for (unsigned i = 0; i < length; i++)
		*to++ = alphabet[below(size)];
	*to = '\0';
	return to;
}

static void ask(const char *name, uint16_t type, uint8_t rcode)
{
	struct dns_message message = {
		.name = name, .type = type, .id = below(65536), .time_ns = START_NS
	};
	struct skua_dns_event event;

	dns_event_from(&event, &message);
	domains_message(&domains, &event, judge, NULL);
	message.response = true;
	message.rcode = rcode;
	message.answer_bytes = 200;
	dns_event_from(&event, &message);
	domains_message(&domains, &event, judge, NULL);
}

static void end(void)
{
	domains_finish(&domains, START_NS + SKUA_SECOND_NS, judge, NULL);
}

/* Somebody went to an address of this name. */
static void visit(const char *name)
{
	struct fact_name fact = { .address_count = 1 };

	snprintf(fact.name, sizeof(fact.name), "%s", name);
	address_parse(&fact.client, "10.0.0.5");
	address_parse(&fact.addresses[0], "192.0.2.1");
	domains_contact(&domains, &fact.addresses[0], START_NS);
	domains_answer(&domains, &fact);
}

/* Like iodine: two labels of base32. */
static void tunnel(unsigned count, uint16_t type)
{
	char name[256], *at;

	for (unsigned i = 0; i < count; i++) {
		at = text(name, BASE32, 60);
		*at++ = '.';
		at = text(at, BASE32, 40);
		strcpy(at, ".t.example.com");
		ask(name, type, 0);
	}
	end();
}

static void test_tunnel(void)
{
	begin();
	tunnel(60, 10);
	ok(found && finding.kind == FINDING_DNS_EXFIL, "a tunnel of 60 queries is found");
	ok(first_queries <= 30, "and has been before the thirtieth");
	ok(finding.score_raw > 0.99, "it carries more than 4 kB: the score is 1");
	ok(!strcmp(finding.entity, "example.com") && finding.has_dst && finding.dport == 53,
	   "the entity is the registered domain");
	ok(finding.dns.queries == 60 && finding.dns.top_type == 10 &&
		   finding.dns.odd_type_share > 0.99 && finding.dns.answer_bytes == 60 * 200,
	   "with the numbers behind it");
	ok(finding.dns.mean_subname > 101 && finding.dns.mean_subname < 104,
	   "102 characters a name");
	ok(strstr(finding.reason, "distinct names") && strstr(finding.reason, "NULL"),
	   "the reason says so");
	ok(strlen(finding.dns.sample) == 127 || strstr(finding.dns.sample, ".example.com"),
	   "a sample of the names is given");
	begin();
	tunnel(5, 10);
	ok(!found, "five queries are not enough");
}

/* 2 kB of information: two thirds without any sign. */
static bool judge_signs(const struct domain *domain, double expected)
{
	struct subject subject = { .kind = SUBJECT_DOMAIN, .domain = domain };
	struct finding out;

	memset(&out, 0, sizeof(out));
	return dns_exfil_detector.judge(&subject, &limits, &out) &&
	       out.score_raw > expected - 0.001 && out.score_raw < expected + 0.001;
}

static void test_signs(void)
{
	const struct domain quiet = { .contacted = true,
				      .queries = 1000,
				      .measured = 1000,
				      .responses = 1000,
				      .information = { .bits_q8 = 2048 * 8 * 256,
						       .distinct_q8 = 200 * 256,
						       .characters_q8 = 2000 * 256 } };
	struct domain domain = quiet;

	ok(!judge_signs(&domain, 0.667), "2 kB in names without any sign are silent");
	domain.contacted = false;
	ok(judge_signs(&domain, 0.767), "nobody went to an answered address");
	domain = quiet;
	domain.odd_types = 500;
	ok(judge_signs(&domain, 0.767), "half of the queries ask for data");
	domain = quiet;
	domain.nxdomain = 500;
	ok(judge_signs(&domain, 0.767), "half of the names do not exist");
	domain = quiet;
	domain.measured = 222;
	ok(judge_signs(&domain, 0.767), "nine queries in ten bring a new name");
	domain = quiet;
	domain.information.characters_q8 = 8000 * 256;
	ok(judge_signs(&domain, 0.767), "names have 40 characters");
	domain.nxdomain = 499;
	domain.odd_types = 499;
	domain.measured = 223;
	ok(judge_signs(&domain, 0.767), "what is just below is no sign");
}

static void test_quiet_tunnel(void)
{
	char name[128];

	begin();
	for (int i = 0; i < 130; i++) {
		text(name, HEX, 20);
		strcat(name, ".c.example.com");
		ask(name, 16, 0);
	}
	end();
	ok(found && finding.score_raw < 0.95, "short names over TXT need all signs");
	for (int i = 0; i < 3000; i++) {
		text(name, HEX, 20);
		strcat(name, ".c.example.com");
		ask(name, 16, 0);
	}
	end();
	ok(finding.dns.information_bytes >= 10 * finding.dns.distinct,
	   "a long tunnel fills the sketches, but keeps its bytes a name");
	ok(finding.dns.distinct_share > 0.9, "and its part of queries that bring a new name");
	ok(strstr(finding.reason, "more than"), "and the reason says that it is more");
	begin();
	for (int i = 0; i < 130; i++) {
		text(name, HEX, 20);
		strcat(name, ".c.example.com");
		ask(name, 1, 0);
		ask(name, 28, 0);
		visit(name);
	}
	end();
	ok(!found, "the same names as addresses that are visited are a content network");
}

static void test_harmless(void)
{
	char name[128];

	begin();
	for (int i = 0; i < 300; i++) {
		/* One after the other: compilers differ in the order of arguments. */
		unsigned shard = below(60), replica = below(8);

		snprintf(name, sizeof(name), "r%u---sn-%u.cdn.example.com", replica, shard);
		ask(name, 1, 0);
	}
	end();
	ok(!found, "shards that come back are no tunnel");
	begin();
	for (int i = 0; i < 5000; i++)
		ask("a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0.long.example.com", 16, 3);
	end();
	ok(!found, "one long name asked for five thousand times is no tunnel");
	begin();
	for (int i = 0; i < 183; i++) {
		snprintf(name, sizeof(name), "%u.%u.%u.%u.in-addr.arpa", below(256), below(256),
			 below(256), below(256));
		ask(name, 12, 0);
	}
	end();
	ok(!found, "183 reverse look-ups are no tunnel");
}

static void test_short_names(void)
{
	char name[128];

	begin();
	for (int i = 0; i < 1200; i++) {
		snprintf(name, sizeof(name), "test%d.example.com", i);
		ask(name, 1, 0);
	}
	end();
	ok(found && finding.dns.information_bytes < 8 * finding.dns.distinct,
	   "an enumeration is told from a tunnel by its few bytes a name");
	begin();
	tunnel(200, 1);
	ok(found && finding.dns.information_bytes >= 8 * finding.dns.distinct,
	   "of which a tunnel has more");
}

static void test_pool(void)
{
	char name[256], *at;

	begin();
	for (int i = 0; i < 60; i++) {
		strcpy(name, "dnscat.");
		at = text(name + 7, HEX, 60);
		*at++ = '.';
		text(at, HEX, 32);
		ask(name, 5, 0);
	}
	end();
	ok(found && finding.dns.pooled && !strcmp(finding.entity, "10.0.0.53"),
	   "a tunnel without a domain is found by its resolver");
}

static void generate(unsigned count, bool exists)
{
	char name[64];

	for (unsigned i = 0; i < count; i++) {
		text(name, "abcdefghijklmnopqrstuvwxyz", 12);
		strcat(name, i % 2 ? ".com" : ".net");
		ask(name, 1, exists ? 0 : 3);
	}
}

static void test_dga(void)
{
	begin();
	generate(29, false);
	ok(!found, "29 domains that do not exist are not enough");
	generate(1, false);
	ok(found && finding.kind == FINDING_DNS_DGA && finding.count == 30, "30 are a generator");
	ok(finding.score_raw > 0.499 && finding.score_raw < 0.501, "their score is 0.5");
	generate(70, false);
	ok(finding.score_raw > 0.99 && finding.score_raw <= 1, "100 have a score of 1");
	begin();
	generate(200, true);
	ok(!found, "200 domains that exist are browsing");
}

int main(void)
{
	test_tunnel();
	test_signs();
	test_quiet_tunnel();
	test_harmless();
	test_short_names();
	test_pool();
	test_dga();
	domains_fini(&domains);
	return done();
}
