// SPDX-License-Identifier: BSD-2-Clause
/* What a finding's record says of its packets, its pods, its waiver and its conversation. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "report/finding_json.h"
#include "report_samples.h"
#include "tap.h"

static char *written;
static struct sink_envelope envelope;

static void write_finding(const struct finding *finding)
{
	struct json json;
	FILE *stream;
	size_t size;

	free(written);
	stream = open_memstream(&written, &size);
	if (!stream)
		abort();
	json_init(&json, stream);
	finding_write_json(&json, &envelope, finding);
	fclose(stream);
}

static bool has(const char *piece)
{
	if (!strstr(written, piece))
		printf("# no %s in %s", piece, written);
	return strstr(written, piece);
}

static bool lacks(const char *piece)
{
	if (strstr(written, piece))
		printf("# %s in %s", piece, written);
	return !strstr(written, piece);
}

static void test_file(void)
{
	struct finding finding = sample_beacon();

	write_finding(&finding);
	ok(lacks("\"snapshot\"") && lacks("\"proof\"") && lacks("\"suppressed\""),
	   "without packets nothing is said of them");
	strcpy(finding.snapshot.file, "2026/11/21/0.pcapng");
	strcpy(finding.snapshot.sha256, "abc");
	finding.snapshot.packets = 12;
	finding.snapshot.bytes = 3456;
	finding.snapshot.pre_trigger_s = 1.5;
	finding.snapshot.ring_dropped = 7;
	finding.snapshot.truncated = true;
	finding.snapshot.proof = "by packets";
	write_finding(&finding);
	ok(has(",\"snapshot\":{\"file\":\"2026/11/21/0.pcapng\",\"sha256\":\"abc\",\"packets\":12,"
	       "\"bytes\":3456,\"pre_trigger_s\":1.500,\"truncated\":true,\"ring_dropped\":7},"
	       "\"proof\":\"by packets\"}\n"),
	   "where they are, how many, from when on, and what is missing");
	finding.snapshot.proof = NULL;
	finding.snapshot.truncated = false;
	write_finding(&finding);
	ok(has("\"truncated\":false,") && lacks("\"proof\""), "a proof only where it was tried");
}

static bool none_because(int err, const char *why)
{
	struct finding finding = sample_beacon();
	char wanted[128];

	finding.snapshot.error = err;
	snprintf(wanted, sizeof(wanted), ",\"snapshot\":{\"error\":\"%s\"}}\n", why);
	write_finding(&finding);
	return has(wanted);
}

static void test_errors(void)
{
	ok(none_because(-ENOENT, "no packet of it was kept") &&
		   none_because(-ETIME, "no time was left at the end") &&
		   none_because(-ENOBUFS, "the disk was too slow"),
	   "why there are none, in our words");
	ok(none_because(-ENOSPC, "No space left on device"), "or in those of the system");
}

static void test_suppressed(void)
{
	struct finding finding = sample_beacon();

	strcpy(finding.suppressed.rule, "0123");
	strcpy(finding.suppressed.reason, "ours");
	write_finding(&finding);
	ok(has(",\"suppressed\":{\"rule\":\"0123\",\"reason\":\"ours\"}"),
	   "a rule that waives it is named, with its reason");
}

static unsigned asked;

/* Only of what is not ours to ask. */
static bool find_pod(void *arg, const struct address *address, struct pod *out)
{
	char text[ADDRESS_TEXT];

	asked++;
	if (strcmp(address_format(address, text), arg))
		return false;
	memset(out, 0, sizeof(*out));
	strcpy(out->namespace, "shop");
	strcpy(out->name, "web-1");
	return true;
}

static bool find_more(void *arg, const struct address *address, struct pod *out)
{
	if (!find_pod(arg, address, out))
		return false;
	strcpy(out->owner, "web");
	strcpy(out->node, "n1");
	out->age_s = 5;
	return true;
}

static void test_pods(void)
{
	struct finding finding = sample_beacon();

	envelope.find_pod = find_pod;
	envelope.find_pod_arg = (char *)"10.9.0.5";
	write_finding(&finding);
	ok(has(",\"src_pod\":{\"namespace\":\"shop\",\"name\":\"web-1\"},") && lacks("dest_pod") &&
		   asked == 2,
	   "the pod of the source is named, with what is known of it");
	envelope.find_pod = find_more;
	envelope.find_pod_arg = (char *)"203.0.113.5";
	write_finding(&finding);
	ok(has(",\"dest_pod\":{\"namespace\":\"shop\",\"name\":\"web-1\",\"owner\":\"web\","
	       "\"node\":\"n1\",\"age_s\":5},") &&
		   lacks("src_pod"),
	   "so is that of the target");
	finding.has_dst = false;
	write_finding(&finding);
	ok(lacks("_pod") && asked == 5, "if there is one");
	memset(&envelope, 0, sizeof(envelope));
}

static bool is_one(struct finding *finding, uint16_t sport, uint16_t dport, uint8_t proto)
{
	char id[COMMUNITY_ID] = "";

	finding->sport = sport;
	finding->dport = dport;
	finding->proto = proto;
	return finding_community_id(finding, id) && !strncmp(id, "1:", 2);
}

static void test_conversation(void)
{
	struct finding finding = sample_beacon();
	char echo[COMMUNITY_ID], echo_6[COMMUNITY_ID], other[COMMUNITY_ID];

	ok(is_one(&finding, 1, 2, 6) && !is_one(&finding, 0, 2, 6) && !is_one(&finding, 1, 0, 6),
	   "both ports name a conversation, one does not");
	ok(is_one(&finding, 0, 0, 1) && is_one(&finding, 0, 0, 58) && !is_one(&finding, 0, 0, 17),
	   "an echo dialogue is one");
	finding.proto = 1;
	finding_community_id(&finding, echo);
	ok(!strcmp(echo, "1:IkLvt9I2Kg7XyXdgXcF2o12uiM4="), "by the type of its request");
	finding.sport = 9;
	finding.dport = 9;
	finding_community_id(&finding, other);
	finding.proto = 58;
	finding_community_id(&finding, echo_6);
	ok(!strcmp(echo, other) && strcmp(echo, echo_6), "whatever its identifier");
	finding.has_dst = false;
	ok(!is_one(&finding, 1, 2, 6) && !is_one(&finding, 0, 0, 1), "many targets are none");
}

int main(void)
{
	test_file();
	test_errors();
	test_suppressed();
	test_pods();
	test_conversation();
	free(written);
	return done();
}
