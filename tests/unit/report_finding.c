// SPDX-License-Identifier: BSD-2-Clause
/* The same finding keeps its id; another one has another. */
#include "base/time_text.h"
#include "report/attack.h"
#include "report_samples.h"
#include "tap.h"

/* Do both have the same id? */
static bool same(struct finding a, struct finding b)
{
	finding_set_id(&a);
	finding_set_id(&b);
	return !strcmp(a.id, b.id);
}

static void test_same(void)
{
	struct finding a = sample_beacon(), b = a;

	finding_set_id(&b);
	ok(strlen(b.id) == 32 && strspn(b.id, "0123456789abcdef") == 32,
	   "an id is 32 hexadecimal digits");
	ok(!strcmp(b.id, "62bb636050fe164dc9e09bd91f01638d"),
	   "the layout of what is hashed has not changed");
	b.state = FINDING_CLOSED;
	b.score = 0.1;
	b.score_raw = 0.2;
	b.count = 1;
	b.sport = 999;
	b.at_end = true;
	b.reason[0] = '\0';
	b.beacon.exchanges = 7;
	b.last_ns++;
	b.trigger_ns = SAMPLE_NS / TIME_DAY_NS * TIME_DAY_NS;
	ok(same(a, b), "state, score, numbers and the time of day do not matter");
}

static void test_beacon(void)
{
	struct finding a = sample_beacon(), b = a;

	b.trigger_ns += TIME_DAY_NS;
	ok(!same(a, b), "another day is another finding");
	b = a;
	b.src.bytes[15]++;
	ok(!same(a, b), "another client is another finding");
	b = a;
	b.dst.bytes[15]++;
	ok(!same(a, b), "another server is another beacon");
	b = a;
	b.dport++;
	ok(!same(a, b), "another port is another beacon");
	b = a;
	b.proto = 17;
	ok(!same(a, b), "another protocol is another beacon");
	strcpy(a.entity, "c2.example.net");
	b = a;
	b.dst.bytes[15]++;
	ok(same(a, b), "a beacon that follows a name may change its address");
	strcpy(b.entity, "c3.example.net");
	ok(!same(a, b), "another name is another beacon");
	ok(!same(a, sample_beacon()), "a name and an address are told apart");
}

static void test_scan(void)
{
	struct finding a = sample_scan(), b = a;

	b.dport = 22;
	b.scan.technique = SCAN_FIN;
	b.has_dst = true;
	b.dst.bytes[3] = 1;
	ok(same(a, b), "a scanner of TCP is one finding whatever it scans");
	b.proto = 17;
	ok(!same(a, b), "scanning UDP is another");
	a.proto = b.proto = 58;
	a.scan.technique = SCAN_NS;
	b.scan.technique = SCAN_ICMP;
	ok(!same(a, b), "neighbour solicitations and echo requests are told apart");
	a.proto = 0;
	a.scan.technique = SCAN_ARP;
	ok(!same(a, b), "ARP has a class of its own");
}

static void test_others(void)
{
	struct finding a = sample_dns(FINDING_DNS_EXFIL), b = a;

	b.dst.bytes[15]++;
	b.dport++;
	ok(same(a, b), "a tunnel through several resolvers is one finding");
	ok(!same(sample_dns(FINDING_DNS_EXFIL), sample_dns(FINDING_DNS_DGA)),
	   "another kind is another finding");
	strcpy(b.entity, "evil.example.");
	ok(!same(sample_dns(FINDING_DNS_EXFIL), b), "another domain is another finding");
	a = b = sample_exfil();
	b.dport = 443;
	ok(same(a, b), "uploads to one destination are one finding");
	b.dst.bytes[15]++;
	ok(!same(a, b), "uploads to another are another");
	a = b = sample_port();
	b.sport++;
	ok(same(a, b), "a suspicious port has any number of client ports");
	b.dport++;
	ok(!same(a, b), "each suspicious port is its own finding");
}

static void test_trigger(void)
{
	struct finding a = sample_trigger(), b = a;

	b.dst.bytes[15]++;
	b.sport++;
	strcpy(b.trigger.source, "elsewhere:9");
	strcpy(b.trigger.label, "another's");
	strcpy(b.trigger.seen, "c3.example.net");
	ok(same(a, b), "a name on a list is one finding, whatever its addresses and the list");
	b.dport = 53;
	ok(!same(a, b), "who asks for it is another than who goes there");
	b = a;
	strcpy(b.trigger.indicator, "example.net");
	ok(!same(a, b), "another indicator is another finding");
	a.trigger.matched = b.trigger.matched = TRIGGER_NETWORK;
	b = a;
	b.dst.bytes[15]++;
	b.dport++;
	ok(same(a, b), "so is a network, whatever address of it, whatever port");
	b.src.bytes[15]++;
	ok(!same(a, b), "another of ours who met it is another finding");
	a.trigger.matched = TRIGGER_FILTER;
	b = a;
	b.dst.bytes[15]++;
	ok(!same(a, b), "what a filter matched is a finding for each conversation");
}

static void test_severity(void)
{
	struct finding f = sample_beacon();

	f.score = 0.75;
	ok(finding_severity(&f) == 1, "0.75 is high");
	f.score = 0.7499;
	ok(finding_severity(&f) == 2, "just below is medium");
	f.score = 0.4999;
	ok(finding_severity(&f) == 3, "below the threshold is low");
	f.score = 0.2499;
	ok(finding_severity(&f) == 4, "what context dismissed is information");
	ok(finding_severity_of(0.75) == 1 && finding_severity_of(0.2499) == 4,
	   "a score alone has the severity of its finding");
	ok(!strcmp(finding_severity_word(1), "high") &&
		   !strcmp(finding_severity_word(2), "medium") &&
		   !strcmp(finding_severity_word(3), "low") &&
		   !strcmp(finding_severity_word(4), "info"),
	   "each severity has its word");
	ok(!*finding_severity_word(0) && !*finding_severity_word(5) && !*finding_severity_word(-1),
	   "and what is none has none");
}

static bool attacked(const struct finding *f, const char *expected)
{
	struct attack attack[ATTACK_MAX];
	unsigned count = attack_map(f, attack);
	char text[64] = "";

	for (unsigned i = 0; i < count; i++) {
		strcat(text, attack[i].technique);
		strcat(text, "/");
		strcat(text, attack[i].tactic);
		strcat(text, i + 1 < count ? " " : "");
	}
	if (strcmp(text, expected))
		printf("# got  %s\n# want %s\n", text, expected);
	return !strcmp(text, expected);
}

static void test_attack(void)
{
	struct finding f = sample_beacon();

	ok(attacked(&f, "T1071.001/TA0011"), "a beacon over HTTPS is a web protocol");
	f.dport = 4443;
	ok(attacked(&f, "T1071.001/TA0011 T1571/TA0011"), "TLS on an odd port is both");
	f.beacon.ja4[0] = '\0';
	ok(attacked(&f, "T1571/TA0011"), "an odd port alone is an odd port");
	f.dport = 53;
	ok(attacked(&f, "T1071.004/TA0011"), "a beacon over DNS is DNS");
	f.dport = 0;
	f.proto = 1;
	ok(attacked(&f, "T1095/TA0011"), "a beacon over ICMP is no application protocol");
	f = sample_beacon();
	f.dport = f.proto = 0;
	f.has_dst = false;
	f.beacon.ja4[0] = '\0';
	strcpy(f.entity, "c2.example.net");
	ok(attacked(&f, "T1071.001/TA0011"),
	   "a beacon that follows an SNI or Host is a web protocol");
	f = sample_scan();
	ok(attacked(&f, "T1046/TA0007"), "a scan from inside is discovery");
	f.scan.direction = SCAN_INBOUND;
	ok(attacked(&f, "T1595.001/TA0043"), "a scan from outside is reconnaissance");
	f = sample_exfil();
	ok(attacked(&f, "T1041/TA0010 T1572/TA0011"), "an ICMP tunnel is exfiltration and tunnel");
	f.exfil.channel = EXFIL_SLOW;
	ok(attacked(&f, "T1041/TA0010"), "an upload is no tunnel");
	f = sample_dns(FINDING_DNS_EXFIL);
	ok(attacked(&f, "T1048.003/TA0010 T1572/TA0011"), "a DNS tunnel is its own channel");
	f = sample_dns(FINDING_DNS_DGA);
	ok(attacked(&f, "T1568.002/TA0011"), "generated names have their own technique");
	f = sample_trigger();
	ok(attacked(&f, ""), "a trigger says nothing of techniques");
}

int main(void)
{
	test_same();
	test_beacon();
	test_scan();
	test_others();
	test_trigger();
	test_severity();
	test_attack();
	return done();
}
