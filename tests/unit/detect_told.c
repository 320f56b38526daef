// SPDX-License-Identifier: BSD-2-Clause
/* What findings are filled with, how rules are told, and rules of context that are left out. */
#include <stdio.h>
#include <string.h>
#include "detect/context.h"
#include "detect/derive.h"
#include "detect/detect.h"
#include "detect/scan_evidence.h"
#include "track/domains.h"
#include "track/echoes.h"
#include "track/uploads.h"
#include "tap.h"
#include "track_dns_event.h"

#define SECOND 1000000000ull
#define START (1700000000 * SECOND)
#define MEGABYTE 1000000ull

static const struct detect_limits limits = DETECT_LIMITS_DEFAULT;
static struct finding finding;

static bool near(double a, double b)
{
	return a > b - 1e-9 && a < b + 1e-9;
}

static struct address address_of(const char *text)
{
	struct address address;

	address_parse(&address, text);
	return address;
}

static void test_upload(void)
{
	const struct upload upload = { .source = address_of("10.0.0.5"),
				       .destination = address_of("203.0.113.9"),
				       .first_ns = START,
				       .last_ns = START + 5 * SECOND,
				       .out = { 100 * MEGABYTE },
				       .in = { MEGABYTE },
				       .port = 443,
				       .proto = 6 };
	struct subject subject = { .kind = SUBJECT_UPLOAD,
				   .now_ns = START + 9 * SECOND,
				   .ifindex = 7,
				   .upload = &upload };

	memset(&finding, 0, sizeof(finding));
	ok(exfil_volume_detector.judge(&subject, &limits, &finding) &&
		   finding.kind == FINDING_EXFIL && finding.has_dst && finding.dport == 443 &&
		   finding.proto == 6 && finding.ifindex == 7 && !finding.sport &&
		   address_equal(&finding.src, &upload.source) &&
		   address_equal(&finding.dst, &upload.destination),
	   "an upload says who, to whom, and where it was seen");
	ok(finding.first_ns == START && finding.last_ns == START + 5 * SECOND &&
		   finding.trigger_ns == START + 9 * SECOND && !finding.at_end,
	   "from when to when, and what made it one");
	ok(finding.count == 100 * MEGABYTE && finding.exfil.bytes_in == MEGABYTE &&
		   near(finding.exfil.ratio, 100) && near(finding.exfil.window_s, 5) &&
		   finding.exfil.active_hours == 1,
	   "how much, within how long");
	subject.at_end = true;
	exfil_volume_detector.judge(&subject, &limits, &finding);
	ok(finding.at_end, "what is decided after the last packet says so");
}

static void test_window(void)
{
	struct upload upload = { .out = { 100 * MEGABYTE }, .last_ns = 90000 * SECOND };
	const struct subject subject = { .kind = SUBJECT_UPLOAD, .upload = &upload };

	exfil_volume_detector.judge(&subject, &limits, &finding);
	ok(near(finding.exfil.window_s, 86400), "a window is a day at most");
	upload.last_ns = 86399 * SECOND;
	exfil_volume_detector.judge(&subject, &limits, &finding);
	ok(near(finding.exfil.window_s, 86399), "less is what it is");
}

static struct echo echo_of(const char *requester)
{
	return (struct echo){ .requester = address_of(requester),
			      .responder = address_of("203.0.113.9"),
			      .first_ns = START,
			      .last_ns = START + 60 * SECOND,
			      .day_ns = START + 20 * SECOND,
			      .requests = 100,
			      .replies = 50,
			      .request_bytes = 4000,
			      .reply_bytes = 1000,
			      .size_count = 3 };
}

static void test_replies(void)
{
	struct echo echo = echo_of("10.0.0.5");
	struct subject subject = { .kind = SUBJECT_ECHO,
				   .now_ns = START + 61 * SECOND,
				   .ifindex = 7,
				   .at_end = true,
				   .echo = &echo };

	echo.mismatches = limits.exfil.mismatches - 1;
	memset(&finding, 0, sizeof(finding));
	ok(!exfil_icmp_detector.judge(&subject, &limits, &finding), "a mismatch less is no tunnel");
	echo.mismatches++;
	ok(exfil_icmp_detector.judge(&subject, &limits, &finding) &&
		   address_equal(&finding.src, &echo.requester) &&
		   address_equal(&finding.dst, &echo.responder) &&
		   finding.exfil.bytes_out == 4000 && finding.exfil.bytes_in == 1000 &&
		   near(finding.exfil.ratio, 4),
	   "who asks carries something out");
	ok(finding.proto == 1 && finding.has_dst && finding.ifindex == 7 && finding.at_end &&
		   finding.first_ns == START && finding.last_ns == START + 60 * SECOND &&
		   finding.trigger_ns == START + 61 * SECOND && near(finding.exfil.window_s, 40) &&
		   finding.count == 150 && finding.exfil.mismatches == limits.exfil.mismatches &&
		   finding.exfil.sizes == 3,
	   "with all its numbers");
	echo = echo_of("2001:db8::1");
	echo.unsolicited = limits.exfil.unsolicited;
	ok(exfil_icmp_detector.judge(&subject, &limits, &finding) && finding.proto == 58 &&
		   finding.exfil.unsolicited == limits.exfil.unsolicited,
	   "in IPv6 as well");
	echo.requests = 0;
	ok(exfil_icmp_detector.judge(&subject, &limits, &finding) &&
		   address_equal(&finding.src, &echo.responder) &&
		   address_equal(&finding.dst, &echo.requester) &&
		   finding.exfil.bytes_out == 1000 && finding.exfil.bytes_in == 0 &&
		   near(finding.exfil.ratio, 1000),
	   "where nobody asked it is who answers");
}

static double no_score(const struct derive_call *call, const char *name, double measure,
		       double from)
{
	struct derivation derivation = { 0 };
	const struct derivation_rule rule = { .name = name,
					      .of = name,
					      .measure = measure,
					      .from = from,
					      .floor = 0.5,
					      .step = 0.01,
					      .factor = 1,
					      .holds = true };

	derive_rule(call, &derivation, &rule);
	return derivation.smallest;
}

static void test_rules(void)
{
	const struct finding plain = { 0 };
	const struct derive_call call = { .finding = &plain, .limits = &limits, .shown = 0.6 };
	struct derivation out = { 0 };
	struct derivation_rule rule = { .name = "a",
					.of = "first",
					.measure = 30,
					.from = 10,
					.floor = 0.5,
					.step = 0.01,
					.factor = 1,
					.holds = true };

	derive_rule(&call, &out, &rule);
	ok(out.rule_count == 1 && near(out.rules[0].score, 0.7) && near(out.score, 0.7) &&
		   !strcmp(out.smallest_of, "first") && out.smallest == 20,
	   "a rule tells its score, and the least that would still be said");
	rule.of = "second";
	rule.measure = 20;
	derive_rule(&call, &out, &rule);
	ok(out.rule_count == 2 && near(out.score, 0.7) && !strcmp(out.smallest_of, "first"),
	   "one that gives less is told beside it");
	rule.of = "third";
	rule.measure = 40;
	derive_rule(&call, &out, &rule);
	ok(near(out.score, 0.8) && !strcmp(out.smallest_of, "third"), "one that gives more counts");
	for (unsigned i = 3; i < DERIVATION_RULES + 2; i++)
		derive_rule(&call, &out, &rule);
	ok(out.rule_count == DERIVATION_RULES, "eight of them are told");
	ok(no_score(&call, "much", 200000, 99995) == 0 &&
		   no_score(&call, "much", 200000, 99990) == 100000,
	   "the least is looked for up to 100,000");
}

static double after(struct finding *of, double score)
{
	return derive_after_context(of, score);
}

static void test_after_context(void)
{
	struct finding of = { .factors = { { .factor = 0.5 }, { .factor = 0.3, .raise = true } } };
	const struct derive_call call = { .finding = &of, .shown = 0.4 };

	ok(near(after(&of, 0.8), 0.8), "factors that do not apply change nothing");
	of.factor_count = 1;
	ok(near(after(&of, 0.8), 0.4), "one that does multiplies,");
	of.factor_count = 2;
	ok(near(after(&of, 0.6), 0.45) && near(after(&of, 0.8), 0.5),
	   "what raises comes first, and to 1 at most");
	ok(derive_shows(&call, 0.5) && !derive_shows(&call, 0.49) && !derive_shows(&call, 0),
	   "from what is shown on it is said, and nothing never is");
}

static struct domains domains;
static struct derivation derivation;
static bool told;

static void judge(void *arg, const struct subject *subject)
{
	const struct derive_call call = { subject, &limits, &finding, 0.5 };

	(void)arg;
	if (subject->kind != SUBJECT_DOMAIN ||
	    !dns_exfil_detector.judge(subject, &limits, &finding))
		return;
	told = detect_derive(&call, &derivation);
}

static void ask(unsigned count, uint16_t type)
{
	const struct domains_options options = { .domains = 16, .askers = 8, .contacts = 8 };
	uint64_t state = 1;
	char name[128];

	domains_init(&domains, &options);
	told = false;
	for (unsigned i = 0; i < count; i++) {
		struct dns_message message = { .name = name, .type = type, .time_ns = START };
		struct skua_dns_event event;
		size_t at = 0;

		for (; at < 60; at++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			name[at] = "abcdefghijklmnopqrstuvwxyz012345"[state >> 59];
		}
		strcpy(name + at, ".t.example.com");
		dns_event_from(&event, &message);
		domains_message(&domains, &event, judge, NULL);
	}
	domains_finish(&domains, START + SECOND, judge, NULL);
	domains_fini(&domains);
}

static void test_tunnel(void)
{
	ask(200, 16);
	ok(told && near(derivation.threshold, limits.dns.threshold) &&
		   derivation.dns.floor_bytes == limits.dns.floor_bytes &&
		   near(derivation.dns.full_octaves, limits.dns.octaves) &&
		   derivation.test_count == 5 && near(derivation.shown, 0.5) &&
		   near(derivation.score, finding.score_raw),
	   "a tunnel tells its limits, and five signs");
	ok(derivation.dns.bytes >= 200 * 30 && derivation.smallest > 1 &&
		   derivation.smallest < 200 && !strcmp(derivation.smallest_of, "distinct names"),
	   "what it carries, and how few names would have done");
	ok(strstr(finding.reason, "TXT"), "the type it uses has a name,");
	ask(200, 65282);
	ok(told && strstr(finding.reason, "type 65282"), "or a number");
}

static void test_left_out(void)
{
	const char *const known[] = { "echo", "prevalence", "unnamed-server" };
	const char *const wrong[] = { "prevalence", "nonsense", "more" };
	struct context context = { 0 }, first = { 0 };

	ok(!context_leave_out(&context, known, 3) &&
		   __builtin_popcountll(context.without[0]) == 3 &&
		   __builtin_popcountll(context.without[1]) == 1,
	   "rules of context can be left out by name, each of them, and all of that name");
	ok(!context_leave_out(&first, known, 1) && __builtin_popcountll(first.without[0]) == 1 &&
		   (context.without[0] & first.without[0]) && !first.without[1],
	   "one as well");
	ok(!strcmp(context_leave_out(&context, wrong, 3), "nonsense"), "one that is none is told");
	ok(!context_leave_out(&first, known, 0), "none, nothing is wrong");
}

int main(void)
{
	test_upload();
	test_window();
	test_replies();
	test_rules();
	test_after_context();
	test_tunnel();
	test_left_out();
	return done();
}
