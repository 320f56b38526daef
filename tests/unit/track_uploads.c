// SPDX-License-Identifier: BSD-2-Clause
/* Uploads: cumulative reports are counted once, by the hour, for the right pair. */
#include <stdio.h>
#include <string.h>
#include "track/uploads.h"
#include "tap.h"

#define START_NS (1700000000 * SKUA_SECOND_NS)
#define HOUR_NS (3600 * SKUA_SECOND_NS)
#define MEGABYTE 1000000ull

static struct uploads uploads;
static unsigned judged;
static bool judged_at_end;
static struct subject shown; /* the last with a baseline */

static void judge(void *arg, const struct subject *subject)
{
	(void)arg;
	judged += subject->kind == SUBJECT_UPLOAD;
	judged_at_end = subject->at_end;
	if (subject->usual)
		shown = *subject;
}

static void begin(void)
{
	struct uploads_options options = { .uploads = 16, .flows = 16 };

	if (uploads.uploads.slots)
		uploads_fini(&uploads);
	uploads_init(&uploads, &options);
	judged = 0;
}

struct report {
	const char *client, *server; /* NULL: 10.0.0.5 and 203.0.113.9 */
	uint16_t port;               /* of the client */
	uint64_t out, in;            /* so far */
	uint64_t time_ns;
	enum skua_flow_reason reason;
	bool not_ours, told;
};

static struct skua_flow_key key_from(const struct report *report, bool *client_is_low)
{
	struct skua_flow_key key = { .proto = SKUA_TCP };
	struct address client, server;

	address_parse(&client, report->client ? report->client : "10.0.0.5");
	address_parse(&server, report->server ? report->server : "203.0.113.9");
	*client_is_low = memcmp(client.bytes, server.bytes, 16) < 0;
	memcpy(key.low, *client_is_low ? &client : &server, 16);
	memcpy(key.high, *client_is_low ? &server : &client, 16);
	key.low_port = *client_is_low ? report->port : 443;
	key.high_port = *client_is_low ? 443 : report->port;
	return key;
}

static void tell(const struct report *report)
{
	struct skua_flow_event event;
	bool client_is_low;

	memset(&event, 0, sizeof(event));
	event.head.key = key_from(report, &client_is_low);
	event.head.time_ns = report->time_ns ? report->time_ns : START_NS;
	event.flow.first_ns = START_NS;
	event.flow.state = client_is_low ? 0 : SKUA_FLOW_CLIENT_HIGH;
	event.flow.state |= report->told ? SKUA_FLOW_TOLD : 0;
	event.flow.way[client_is_low ? SKUA_LOW : SKUA_HIGH].payload = report->out;
	event.flow.way[client_is_low ? SKUA_HIGH : SKUA_LOW].payload = report->in;
	event.reason = report->reason;
	event.ours = !report->not_ours;
	uploads_flow(&uploads, &event, report->reason == SKUA_FLOW_STOP, judge, NULL);
}

static const struct upload *only(void)
{
	return table_next(&uploads.uploads, NULL);
}

static void test_differences(void)
{
	begin();
	tell(&(struct report){ .port = 1, .out = 2 * MEGABYTE, .in = 1000 });
	tell(&(struct report){ .port = 1, .out = 5 * MEGABYTE, .in = 3000 });
	ok(upload_out(only()) == 5 * MEGABYTE && upload_in(only()) == 3000,
	   "reports are totals: only what is new counts");
	tell(&(struct report){ .port = 2, .out = MEGABYTE, .in = 10 });
	ok(upload_out(only()) == 6 * MEGABYTE, "another conversation adds");
	tell(&(struct report){ .port = 1, .out = 6 * MEGABYTE, .reason = SKUA_FLOW_END });
	ok(upload_out(only()) == 7 * MEGABYTE, "of the end, too, only what is new counts");
	tell(&(struct report){ .port = 1, .out = 6 * MEGABYTE, .told = true });
	ok(upload_out(only()) == 7 * MEGABYTE, "what is still due behind the end was counted");
	ok(uploads.flows.used == 2, "what has ended is not forgotten at once");
	ok(only()->port == 443 && only()->proto == SKUA_TCP, "the server's port is kept");
	ok(uploads.uploads.used == 1, "all of it is one upload");
	ok(judged == 4, "each report that adds to a megabyte or more is judged");
}

/* A reset ends the account of a conversation, but whoever forged it does not end the upload. */
static void test_reset(void)
{
	begin();
	tell(&(struct report){ .port = 1, .out = 100, .reason = SKUA_FLOW_END });
	ok(!only() && !uploads.flows.used, "a reset at its beginning tells of next to nothing");
	tell(&(struct report){ .port = 1, .out = 60 * MEGABYTE, .in = 7, .told = true });
	ok(only() && upload_out(only()) == 60 * MEGABYTE,
	   "what goes on behind a reset that nobody obeyed counts");
	tell(&(struct report){ .port = 1, .out = 80 * MEGABYTE, .in = 9, .told = true });
	ok(upload_out(only()) == 80 * MEGABYTE && upload_in(only()) == 9,
	   "and of each further report what is new");
	begin();
	tell(&(struct report){ .port = 1, .out = 5 * MEGABYTE });
	tell(&(struct report){ .port = 1, .out = 6 * MEGABYTE, .reason = SKUA_FLOW_END });
	tell(&(struct report){ .port = 1, .out = 9 * MEGABYTE, .told = true });
	ok(upload_out(only()) == 9 * MEGABYTE, "so it does behind a reset in its middle");
	tell(&(struct report){ .port = 1, .out = 9 * MEGABYTE, .reason = SKUA_FLOW_IDLE });
	ok(!uploads.flows.used, "what is forgotten elsewhere is forgotten here");
}

/* Ended conversations are many: they must not push out one that lives. */
static void test_ended(void)
{
	begin();
	tell(&(struct report){ .port = 1, .out = 2 * MEGABYTE, .time_ns = START_NS });
	for (int i = 0; i < 200; i++)
		tell(&(struct report){ .port = 100 + i,
				       .out = MEGABYTE,
				       .time_ns = START_NS + (1 + i) * SKUA_SECOND_NS,
				       .reason = SKUA_FLOW_END });
	tell(&(struct report){ .port = 1, .out = 3 * MEGABYTE, .time_ns = START_NS + HOUR_NS / 2 });
	ok(upload_out(only()) == 203 * MEGABYTE, "ended ones give way before one that lives");
	ok(uploads.flows.evictions && uploads.flows.evictions == uploads.ended_evicted,
	   "and are no loss");
}

/* What goes out is told to the memory, and the judge is shown what is usual. */
static void test_memory(void)
{
	const struct memory_options options = { .relations = 16, .sources = 16, .routes = 16 };
	struct address source, destination;
	struct memory memory;

	begin();
	memory_init(&memory, &options);
	uploads.options.memory = &memory;
	address_parse(&source, "10.0.0.5");
	address_parse(&destination, "203.0.113.9");
	tell(&(struct report){ .port = 1, .out = 2 * MEGABYTE, .in = 5 });
	tell(&(struct report){ .port = 2, .server = "203.0.113.8", .out = MEGABYTE });
	tell(&(struct report){ .port = 3, .server = "10.0.0.9", .out = 4 * MEGABYTE });
	ok(memory_baseline(&memory, &source, &destination)->out == 2 * MEGABYTE &&
		   memory_baseline(&memory, &source, NULL)->out == 3 * MEGABYTE,
	   "by destination and by source, and not what stays inside");
	ok(shown.usual && shown.usual_of_source == memory_baseline(&memory, &source, NULL) &&
		   judged == 3,
	   "the judge is shown both");
	memory_fini(&memory);
	uploads.options.memory = NULL;
}

static void test_small(void)
{
	begin();
	for (int i = 0; i < 100; i++)
		tell(&(struct report){ .port = i, .out = 10000, .in = 10 });
	ok(!only() && !uploads.flows.used, "small conversations wait until they end");
	for (int i = 0; i < 100; i++)
		tell(&(struct report){
			.port = i, .out = 10000, .in = 10, .reason = SKUA_FLOW_IDLE });
	ok(only() && upload_out(only()) == MEGABYTE && upload_in(only()) == 1000,
	   "then they count: many small ones are one large one");
	ok(judged == 1, "and are judged from a megabyte on");
}

static void test_sides(void)
{
	begin();
	tell(&(struct report){ .out = MEGABYTE, .not_ours = true });
	ok(!only(), "clients that are not ours do not upload");
	tell(&(struct report){
		.client = "203.0.113.77", .server = "198.51.100.1", .out = MEGABYTE });
	ok(only() && upload_out(only()) == MEGABYTE && !only()->internal,
	   "the client may have the higher address");
	begin();
	tell(&(struct report){ .server = "10.0.0.9", .out = MEGABYTE });
	ok(only()->internal, "private destinations are marked");
	tell(&(struct report){
		.server = "10.0.0.9", .out = 2 * MEGABYTE, .reason = SKUA_FLOW_STOP });
	ok(judged_at_end, "what is judged at the end says so");
}

static void test_own_network(void)
{
	struct network own;

	network_parse(&own, "198.51.100.0/24");
	begin();
	uploads.options.locals = &own;
	uploads.options.local_count = 1;
	tell(&(struct report){
		.client = "198.51.100.1", .server = "198.51.100.2", .out = MEGABYTE });
	ok(only()->internal, "a public network that is ours is inside");
	begin();
	uploads.options.locals = &own;
	uploads.options.local_count = 1;
	tell(&(struct report){ .client = "198.51.100.1", .out = MEGABYTE });
	ok(!only()->internal, "its neighbour is not");
}

static void test_hours(void)
{
	begin();
	for (int i = 0; i < 30; i++)
		tell(&(struct report){
			.port = 1, .out = (i + 1) * MEGABYTE, .time_ns = START_NS + i * HOUR_NS });
	ok(upload_out(only()) == 24 * MEGABYTE, "what is older than 24 hours no longer counts");
	ok(upload_active_hours(only()) == 24, "24 active hours");
	tell(&(struct report){
		.port = 1, .out = 30 * MEGABYTE + 1000, .time_ns = START_NS + 32 * HOUR_NS });
	ok(upload_out(only()) == 21 * MEGABYTE + 1000, "silent hours empty their places");
	ok(upload_active_hours(only()) == 21, "a kilobyte makes no active hour");
	tell(&(struct report){
		.port = 1, .out = 31 * MEGABYTE, .time_ns = START_NS + 9000 * HOUR_NS });
	ok(upload_out(only()) == MEGABYTE - 1000, "after a year all are empty");
	tell(&(struct report){
		.port = 1, .out = 32 * MEGABYTE, .time_ns = START_NS + 9000 * HOUR_NS + 1 });
	ok(upload_out(only()) == 2 * MEGABYTE - 1000, "and that hour goes on");
	tell(&(struct report){ .port = 1, .out = 33 * MEGABYTE, .time_ns = START_NS });
	ok(upload_out(only()) == 3 * MEGABYTE - 1000, "a clock that steps back loses nothing");
}

static void test_little(void)
{
	begin();
	tell(&(struct report){ .port = 9, .out = 1023, .reason = SKUA_FLOW_END });
	ok(!only(), "a conversation of less than a kilobyte begins no upload");
	tell(&(struct report){ .port = 10, .out = 1024, .reason = SKUA_FLOW_END });
	tell(&(struct report){ .port = 11, .out = 100, .reason = SKUA_FLOW_END });
	ok(only() && upload_out(only()) == 1124, "but adds to one that is there");
}

static void test_full(void)
{
	char server[32];

	begin();
	for (int i = 0; i < 100; i++) {
		snprintf(server, sizeof(server), "203.0.113.%d", i);
		tell(&(struct report){
			.server = server, .out = MEGABYTE, .time_ns = START_NS + i });
	}
	ok(uploads.uploads.used == 16 && uploads.flows.used == 16, "both tables stay bounded");
	ok(uploads.uploads.evictions == 84, "and count what they forget");
}

int main(void)
{
	test_differences();
	test_reset();
	test_ended();
	test_memory();
	test_small();
	test_sides();
	test_own_network();
	test_hours();
	test_little();
	test_full();
	uploads_fini(&uploads);
	return done();
}
