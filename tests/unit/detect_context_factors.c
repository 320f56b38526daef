// SPDX-License-Identifier: BSD-2-Clause
/* Context that calms a beacon: each rule fits what it is for, and leaves its twin alone. */
#include "scene.h"

static void set_sizes(struct scene *scene, uint16_t out, uint16_t in, uint32_t alike)
{
	scene->pair.weighed = 100;
	scene->pair.alike = alike;
	scene->pair.usual_out = out;
	scene->pair.usual_in = in;
}

static void test_time(void)
{
	struct scene *scene = new_scene("10.0.0.5", "203.0.113.9", 17, 123);

	set_sizes(scene, 48, 48, 100);
	scene->finding.beacon.interval_s = 64.3;
	expect(scene, "network-time", 0.2, "48 bytes each way every 64 s on 123 is a clock");
	scene->finding.beacon.interval_s = 90;
	expect(scene, "network-time", 0, "every 90 s it is not");
	scene->finding.beacon.interval_s = 1024;
	set_sizes(scene, 48, 400, 100);
	expect(scene, "network-time", 0, "nor with answers of 400 bytes");
	set_sizes(scene, 48, 48, 80);
	expect(scene, "network-time", 0, "nor when every fifth size differs");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "203.0.113.9", 17, 124);
	set_sizes(scene, 48, 48, 100);
	scene->finding.beacon.interval_s = 64;
	expect(scene, "network-time", 0, "nor on another port");
	free_scene(scene);
}

static void test_echo(void)
{
	struct scene *scene = new_scene("10.0.0.5", "203.0.113.9", 1, 0);

	expect(scene, "echo", 0, "pings of which no reply was seen are not excused");
	scene->pair.echo.alike = 20;
	expect(scene, "echo", 0.4, "pings that are echoed are");
	scene->pair.echo.unlike = 1;
	expect(scene, "echo", 0, "not when one reply differs");
	free_scene(scene);
}

static void test_keep_alive(void)
{
	struct scene *scene = web();

	set_sizes(scene, 55, 49, 95);
	scene->pair.exchanges = 200; /* each connection's first is not weighed */
	expect(scene, "keep-alive", 0, "connections that are made anew are no keep-alive");
	scene->finding.beacon.keepalive = true;
	expect(scene, "keep-alive", 0.45, "small equal answered polls of one connection are");
	scene->pair.tasked = 1;
	expect(scene, "keep-alive", 0.45, "a large answer before a larger request may be chance");
	scene->pair.tasked = 2;
	expect(scene, "keep-alive", 0, "not when orders and their results were seen");
	scene->pair.tasked = 0;
	set_sizes(scene, 55, 49, 88);
	expect(scene, "keep-alive", 0, "nor when sizes differ in every eighth");
	free_scene(scene);
}

static void test_lists(void)
{
	struct scene *scene = web();

	say_hello(scene, "detectportal.firefox.com", true);
	expect(scene, "known-service", 0.2, "a connectivity check is calmed");
	ok(!strcmp(scene->finding.beacon.name, "detectportal.firefox.com"),
	   "and the finding tells the name");
	free_scene(scene);
	scene = web();
	answer_client(scene, "203.0.113.9");
	say_hello(scene, "detectportal.firefox.com", true);
	expect(scene, "known-service", 0, "nor one whose address DNS knows by another name");
	free_scene(scene);
	scene = web();
	say_hello(scene, "evil-detectportal.firefox.com.example", true);
	expect(scene, "known-service", 0, "one that only looks like it is not");
	free_scene(scene);
}

static void populate(struct scene *scene, unsigned clients, unsigned users)
{
	for (unsigned i = 0; i < clients; i++) {
		struct skua_exchange_event event = { .ours = 1, .client = SKUA_LOW };
		struct address client, other;
		char text[32];

		snprintf(text, sizeof(text), "10.1.%u.%u", i / 100, 1 + i % 100);
		address_parse(&client, text);
		address_parse(&other, "198.51.100.200");
		memcpy(event.head.key.low, &client, sizeof(client));
		memcpy(event.head.key.high, i < users ? &scene->pair.key.server : &other,
		       sizeof(other));
		event.head.key.proto = 6;
		event.head.key.high_port = 443;
		census_exchange(&scene->census, &event);
	}
}

static void test_prevalence(void)
{
	struct scene *scene = web();

	populate(scene, 8, 8);
	expect(scene, "prevalence", 0, "among eight clients prevalence means nothing");
	populate(scene, 40, 40);
	expect(scene, "prevalence", 0.5, "what everybody talks to keeps half");
	ok(scene->finding.beacon.clients_seen > 30,
	   "and the finding tells how many clients there are");
	free_scene(scene);
	scene = web();
	populate(scene, 40, 1);
	expect(scene, "prevalence", 0, "what one of many talks to keeps all");
	free_scene(scene);
}

static struct scene *lookups(const char *domain)
{
	struct scene *scene = web();

	memset(&scene->pair.key.server, 0, sizeof(scene->pair.key.server));
	scene->pair.key.kind = PAIR_DOMAIN;
	scene->pair.key.proto = 0;
	scene->pair.key.port = 0;
	scene->pair.key.name_hash = name_hash(domain);
	census_query(&scene->census, &scene->pair.key.client, true, domain, NOW);
	scene->pair.names.asked = 100;
	scene->pair.names.fresh = 100;
	return scene;
}

static void test_dns(void)
{
	struct scene *scene = lookups("evil.example");

	apply(scene);
	ok(scene->finding.factor_count == 0, "lookups of ever new names are not calmed");
	ok(!strcmp(scene->finding.entity, "evil.example") && !scene->finding.has_dst,
	   "their entity is the domain");
	scene->pair.names.fresh = 9;
	expect(scene, "repeated-names", 0.3, "lookups of the same names are");
	scene->pair.names.odd = 50;
	expect(scene, "repeated-names", 0, "not when half ask for types that carry data");
	scene->pair.names.asked = 7;
	scene->pair.names.fresh = 1;
	scene->pair.names.odd = 0;
	expect(scene, "repeated-names", 0.3,
	       "seven lookups of one name are, though it was new once");
	free_scene(scene);
	scene = lookups("spamhaus.org");
	expect(scene, "talkative-zone", 0.4, "zones that are talkative are calmed");
	free_scene(scene);
}

static void test_on_behalf(void)
{
	struct scene *scene = lookups("evil.example");
	struct skua_exchange_event event = { .ours = 1, .client = SKUA_HIGH };

	event.head.key.proto = 17;
	event.head.key.low_port = 53;
	memcpy(event.head.key.low, &scene->pair.key.client, 16);
	for (unsigned i = 0; i < 5; i++) {
		struct address client;

		address_parse(&client, "10.0.0.100");
		client.bytes[15] += i;
		memcpy(event.head.key.high, &client, 16);
		census_exchange(&scene->census, &event);
	}
	expect(scene, "on-behalf", 0, "a server of other things asks for itself");
	census_resolver(&scene->census, &scene->pair.key.client, NOW);
	expect(scene, "on-behalf", 0.6, "a resolver of several clients asks for them");
	free_scene(scene);
	scene = lookups("evil.example");
	census_resolver(&scene->census, &scene->pair.key.client, NOW);
	expect(scene, "on-behalf", 0, "a resolver without clients asks for itself");
	free_scene(scene);
}

static void test_monitoring(void)
{
	struct scene *scene = new_scene("10.0.0.5", "10.0.0.9", 6, 9100);

	expect(scene, "monitoring", 0.4, "a scraped port inside is calmed");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "203.0.113.9", 6, 9100);
	expect(scene, "monitoring", 0, "outside it is not");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "10.0.0.9", 6, 7777);
	expect(scene, "monitoring", 0, "another port inside is not");
	for (int i = 10; i < 12; i++) {
		scene->pair.key.server.bytes[15] = i;
		apply(scene);
	}
	expect(scene, "monitoring", 0.4, "one client that polls three servers alike is");
	scene->finding.beacon.interval_s = 200;
	expect(scene, "monitoring", 0, "at another rhythm it is not");
	free_scene(scene);
}

static void test_peers(void)
{
	struct scene *scene = new_scene("10.0.0.5", "203.0.113.9", 6, 40123);

	for (int i = 1; i < 7; i++) {
		scene->pair.key.server.bytes[13] = i;
		apply(scene);
	}
	ok(!factor(&scene->finding, "peers"), "a few servers at one rhythm are no peers");
	for (int i = 7; i < 12; i++) {
		scene->pair.key.server.bytes[13] = i;
		apply(scene);
	}
	ok(factor(&scene->finding, "peers"), "many are");
	answer_client(scene, "203.11.113.9");
	expect(scene, "peers", 0, "not one that DNS has named");
	scene->pair.key.port = 443;
	scene->pair.key.server.bytes[13] = 10;
	expect(scene, "peers", 0, "nor one on a service's port");
	free_scene(scene);
}

/* Seven callbacks a minute apart, as far as the census is told. */
static void notice(struct scene *scene, unsigned last_byte, unsigned bin, unsigned gaps)
{
	scene->pair.key.server.bytes[15] = last_byte;
	memset(scene->pair.gaps, 0, sizeof(scene->pair.gaps));
	scene->pair.gaps[bin] = gaps;
	scene->pair.exchanges = gaps + 1;
	context_notice(&scene->context, &scene->pair, NOW);
}

static void test_notice(void)
{
	struct scene *scene = new_scene("10.0.0.5", "10.0.0.9", 6, 7777);
	unsigned bin = gap_bin(60 * SECOND);

	notice(scene, 10, bin + 1, 4);
	notice(scene, 11, bin - 1, 4);
	notice(scene, 9, bin, 4);
	expect(scene, "monitoring", 0.4,
	       "servers polled alike count before any of them is a finding");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "10.0.0.9", 6, 7777);
	notice(scene, 10, bin + 4, 4);
	notice(scene, 11, bin - 4, 4);
	notice(scene, 9, bin, 4);
	expect(scene, "monitoring", 0, "not at intervals that differ");
	notice(scene, 10, bin, 3);
	notice(scene, 11, bin, 3);
	notice(scene, 9, bin, 4);
	expect(scene, "monitoring", 0, "nor after three gaps");
	free_scene(scene);
}

static void test_service_port(void)
{
	struct scene *scene = new_scene("10.0.0.5", "10.0.0.9", 6, 6379);

	expect(scene, "service-port", 0.4, "a database inside is polled by design");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "203.0.113.9", 6, 6379);
	expect(scene, "service-port", 0, "outside it is not");
	free_scene(scene);
	scene = new_scene("10.0.0.5", "10.0.0.9", 6, 443);
	expect(scene, "service-port", 0, "nor is a web server");
	free_scene(scene);
}

static struct scene *mail(uint16_t port, const char *answered, const char *told, bool tls)
{
	struct scene *scene = new_scene("10.0.0.5", "203.0.113.9", 6, port);
	struct fact_name name = { .client = scene->pair.key.client, .address_count = 1 };

	snprintf(name.name, sizeof(name.name), "%s", answered);
	name.addresses[0] = scene->pair.key.server;
	census_name(&scene->census, &name, NOW);
	say_hello(scene, told, tls);
	return scene;
}

static void test_own_port(void)
{
	struct scene *scene = mail(993, "imap.example.net", "imap.example.net", true);

	expect(scene, "own-port", 0.7, "TLS to a mail server that DNS named is calmed a little");
	free_scene(scene);
	scene = mail(993, "cdn.example.org", "imap.example.net", true);
	expect(scene, "own-port", 0, "not to one that DNS knows by another name");
	free_scene(scene);
	scene = mail(993, "imap.example.net", "imap.example.net", false);
	expect(scene, "own-port", 0, "nor HTTP on the port of mail");
	free_scene(scene);
	scene = mail(443, "imap.example.net", "imap.example.net", true);
	expect(scene, "own-port", 0, "nor on the web's port");
	free_scene(scene);
}

static void test_direction(void)
{
	struct scene *scene = new_scene("203.0.113.9", "10.0.0.5", 6, 4026);

	expect(scene, "called-in", 0.45, "an outside client of an inside server is calmed");
	say_hello(scene, "www.example.net", false);
	scene->pair.key =
		pair_key_name(&scene->pair.key.client, name_hash("www.example.net"), PAIR_NAME);
	expect(scene, "called-in", 0.45, "also by the name it calls");
	free_scene(scene);
	scene = web();
	say_hello(scene, "www.example.net", false);
	scene->pair.key =
		pair_key_name(&scene->pair.key.client, name_hash("www.example.net"), PAIR_NAME);
	expect(scene, "called-in", 0, "not one of ours that calls a name outside");
	free_scene(scene);
	scene = web();
	expect(scene, "called-in", 0, "the other way round it is not");
	free_scene(scene);
}

int main(void)
{
	if (lists_open(&lists, NULL))
		abort();
	test_time();
	test_echo();
	test_keep_alive();
	test_lists();
	test_prevalence();
	test_dns();
	test_monitoring();
	test_peers();
	test_notice();
	test_service_port();
	test_own_port();
	test_on_behalf();
	test_direction();
	lists_close(lists);
	return done();
}
