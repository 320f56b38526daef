// SPDX-License-Identifier: BSD-2-Clause
/* Writes one record of every kind, hostile ones too, as JSON lines, or findings in another schema.
 */
#include <errno.h>
#include <string.h>
#include "analyze/compat.h"
#include "analyze/rita_pairs.h"
#include "report/sink.h"
#include "serve/status.h"
#include "../unit/report_samples.h"
#include "../unit/serve_sample.h"

static bool find_pod(void *arg, const struct address *address, struct pod *out)
{
	(void)arg;
	(void)address;
	*out = (struct pod){ "shop", "web-7d9c-x2x", "ReplicaSet/web-7d9c", "node-7", 90 };
	return true;
}

static const struct sink_envelope live = {
	.host = "node-7", .sensor_id = "sensor-1", .mode = "live", .find_pod = find_pod
};
static const struct sink_envelope replay = { .mode = "replay" };
static const struct sink_envelope hostile = { .host = "node-\xff",
					      .sensor_id = "sensor-1",
					      .mode = "live" };

static void put(struct sink *sink, struct finding finding)
{
	const struct record record = { .kind = RECORD_FINDING, .finding = &finding };

	finding_set_id(&finding);
	sink->write(sink, &record);
}

/* Told with how their scores came about: one of each shape. */
static void put_derived(void)
{
	static const struct sink_envelope derived = { .mode = "replay", .derived = true };
	struct derivation beacon = { .score = 0.9,
				     .threshold = 0.5,
				     .smallest = 7,
				     .smallest_of = "exchanges",
				     .part_count = 1,
				     .parts = { { .name = "by_count", .k = 6, .n = 6 } },
				     .beacon = { .bin_count = 1, .bins = { { 1, 2, 3 } } } };
	struct derivation dns = { .smallest_of = "distinct names",
				  .test_count = 1,
				  .tests = { { "nxdomain", 1, 0.5, 0.1, true } } };
	struct derivation rules = { .smallest_of = "bytes",
				    .rule_count = 1,
				    .rules = { { .name = "volume", .of = "octaves" } } };
	struct derivation upload = { .smallest_of = "bytes within the hour",
				     .rule_count = 1,
				     .rules = { { .name = "unusual", .of = "deviations" } },
				     .usual = { .known = true, .hours = 24, .z = -0.5 } };
	struct finding findings[] = { sample_beacon(), sample_dns(FINDING_DNS_EXFIL), sample_scan(),
				      sample_exfil() };
	const struct derivation *of[] = { &beacon, &dns, &rules, &upload };
	struct sink *sink;

	if (sink_json_open(&sink, stdout, &derived))
		return;
	for (int i = 0; i < 4; i++) {
		const struct record record = { .kind = RECORD_FINDING,
					       .finding = &findings[i],
					       .derivation = of[i] };

		finding_set_id(&findings[i]);
		sink->write(sink, &record);
	}
	sink->close(sink);
}

static void put_findings(struct sink *sink)
{
	struct finding pooled = sample_dns(FINDING_DNS_EXFIL), arp = sample_scan();
	struct finding proved = sample_beacon(), full = sample_scan(), unusual = sample_exfil();

	proved.snapshot = (struct finding_snapshot){ .file = "2026/11/21/7f3a.pcapng",
						     .packets = 576,
						     .bytes = 81234,
						     .pre_trigger_s = 21604,
						     .proof = "packets" };
	memset(proved.snapshot.sha256, 'a', sizeof(proved.snapshot.sha256) - 1);
	full.snapshot.error = -ENOSPC;
	full.origin = (struct finding_origin){ 4711, 1000, 2, "", "alice" };
	strcpy(full.origin.path,
	       "/user.slice/user-1000.slice/user@1000.service/app.slice/run\xff.scope");
	proved.origin = (struct finding_origin){ 4712, 0, 0, "", "root" };
	strcpy(proved.origin.path,
	       "/kubepods/besteffort/pod0f5a1c9e-1b2c-4d3e-8f90-a1b2c3d4e5f6/"
	       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	unusual.exfil.channel = EXFIL_UNUSUAL;
	unusual.exfil.baseline.mean = 18.2;
	unusual.exfil.baseline.z = 3.5;
	put(sink, proved);
	put(sink, full);
	put(sink, sample_exfil());
	put(sink, unusual);
	strcpy(full.suppressed.rule, "0b89394f");
	strcpy(full.suppressed.reason, "known");
	put(sink, full);
	put(sink, sample_dns(FINDING_DNS_EXFIL));
	put(sink, sample_dns(FINDING_DNS_DGA));
	put(sink, sample_trigger());
	put(sink, sample_port());
	pooled.dns.pooled = true;
	put(sink, pooled);
	arp.proto = 0;
	arp.dport = 0;
	arp.scan.technique = SCAN_ARP;
	put(sink, arp);
}

/* A finding of which only the kind is known. */
static void put_empty(struct sink *sink)
{
	for (int kind = FINDING_BEACON; kind < FINDING_KINDS; kind++) {
		struct finding f = { .kind = kind };

		if (kind == FINDING_SUSPICIOUS_PORT) /* which is about nothing else */
			f.port.port = 4444;
		put(sink, f);
	}
}

static void put_triggers(struct sink *sink)
{
	struct finding f = sample_trigger();

	for (int i = TRIGGER_ADDRESS; i < TRIGGER_MATCHES; i++) {
		f.trigger.matched = i;
		put(sink, f);
	}
}

static void put_hostile(struct sink *sink)
{
	struct finding f = sample_dns(FINDING_DNS_EXFIL);

	memset(f.entity, 0xff, FINDING_NAME - 1);
	strcpy(f.dns.sample, "\xe2\x80\xae\"</script>\033]0;x\a\n\x80");
	strcpy(f.reason, "a\r\n{\"event_type\":\"stats\"}\xc0");
	strcpy(f.factors[0].why, "\x80");
	put(sink, f);
	f = sample_beacon();
	strcpy(f.beacon.name, "\xed\xa0\x80");
	strcpy(f.entity, "\xf5");
	put(sink, f);
	f = sample_exfil();
	strcpy(f.exfil.name, "\xff");
	put(sink, f);
	f = sample_trigger();
	strcpy(f.trigger.indicator, "\xff");
	strcpy(f.trigger.source, "\xfe/\n:1");
	strcpy(f.trigger.label, "\033]0;\xc0");
	strcpy(f.trigger.seen, "\x80");
	put(sink, f);
}

static void put_others(struct sink *sink)
{
	const struct stats_totals totals = { .tcp = 7, .exact = true };
	const struct stats_vault vault = {
		3, "a5f1264469d99b6019712b3003f55e6e660e46ad43d945e0c0dc81ea0e09d1aa"
	};
	const struct stats full = { .time_ns = SAMPLE_NS,
				    .vault = &vault,
				    .first_ns = SAMPLE_NS,
				    .last_ns = SAMPLE_NS,
				    .packets = 314,
				    .accounted = 1,
				    .ignored = { { "arp", 300 }, { "lldp", 12 } },
				    .ignored_count = 2,
				    .lost = { { "malformed", 1 } },
				    .lost_count = 1,
				    .tables = { { "pairs_evicted", 1 } },
				    .table_count = 1,
				    .has_suppressions = true,
				    .suppressed = 3,
				    .rules = { { "0b89394f", 2 } },
				    .rule_count = 1,
				    .totals = &totals };
	const struct stats none = { 0 };
	const struct warning warning = { SAMPLE_NS, "\xff\n" };
	struct record record = { .kind = RECORD_STATS, .stats = &full };

	sink->write(sink, &record);
	record.stats = &none;
	sink->write(sink, &record);
	record = (struct record){ .kind = RECORD_WARNING, .warning = &warning };
	sink->write(sink, &record);
}

/* One of each rule, and a table that was full. */
static void put_compat(void)
{
	struct skua_packet pkt = { .proto = SKUA_TCP, .tcp_flags = SKUA_SYN, .dport = 4444 };
	struct skua_dns_event event = { .dns.name_length = 66, .name = { 63 } };
	struct compat compat;

	memset(event.name + 1, 0xff, 63);
	event.head.time_ns = SAMPLE_NS;
	if (compat_init(&compat, 2))
		return;
	for (int i = 0; i < 25; i++)
		compat_packet(&compat, &pkt, SAMPLE_NS);
	for (int i = 0; i < 9; i++) {
		((uint8_t *)pkt.dst)[15] = i;
		compat_packet(&compat, &pkt, SAMPLE_NS);
	}
	compat_dns(&compat, &event);
	compat_write_json(&compat, stdout, &replay);
	compat_fini(&compat);
}

/* A clock, what is called too often, and tables that were full. */
static void put_rita(void)
{
	struct skua_flow_event event = { .reason = SKUA_FLOW_END,
					 .ours = 1,
					 .head.key.proto = SKUA_TCP };
	struct finding finding = { .kind = FINDING_BEACON, .has_dst = true, .score = 0.5 };
	struct rita_pairs pairs;

	if (rita_pairs_init(&pairs, 3, 2800))
		return;
	for (uint32_t i = 0; i <= RITA_STROBE; i++) {
		event.flow.first_ns = SAMPLE_NS + i * SKUA_SECOND_NS;
		rita_pairs_flow(&pairs, &event);
	}
	((uint8_t *)event.head.key.high)[0] = 1;
	for (uint32_t i = 0; i < 5000; i++) {
		event.flow.first_ns = SAMPLE_NS + i * SKUA_SECOND_NS;
		rita_pairs_flow(&pairs, &event);
	}
	finding.dst.bytes[0] = 1;
	rita_pairs_finding(&pairs, &finding);
	rita_write_json(&pairs, stdout, &replay);
	rita_pairs_fini(&pairs);
}

/* An agent that has seen everything, one that has seen nothing, one that lies. */
static void put_status(void)
{
	struct status_view view;

	sample_view(&view);
	status_write_json(stdout, &view);
	memset(&view, 0, sizeof(view));
	status_write_json(stdout, &view);
	sample_view(&view);
	strcpy(view.version, "\xff");
	strcpy(view.source, "\033\"");
	strcpy(view.interfaces[0].name, "\xc0\n");
	strcpy(view.interfaces[0].state, "\x80");
	status_write_json(stdout, &view);
}

/* Findings alone, as others want them; statistics are not told there. */
static int put_foreign(enum sink_schema schema)
{
	struct sink_envelope envelope = live;
	struct sink *sink;

	envelope.schema = schema;
	if (sink_json_open(&sink, stdout, &envelope))
		return 1;
	put_findings(sink);
	put_others(sink);
	put_empty(sink);
	put_triggers(sink);
	put_hostile(sink);
	sink->close(sink);
	return 0;
}

/* usage: records [ecs | ocsf] */
int main(int argc, char **argv)
{
	struct sink *sink;

	if (argc > 1)
		return put_foreign(strcmp(argv[1], "ecs") ? SCHEMA_OCSF : SCHEMA_ECS);
	if (sink_json_open(&sink, stdout, &live))
		return 1;
	put_findings(sink);
	put_others(sink);
	sink->close(sink);
	if (sink_json_open(&sink, stdout, &replay))
		return 1;
	put_findings(sink);
	put_empty(sink);
	put_triggers(sink);
	put_hostile(sink);
	sink->close(sink);
	if (sink_json_open(&sink, stdout, &hostile))
		return 1;
	put(sink, sample_beacon());
	sink->close(sink);
	put_derived();
	put_compat();
	put_rita();
	put_status();
	return 0;
}
