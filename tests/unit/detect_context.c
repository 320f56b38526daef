// SPDX-License-Identifier: BSD-2-Clause
/* Context: what comes first, what raises a beacon, and what it says of other findings. */
#include "scene.h"

static void test_neutral(void)
{
	struct scene *scene = web();

	apply(scene);
	ok(scene->finding.factor_count == 0 && scene->finding.score == 0.8,
	   "where nothing is known nothing changes");
	apply(scene);
	ok(scene->finding.score == 0.8, "applying context twice is applying it once");
	free_scene(scene);
}

static void test_order(void)
{
	struct scene *scene = new_scene("10.0.0.5", "203.0.113.9", 6, 4444);

	scene->pair.failed = 60;
	say_hello(scene, "", true);
	answer_client(scene, "198.51.100.1");
	apply(scene);
	ok(fabs(scene->finding.score - 0.9) < 1e-9 && scene->finding.factor_count == 2,
	   "raises add up to 0.10 at most");
	scene->finding.score_raw = 0.97;
	apply(scene);
	ok(scene->finding.score == 1, "no score exceeds 1");
	free_scene(scene);

	scene = new_scene("10.0.0.5", "203.0.113.9", 6, 4444);
	say_hello(scene, "detectportal.firefox.com", false);
	scene->finding.score_raw = 0.7;
	apply(scene);
	ok(fabs(scene->finding.score - (0.7 + 0.1) * 0.2) < 1e-9, "raises come before factors");
	free_scene(scene);
}

static void test_raises(void)
{
	struct scene *scene = web();

	say_hello(scene, "", true);
	expect(scene, "tls-without-name", 0.05, "TLS without a name raises");
	say_hello(scene, "c2.example", true);
	expect(scene, "tls-without-name", 0, "not when another hello gave one");
	expect(scene, "unexpected-port", 0, "TLS on 443 is expected");
	free_scene(scene);

	scene = new_scene("10.0.0.5", "203.0.113.9", 6, 8081);
	say_hello(scene, "c2.example", true);
	expect(scene, "unexpected-port", 0.05, "TLS on 8081 is not");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "203.0.113.9", 6, 8081);
	say_hello(scene, "c2.example", false);
	expect(scene, "unexpected-port", 0, "HTTP there is");
	free_scene(scene);

	scene = web();
	expect(scene, "unnamed-server", 0, "without any answer no server is known to be unnamed");
	answer_client(scene, "198.51.100.1");
	expect(scene, "unnamed-server", 0.05, "a server that no answer named raises");
	scene->pair.midstream = true;
	expect(scene, "unnamed-server", 0, "not when the lookup may have come before the capture");
	scene->pair.midstream = false;
	answer_client(scene, "203.0.113.9");
	expect(scene, "unnamed-server", 0, "nor when an answer did");
	scene->pair.failed = 49;
	expect(scene, "failed-rhythm", 0, "some failures are no rhythm of failures");
	scene->pair.failed = 50;
	expect(scene, "failed-rhythm", 0.05, "half of the attempts are");
	free_scene(scene);

	scene = new_scene("10.0.0.5", "203.0.113.9", 17, 4444);
	expect(scene, "suspicious-port", 0.05, "a port of attack tools raises");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "203.0.113.9", 17, 4445);
	expect(scene, "suspicious-port", 0, "its neighbour does not");
	free_scene(scene);
}

/* A memory that has watched for a day, and a relation of so many seconds ago. */
static void test_first_seen(void)
{
	const struct memory_options options = { .relations = 8, .sources = 8, .routes = 8 };
	struct scene *scene = web();
	const struct pair_key *key = &scene->pair.key;
	struct memory memory;

	expect(scene, "first-seen", 0, "without a memory nobody is new");
	memory_init(&memory, &options);
	scene->context.memory = &memory;
	memory_meet(&memory, &key->server, &key->server, 0, NOW - 86400 * SECOND - 3600 * SECOND);
	expect(scene, "first-seen", 0, "who was never met is not known to be new");
	memory_meet(&memory, &key->client, &key->server, 0, NOW - 3600 * SECOND);
	expect(scene, "first-seen", 0.05, "a server first met an hour ago raises");
	ok(strstr(factor(&scene->finding, "first-seen")->why, "until 60 min ago") ||
		   strstr(factor(&scene->finding, "first-seen")->why, "until 1"),
	   "and says since when");
	memory_fini(&memory);
	memory_init(&memory, &options);
	memory_meet(&memory, &key->server, &key->server, 0, NOW - 3 * 86400 * SECOND);
	memory_meet(&memory, &key->client, &key->server, 0, NOW - 86400 * SECOND);
	expect(scene, "first-seen", 0, "a day later it is known");
	memory_fini(&memory);
	memory_init(&memory, &options);
	memory_meet(&memory, &key->client, &key->server, 0, NOW - 3600 * SECOND);
	expect(scene, "first-seen", 0, "nor is all new to a new memory");
	memory_fini(&memory);
	free_scene(scene);
}

static void test_other_kinds(void)
{
	struct scene *scene = web();
	struct subject subject = { .kind = SUBJECT_DOMAIN, .now_ns = NOW };
	struct finding *finding = &scene->finding;

	memset(finding, 0, sizeof(*finding));
	finding->kind = FINDING_DNS_EXFIL;
	finding->score_raw = 0.9;
	finding->dns.distinct = 100;
	finding->dns.information_bytes = 799;
	snprintf(finding->entity, sizeof(finding->entity), "in-addr.arpa");
	context_apply(&scene->context, &subject, finding);
	ok(factor(finding, "talkative-zone") && fabs(finding->score - 0.9 * 0.4) < 1e-9,
	   "names below a talkative zone are calmed");
	snprintf(finding->entity, sizeof(finding->entity), "evil.example");
	context_apply(&scene->context, &subject, finding);
	ok(finding->score == 0.9, "names below another are not");

	memset(finding, 0, sizeof(*finding));
	finding->kind = FINDING_SCAN;
	finding->score_raw = 0.9;
	finding->proto = 6;
	finding->scan.direction = SCAN_INTERNAL;
	finding->scan.ports = finding->scan.port_count = 1;
	finding->scan.port_list[0] = 10250;
	subject.kind = SUBJECT_SOURCE;
	context_apply(&scene->context, &subject, finding);
	ok(factor(finding, "monitoring"), "probes of a monitoring port inside are calmed");
	finding->scan.port_list[0] = 445;
	context_apply(&scene->context, &subject, finding);
	ok(finding->score == 0.9, "probes of another are not");
	free_scene(scene);
}

int main(void)
{
	if (lists_open(&lists, NULL))
		abort();
	test_neutral();
	test_order();
	test_raises();
	test_first_seen();
	test_other_kinds();
	lists_close(lists);
	return done();
}
