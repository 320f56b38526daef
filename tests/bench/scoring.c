// SPDX-License-Identifier: BSD-2-Clause
/* What tracking and judging cost, event by event, and how many bytes each thing that is tracked
 * takes.  One thread, no input, no output: the pipeline alone. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "pipeline/pipeline.h"
#include "track/domain.h"
#include "track/pair.h"
#include "track/source.h"
#include "track/uploads.h"

#define START (1700000000 * SKUA_SECOND_NS)
#define EVENTS 1000000u
#define HOSTS 200u /* of ours */

static struct pipeline *pipeline;
static uint64_t state;
static struct sink nowhere;

/* xorshift64* (Vigna 2016): the same rows on every machine. */
static uint32_t draw(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dull) >> 32) % below;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

static struct skua_flow_key key_of(uint32_t host, uint32_t server, uint16_t port, uint8_t proto)
{
	struct skua_packet pkt = {
		.src = { 0, htobe64(0xffff0a000000ull + host) },
		.dst = { 0, htobe64(0xffffc6120000ull + server) },
		.sport = 40000,
		.dport = port,
		.proto = proto,
	};
	struct skua_flow_key key;

	skua_flow_key_init(&key, &pkt);
	return key;
}

/* Of so many pairs: each in its turn, or (no rhythm) anybody at any time, which is Poisson's. */
static void exchange(uint32_t n, uint32_t pairs, uint64_t gap_ns, bool regular)
{
	uint32_t pair = regular ? n % pairs : draw(pairs);
	struct skua_exchange_event event = { .client = SKUA_LOW, .ours = 1, .by_syn = 1 };
	uint64_t at_ns = START + n * (gap_ns / pairs);
	struct skua_flow_key key = key_of(pair % HOSTS, 1 + pair / HOSTS, 443, SKUA_TCP);

	skua_event_init(&event.head, SKUA_EVENT_EXCHANGE, &key, 1, at_ns);
	event.start_ns = at_ns;
	event.flow_ns = at_ns;
	if (n >= pairs && regular) {
		event.previous.start_ns = at_ns - gap_ns;
		event.previous.payload[0] = 600;
		event.previous.payload[1] = 1200;
	}
	pipeline_event(pipeline, &event.head, NULL);
}

static void beacons(uint32_t n)
{
	exchange(n, 2000, 60 * SKUA_SECOND_NS, true);
}

static void browsing(uint32_t n)
{
	exchange(n, 60000, 300 * SKUA_SECOND_NS, false);
}

static void contacts(uint32_t n)
{
	struct skua_contact_event event = { .outcome = draw(10) ? SKUA_ANSWERED : SKUA_REFUSED,
					    .flags = SKUA_SYN,
					    .attempts = 1,
					    .ours = 1,
					    .source = SKUA_LOW };
	struct skua_flow_key key = key_of(n % HOSTS, draw(50000), 443, SKUA_TCP);
	uint64_t at_ns = START + n * (SKUA_SECOND_NS / 1000);

	skua_event_init(&event.head, SKUA_EVENT_CONTACT, &key, 1, at_ns);
	event.first_ns = at_ns;
	pipeline_event(pipeline, &event.head, NULL);
	if (n % 1000 == 999)
		pipeline_tick(pipeline, START + (n / 1000 + 1) * SKUA_SECOND_NS);
}

/* Names below 5,000 domains, of which a half was asked for before. */
static void lookups(uint32_t n)
{
	struct skua_dns_event event = { .sender = SKUA_LOW };
	struct skua_flow_key key = key_of(n % HOSTS, 53, 53, SKUA_UDP);
	uint64_t at_ns = START + n * (SKUA_SECOND_NS / 1000);
	char label[16];
	unsigned length = 0;
	const char *rest = "\7example\3com";

	skua_event_init(&event.head, SKUA_EVENT_DNS, &key, 1, at_ns);
	length = snprintf(label, sizeof(label), "h%u", draw(2) ? draw(1u << 30) : draw(64));
	event.name[0] = length;
	memcpy(event.name + 1, label, length);
	length++;
	event.name[length] = snprintf(label, sizeof(label), "d%u", draw(5000));
	memcpy(event.name + length + 1, label, event.name[length]);
	length += event.name[length] + 1;
	memcpy(event.name + length, rest + 8, 5);
	event.dns.name_length = length + 5;
	event.dns.type = 1;
	event.length = 60;
	pipeline_event(pipeline, &event.head, NULL);
}

static void flows(uint32_t n)
{
	struct skua_flow_event event = { .reason = SKUA_FLOW_END, .ours = 1 };
	struct skua_flow_key key = key_of(n % HOSTS, draw(20000), 443, SKUA_TCP);
	uint64_t at_ns = START + n * (SKUA_SECOND_NS / 1000);

	skua_event_init(&event.head, SKUA_EVENT_FLOW, &key, 1, at_ns);
	event.flow.first_ns = at_ns;
	event.flow.way[0].payload = 1000;
	event.flow.way[1].payload = 9000;
	pipeline_event(pipeline, &event.head, NULL);
}

static int swallow(struct sink *sink, const struct record *record)
{
	(void)sink;
	(void)record;
	return 0;
}

static void time_row(const char *name, void (*event)(uint32_t))
{
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	struct pipeline_counts counts;
	double begun_s;

	nowhere = (struct sink){ .name = "nowhere", .write = swallow };
	options.sinks[0] = &nowhere;
	if (pipeline_open(&pipeline, &options))
		exit(1);
	state = 88172645463325252ull;
	begun_s = now_s();
	for (uint32_t n = 0; n < EVENTS; n++)
		event(n);
	begun_s = now_s() - begun_s;
	pipeline_counts(pipeline, &counts);
	printf("%-34s %6.0f ns an event, %4.2f M/s; %llu findings\n", name, begun_s / EVENTS * 1e9,
	       EVENTS / begun_s / 1e6,
	       (unsigned long long)(counts.findings[1] + counts.findings[2] + counts.hidden));
	pipeline_close(pipeline);
}

int main(void)
{
	printf("tracking and judging, %u events each, one core\n", EVENTS);
	time_row("exchanges of 2,000 beacons", beacons);
	time_row("exchanges of 60,000 pairs, no rhythm", browsing);
	time_row("contacts, one in ten refused", contacts);
	time_row("DNS queries, 5,000 domains", lookups);
	time_row("ends of flows", flows);
	printf("bytes: pair %zu, source %zu, domain %zu, upload %zu\n", sizeof(struct pair),
	       sizeof(struct tracked_source), sizeof(struct domain), sizeof(struct upload));
	return 0;
}
