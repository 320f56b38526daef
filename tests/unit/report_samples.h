/* SPDX-License-Identifier: BSD-2-Clause */
/* One finding of every kind, made up, with all its optional parts, for tests of the sinks. */
#ifndef TESTS_REPORT_SAMPLES_H
#define TESTS_REPORT_SAMPLES_H

#include <string.h>
#include "report/finding.h"

#define SAMPLE_NS 1795227069123456789ull /* 2026-11-21T02:11:09.123456789Z */

static inline struct finding sample_finding(enum finding_kind kind, const char *src,
					    const char *dst, const char *reason)
{
	struct finding f = { .kind = kind,
			     .ifindex = 1,
			     .first_ns = SAMPLE_NS - 3600000000000ull,
			     .last_ns = SAMPLE_NS,
			     .trigger_ns = SAMPLE_NS,
			     .score_raw = 0.95,
			     .score = 0.95 };

	address_parse(&f.src, src);
	f.has_dst = dst && !address_parse(&f.dst, dst);
	strcpy(f.reason, reason);
	return f;
}

static inline void sample_factor(struct finding *f, const char *name, double factor, bool raise,
				 const char *why)
{
	struct finding_factor *to = &f->factors[f->factor_count++];

	*to = (struct finding_factor){ .name = name, .factor = factor, .raise = raise };
	strcpy(to->why, why);
}

static inline struct finding sample_beacon(void)
{
	struct finding f = sample_finding(FINDING_BEACON, "10.9.0.5", "203.0.113.5",
					  "288 exchanges every 300.6 s (MAD 5.2 s) for 24 h");

	f.dport = 443;
	f.proto = 6;
	f.score_raw = 0.92;
	f.score = 0.97;
	f.count = 288;
	f.beacon = (struct beacon_numbers){ .exchanges = 288,
					    .interval_s = 300.6,
					    .mad_s = 5.2,
					    .span_s = 86400,
					    .regularity = 0.95,
					    .size = 0.99,
					    .coverage = 0.94,
					    .by_count = 0.95,
					    .by_time = 0.9,
					    .by_tail = 0.5,
					    .bytes_out_median = 712,
					    .missed = 2,
					    .failed = 1,
					    .keepalive = true,
					    .name = "c2.example.net",
					    .ja4 = "t13d190900_9dc949149365_97f8aa674fd9",
					    .clients = 1,
					    .clients_seen = 40,
					    .by_mixture = 0.7,
					    .evidence = 31.5 };
	sample_factor(&f, "unnamed-server", 0.05, true, "no DNS answer named 203.0.113.5");
	return f;
}

static inline struct finding sample_scan(void)
{
	struct finding f = sample_finding(FINDING_SCAN, "2001:db8::7", NULL,
					  "horizontal SYN scan: 40 targets on port 445 in 5 s");

	f.proto = 6;
	f.dport = 445;
	f.state = FINDING_UPDATE;
	f.count = 40;
	f.scan = (struct scan_numbers){ .shape = SCAN_HORIZONTAL,
					.technique = SCAN_SYN,
					.direction = SCAN_INTERNAL,
					.slow = true,
					.contacts = 40,
					.targets = 40,
					.ports = 1,
					.refused = 30,
					.unanswered = 9,
					.answered = 1,
					.cusum = 32.5,
					.horizon_s = 300,
					.span_s = 5,
					.port_list = { 445 },
					.port_count = 1 };
	return f;
}

static inline struct finding sample_exfil(void)
{
	struct finding f = sample_finding(FINDING_EXFIL, "10.9.0.9", "198.51.100.9",
					  "ICMP echo replies differ from requests: 12 mismatches");

	f.proto = 1;
	f.count = 123456;
	f.state = FINDING_CLOSED;
	f.at_end = true;
	f.exfil = (struct exfil_numbers){ .channel = EXFIL_ICMP,
					  .bytes_out = 123456,
					  .bytes_in = 1234,
					  .ratio = 100.0454,
					  .window_s = 600,
					  .active_hours = 1,
					  .mismatches = 12,
					  .unsolicited = 3,
					  .sizes = 5,
					  .name = "up.example" };
	return f;
}

static inline struct finding sample_dns(enum finding_kind kind)
{
	struct finding f = sample_finding(kind, "10.9.0.8", "10.9.0.53",
					  "4,102 unique names, about 165 kB hidden in them");

	f.proto = 17;
	f.dport = 53;
	f.count = 4102;
	strcpy(f.entity, "evil.example");
	f.dns = (struct dns_numbers){ .queries = 4200,
				      .responses = 4100,
				      .distinct = 4102,
				      .nxdomain = 5,
				      .information_bytes = 165000,
				      .answer_bytes = 900000,
				      .mean_subname = 61.25,
				      .distinct_share = 0.9767,
				      .odd_type_share = 0.97,
				      .nxdomain_share = 0.0012,
				      .span_s = 600,
				      .top_type = 16,
				      .sample = "0a1b2c.evil.example" };
	sample_factor(&f, "talkative-zone", 0.4, false, "evil.example is on the list");
	return f;
}

static inline struct finding sample_trigger(void)
{
	struct finding f =
		sample_finding(FINDING_TRIGGER, "10.9.0.6", "203.0.113.6", "an indicator matched");

	f.sport = 50000;
	f.dport = 8443;
	f.proto = 6;
	f.count = 1;
	strcpy(f.entity, "*.example.net");
	f.trigger = (struct trigger_numbers){ .matched = TRIGGER_SNI,
					      .indicator = "*.example.net",
					      .source = "feeds/bad.txt:7",
					      .label = "a botnet's",
					      .seen = "c2.example.net" };
	return f;
}

static inline struct finding sample_port(void)
{
	struct finding f = sample_finding(
		FINDING_SUSPICIOUS_PORT, "10.9.0.6", "203.0.113.6",
		"traffic on port 4444, which Metasploit uses by default: 812 packets");

	f.sport = 50000;
	f.dport = 4444;
	f.proto = 6;
	f.count = 812;
	f.score = f.score_raw = 0.3;
	f.port = (struct port_numbers){ .port = 4444, .packets = 812 };
	return f;
}

#endif /* TESTS_REPORT_SAMPLES_H */
