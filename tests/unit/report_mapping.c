// SPDX-License-Identifier: BSD-2-Clause
/* What findings of each kind give to ECS and OCSF, and to ATT&CK in them. */
#include <stdlib.h>
#include <string.h>
#include "report/schema.h"
#include "report_samples.h"
#include "tap.h"

static char *written;

/* The finding in this schema, in written. */
static void write_as(enum sink_schema schema, const struct finding *finding)
{
	const struct sink_envelope envelope = { .host = "sensor", .schema = schema };
	struct json json;
	FILE *stream;
	size_t size;

	free(written);
	stream = open_memstream(&written, &size);
	json_init(&json, stream);
	schema_write_finding(&json, &envelope, finding, NULL);
	fclose(stream);
}

static bool has(const char *piece)
{
	bool there = strstr(written, piece);

	if (!there)
		printf("# no %s in %s", piece, written);
	return there;
}

static bool lacks(const char *piece)
{
	bool there = strstr(written, piece);

	if (there)
		printf("# %s in %s", piece, written);
	return !there;
}

static void test_ecs_beacon(void)
{
	struct finding finding = sample_beacon();

	finding_set_id(&finding);
	write_as(SCHEMA_ECS, &finding);
	ok(has("{\"@timestamp\":\"2026-11-21T02:11:09.123456789Z\",\"ecs\":{\"version\":\"8.11."
	       "0\"}") &&
		   has("\"start\":\"2026-11-21T01:11:09.123456789Z\",\"end\":\"2026-11-21T02:11:09."
		       "123456789Z\""),
	   "ECS: times are written out");
	ok(has("\"severity\":73,\"risk_score\":0.9700,\"risk_score_norm\":97,"),
	   "a high severity is 73, the score is there as it is and in percent");
	ok(has("\"source\":{\"address\":\"10.9.0.5\",\"ip\":\"10.9.0.5\"}") &&
		   has("\"destination\":{\"address\":\"203.0.113.5\",\"ip\":\"203.0.113.5\","
		       "\"port\":443,\"domain\":\"c2.example.net\"}"),
	   "a port that is not known is left out, a name is of the server");
	ok(has("\"network\":{\"transport\":\"tcp\"}") &&
		   has("\"related\":{\"ip\":[\"10.9.0.5\",\"203.0.113.5\"]}"),
	   "the transport is in small letters, both ends are related");
	ok(has("\"rule\":{\"name\":\"beacon\"},\"threat\":{\"framework\":\"MITRE ATT&CK\",") &&
		   has("\"tactic\":{\"id\":[\"TA0011\"]},\"technique\":{\"id\":[\"T1071\"],"
		       "\"subtechnique\":{\"id\":[\"T1071.001\"]}}"),
	   "T1071.001 is a technique and one below it");
	ok(has("\"skua\":{\"state\":\"new\",\"score_raw\":0.9200,\"count\":288}") &&
		   has("\"observer\":{\"type\":\"ids\",\"vendor\":\"skua\",\"product\":\"skua\","
		       "\"hostname\":\"sensor\"}"),
	   "what has no place in it stands under our name");
}

static void test_ecs_steps(void)
{
	static const struct {
		double score;
		const char *severity;
	} steps[] = { { 0.75, "\"severity\":73,\"risk_score\":0.7500,\"risk_score_norm\":75," },
		      { 0.74, "\"severity\":47,\"risk_score\":0.7400,\"risk_score_norm\":74," },
		      { 0.49, "\"severity\":21,\"risk_score\":0.4900,\"risk_score_norm\":49," },
		      { 0.24, "\"severity\":1,\"risk_score\":0.2400,\"risk_score_norm\":24," } };
	struct finding finding = sample_port();
	bool good = true;

	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		finding.score = steps[i].score;
		write_as(SCHEMA_ECS, &finding);
		good &= has(steps[i].severity);
	}
	ok(good, "each severity is the step of Elastic's rules");
	finding.score = 0.345;
	write_as(SCHEMA_ECS, &finding);
	ok(has("\"risk_score_norm\":35,"), "percents are rounded,");
	finding.score = 1;
	write_as(SCHEMA_ECS, &finding);
	ok(has("\"risk_score_norm\":100,"), "and end at 100");
}

static void test_ecs_others(void)
{
	struct finding finding = sample_dns(FINDING_DNS_EXFIL);

	write_as(SCHEMA_ECS, &finding);
	ok(has("\"dns\":{\"question\":{\"registered_domain\":\"evil.example\"}}") &&
		   has("\"tactic\":{\"id\":[\"TA0010\",\"TA0011\"]}") &&
		   has("\"technique\":{\"id\":[\"T1048\",\"T1572\"],\"subtechnique\":{\"id\":["
		       "\"T1048.003\"]}}") &&
		   lacks("\"domain\":"),
	   "of DNS it is the domain that was asked about; a tunnel has no technique below it");
	finding = sample_scan();
	write_as(SCHEMA_ECS, &finding);
	ok(has("\"destination\":{\"port\":445}") && has("\"related\":{\"ip\":[\"2001:db8::7\"]}") &&
		   lacks("community_id") && lacks("registered_domain"),
	   "a scan of many has a port and no target");
	finding.proto = 0;
	write_as(SCHEMA_ECS, &finding);
	ok(lacks("transport"), "what is no IP has no transport");
	finding = sample_trigger();
	write_as(SCHEMA_ECS, &finding);
	ok(has("\"source\":{\"address\":\"10.9.0.6\",\"ip\":\"10.9.0.6\",\"port\":50000}") &&
		   has("\"community_id\":\"1:") && lacks("threat") && lacks("suppressed_by") &&
		   lacks("registered_domain"),
	   "a trigger has both ports, so an ID of its conversation, and no technique");
	strcpy(finding.suppressed.rule, "0123456789a");
	write_as(SCHEMA_ECS, &finding);
	ok(has("\"suppressed_by\":\"0123456789a\"}"), "the rule that waives it is named");
}

static void test_ocsf_states(void)
{
	struct finding finding = sample_beacon();

	write_as(SCHEMA_OCSF, &finding);
	ok(has("\"activity_id\":1,\"activity_name\":\"Create\"") && has("\"type_uid\":200401,") &&
		   has("\"class_uid\":2004,") && has("\"status_id\":1,"),
	   "OCSF: a new finding creates one");
	ok(has("\"time\":1795227069123,\"start_time\":1795223469123,\"end_time\":1795227069123,"),
	   "times are milliseconds");
	ok(has("\"severity_id\":4,\"severity\":\"High\",") && has("\"confidence_score\":97,"),
	   "a high severity is 4");
	finding.state = FINDING_UPDATE;
	finding.score = 0.1;
	write_as(SCHEMA_OCSF, &finding);
	ok(has("\"activity_id\":2,\"activity_name\":\"Update\"") && has("\"type_uid\":200402,") &&
		   lacks("status_id") && has("\"severity_id\":1,\"severity\":\"Informational\","),
	   "an update has no status of its own; what is least severe is 1");
	finding.state = FINDING_CLOSED;
	strcpy(finding.suppressed.rule, "0123456789a");
	write_as(SCHEMA_OCSF, &finding);
	ok(has("\"activity_id\":3,\"activity_name\":\"Close\"") && has("\"type_uid\":200403,") &&
		   has("\"status_id\":3,") && has("\"suppressed_by\":\"0123456789a\"}"),
	   "a waived one is suppressed");
}

static bool goes(enum scan_direction direction, const char *expected)
{
	struct finding finding = sample_scan();

	finding.scan.direction = direction;
	write_as(SCHEMA_OCSF, &finding);
	return has(expected);
}

static void test_ocsf_directions(void)
{
	struct finding finding = sample_trigger();

	ok(goes(SCAN_OUTBOUND, "\"direction_id\":2,") &&
		   goes(SCAN_INBOUND, "\"direction_id\":1,") &&
		   goes(SCAN_INTERNAL, "\"direction_id\":3,"),
	   "a scan goes out, comes in, or stays inside");
	ok(has("\"connection_info\":{\"direction_id\":3,\"protocol_num\":6}"),
	   "with the number of its protocol");
	write_as(SCHEMA_OCSF, &finding);
	ok(has("\"direction_id\":0,"), "of a trigger it is not known,");
	finding = sample_port();
	write_as(SCHEMA_OCSF, &finding);
	ok(has("\"direction_id\":0,"), "nor of a suspicious port,");
	finding = sample_exfil();
	write_as(SCHEMA_OCSF, &finding);
	ok(has("\"direction_id\":2,") && has("\"hostname\":\"up.example\"") &&
		   has("\"technique\":{\"uid\":\"T1041\"},\"tactic\":{\"uid\":\"TA0010\"}},{"
		       "\"technique\":{\"uid\":\"T1572\"},\"tactic\":{\"uid\":\"TA0011\"}}]"),
	   "what is carried away goes out, and in echoes it is a tunnel, too");
	finding = sample_dns(FINDING_DNS_DGA);
	write_as(SCHEMA_OCSF, &finding);
	ok(has("\"query\":{\"hostname\":\"evil.example\"}") &&
		   has("\"attacks\":[{\"technique\":{\"uid\":\"T1568\"},\"sub_technique\":{\"uid\":"
		       "\"T1568.002\"},\"tactic\":{\"uid\":\"TA0011\"}}]"),
	   "made-up names are one technique");
}

/* The techniques of a finding as one text. */
static bool is_called(const struct finding *finding, const char *expected)
{
	struct attack attacks[ATTACK_MAX];
	unsigned count = attack_map(finding, attacks);
	char text[64] = "";

	for (unsigned i = 0; i < count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, attacks[i].technique);
	}
	if (strcmp(text, expected))
		printf("# %s, not %s\n", text, expected);
	return !strcmp(text, expected);
}

static bool beacon_at(uint16_t port, const char *expected)
{
	struct finding finding = sample_beacon();

	finding.dport = port;
	finding.beacon.ja4[0] = '\0';
	return is_called(&finding, expected);
}

static void test_attack_beacon(void)
{
	struct finding finding = sample_beacon();

	ok(beacon_at(80, "T1071.001") && beacon_at(443, "T1071.001") &&
		   beacon_at(8080, "T1071.001") && beacon_at(8443, "T1071.001"),
	   "a beacon to a port of the web speaks as the web does");
	ok(beacon_at(81, "T1571") && beacon_at(444, "T1571") && beacon_at(8081, "T1571") &&
		   beacon_at(8442, "T1571"),
	   "one to a port beside it uses an odd one");
	ok(beacon_at(53, "T1071.004"), "port 53 is DNS, and not odd");
	finding.dport = 4444;
	ok(is_called(&finding, "T1071.001 T1571"), "TLS at an odd port is both");
	finding.beacon.ja4[0] = '\0';
	finding.has_dst = false;
	ok(is_called(&finding, "T1071.001 T1571"), "so is a name that is followed");
	finding.dport = 0;
	ok(is_called(&finding, "T1071.001"), "without a port none is odd");
	finding.proto = 1;
	ok(is_called(&finding, "T1095"), "ICMP is no application,");
	finding.proto = 58;
	finding.dport = 4444;
	ok(is_called(&finding, "T1095"), "nor is that of IPv6, and it has no port");
}

static void test_attack_others(void)
{
	struct finding finding = sample_scan();

	ok(is_called(&finding, "T1046"), "a scan from inside discovers,");
	finding.scan.direction = SCAN_INBOUND;
	ok(is_called(&finding, "T1595.001"), "one from outside reconnoitres");
	finding = sample_exfil();
	finding.exfil.channel = EXFIL_VOLUME;
	ok(is_called(&finding, "T1041"), "volume is no tunnel");
	finding = sample_port();
	ok(is_called(&finding, "T1571"), "a suspicious port is an odd one");
}

int main(void)
{
	test_ecs_beacon();
	test_ecs_steps();
	test_ecs_others();
	test_ocsf_states();
	test_ocsf_directions();
	test_attack_beacon();
	test_attack_others();
	free(written);
	return done();
}
