// SPDX-License-Identifier: BSD-2-Clause
/* Rules of suppression: what is one, what it matches, when it ends. */
#include <string.h>
#include "report/suppression.h"
#include "tap.h"

#define SECOND 1000000000ull

static const char *parse(struct suppression *rule, const char *text)
{
	char line[SUPPRESSION_LINE];

	snprintf(line, sizeof(line), "%s", text);
	return suppression_parse(rule, line);
}

static bool refused(const char *text)
{
	struct suppression rule = { .port = 7 };

	return parse(&rule, text) && rule.port == 7;
}

static struct finding upload(void)
{
	struct finding finding = { .kind = FINDING_EXFIL, .has_dst = true, .dport = 443 };

	address_parse(&finding.src, "10.9.0.20");
	address_parse(&finding.dst, "203.0.113.9");
	snprintf(finding.exfil.name, sizeof(finding.exfil.name), "Up.Backup.example");
	return finding;
}

static bool matches(const char *text)
{
	struct finding finding = upload();
	struct suppression rule;

	return !parse(&rule, text) && suppression_matches(&rule, &finding);
}

#define REST " until=forever reason=r"

static void test_parse(void)
{
	struct suppression rule, again;
	char line[SUPPRESSION_LINE], copy[SUPPRESSION_LINE];

	ok(!parse(&rule, "kind=exfil src=10.9.0.0/16 dst=2001:db8::/32 port=443 "
			 "name=Example.ORG. until=2026-12-31 reason=nightly  backup = fine # yes"),
	   "all parts together are a rule");
	ok(rule.kind == FINDING_EXFIL && rule.port == 443 && !strcmp(rule.name, "example.org") &&
		   !strcmp(rule.reason, "nightly  backup = fine # yes") && strlen(rule.id) == 8,
	   "the name is folded, the reason goes to the end of the line");
	ok(rule.until_ns == 1798675200 * SECOND, "a day is its beginning, in UTC");
	suppression_format(&rule, copy);
	ok(!strcmp(copy, "kind=exfil src=10.9.0.0/16 dst=2001:db8::/32 port=443 name=example.org "
			 "until=2026-12-31T00:00:00Z reason=nightly  backup = fine # yes"),
	   "and is written so");
	memcpy(line, copy, sizeof(line));
	ok(!suppression_parse(&again, line) && !memcmp(&again, &rule, sizeof(rule)),
	   "which is the same rule");
	ok(!parse(&again, "src=10.9.0.0/16 port=443 dst=2001:db8::/32 kind=exfil "
			  "name=example.org until=forever reason=other") &&
		   !strcmp(again.id, rule.id),
	   "order, end and reason do not change the id");
	ok(!strcmp(suppression_format(&again, copy),
		   "kind=exfil src=10.9.0.0/16 dst=2001:db8::/32 port=443 name=example.org "
		   "until=forever reason=other"),
	   "one without an end is written so that it can be read again");
	ok(!parse(&again, "src=10.9.0.0/16" REST) && strcmp(again.id, rule.id),
	   "what it matches does");
}

static void test_refused(void)
{
	static const char *const bad[] = {
		"until=forever reason=r",
		"src=10.0.0.1 reason=r",
		"src=10.0.0.1 until=forever",
		"src=10.0.0.1 until=forever reason=",
		"src=10.0.0.1 until=forever reason=  ",
		"src=10.0.0.1 until=forever reason=a\033[2Jb",
		"src=10.0.0.1 until=forever reason=a\xe2\x80\xae"
		"b",
		"src=10.0.0.1 until=forever reason=\xff",
		"kind=upload until=forever reason=r",
		"kind=exfil kind=exfil until=forever reason=r",
		"src=10.0.0.0/33 until=forever reason=r",
		"port=0 until=forever reason=r",
		"port=65536 until=forever reason=r",
		"port=+1 until=forever reason=r",
		"port= until=forever reason=r",
		"name=.example until=forever reason=r",
		"name=a..b until=forever reason=r",
		"name=a*b until=forever reason=r",
		"src=10.0.0.1 until=2026-13-01 reason=r",
		"src=10.0.0.1 until=tomorrow reason=r",
		"src=10.0.0.1 until=2026-12-31T25:00:00Z reason=r",
		"host=10.0.0.1 until=forever reason=r",
		"10.0.0.1 until=forever reason=r",
		"=10.0.0.1 until=forever reason=r",
	};
	char text[SUPPRESSION_LINE] = "src=10.0.0.1 until=forever reason=";

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(refused(bad[i]), "what is no rule is refused, whole");
	memset(text + strlen(text), 'x', 160);
	ok(refused(text), "a reason has 159 octets at most");
	text[strlen(text) - 1] = '\0';
	ok(!refused(text), "so many it has");
}

static void test_matches(void)
{
	struct finding scan = { .kind = FINDING_SCAN };
	struct suppression rule;

	ok(matches("kind=exfil" REST) && !matches("kind=scan" REST), "a kind is that kind");
	ok(matches("src=10.9.0.20" REST) && matches("src=10.9.0.0/24" REST) &&
		   !matches("src=10.9.0.21" REST) && !matches("src=203.0.113.9" REST),
	   "a source is an address or a network");
	ok(matches("dst=203.0.113.0/24" REST) && !matches("dst=10.9.0.20" REST),
	   "so is a destination");
	ok(matches("port=443" REST) && !matches("port=80" REST), "a port is the destination's");
	ok(matches("name=backup.example" REST) && matches("name=up.backup.example" REST) &&
		   !matches("name=ackup.example" REST) && !matches("name=x.up.backup.example" REST),
	   "a name is itself, and what lies below it, without case");
	ok(!matches("kind=exfil port=80" REST), "all that is named must hold");
	parse(&rule, "dst=0.0.0.0/0" REST);
	ok(!suppression_matches(&rule, &scan), "what has no destination matches none");
	scan.scan.ports = scan.scan.port_count = 1;
	scan.scan.port_list[0] = 9100;
	parse(&rule, "port=9100" REST);
	ok(suppression_matches(&rule, &scan), "a scan of one port has that port");
	scan.scan.ports = 2;
	ok(!suppression_matches(&rule, &scan), "of two it has none");
}

static void test_end(void)
{
	struct suppression rule;

	parse(&rule, "port=1 until=2026-12-31T12:00:00Z reason=r");
	ok(!suppression_is_over(&rule, rule.until_ns - 1) &&
		   suppression_is_over(&rule, rule.until_ns),
	   "it ends with that second");
	parse(&rule, "port=1" REST);
	ok(!suppression_is_over(&rule, UINT64_MAX), "what is for ever does not");
}

int main(void)
{
	test_parse();
	test_refused();
	test_matches();
	test_end();
	return done();
}
