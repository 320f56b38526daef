// SPDX-License-Identifier: BSD-2-Clause
/* Events in, JSON lines out: what is said, what is only counted, and when. */
#include <errno.h>
#include "house.h"

static void test_scan(void)
{
	struct house *house = house_open();

	contacts(house, 20, SKUA_REFUSED, 1);
	ok(!lines(house, "", ""), "contacts alone say nothing");
	tick(house, 2);
	ok(lines(house, "", "") == 1 &&
		   lines(house, "\"event_type\":\"scan\"", "\"src_ip\":\"10.0.0.5\"") == 1 &&
		   lines(house, "\"state\":\"new\"", "\"dest_ip\":\"10.0.0.7\"") == 1 &&
		   lines(house, "\"shape\":\"vertical\"", "\"refused\":20") == 1 &&
		   lines(house, "\"score\":0.7000,", "\"mode\":\"replay\"") == 1 &&
		   lines(house, "\"timestamp\":\"2023-11-14T22:13:02.0", "\"at_end\":false") == 1,
	   "twenty refused contacts are a scan with the tick of their second, said in one line");
	ok(counts(house).findings[2] == 1 && !counts(house).hidden && counts(house).events == 20,
	   "counted by its severity");
	tick(house, 3);
	ok(lines(house, "", "") == 1, "and not said again by the next tick");
	house_close(house);
}

static void test_no_scan(void)
{
	struct house *house = house_open();

	contacts(house, 20, SKUA_ANSWERED, 1);
	contacts(house, 9, SKUA_REFUSED, 1);
	tick(house, 2);
	pipeline_finish(house->pipeline);
	ok(!lines(house, "", "") && !counts(house).hidden,
	   "twenty answered contacts and nine refused ones are none");
	house_close(house);
}

static void test_beacon(void)
{
	struct house *house = house_open();

	beacon(house, 6);
	ok(!lines(house, "", ""), "six exchanges a minute apart are no beacon yet");
	callback(house, 6, 360, 300);
	ok(lines(house, "\"event_type\":\"beacon\"", "\"state\":\"new\"") == 1 &&
		   lines(house, "\"exchanges\":7,", "\"interval_s\":60.000,") == 1 &&
		   lines(house, "\"dest_ip\":\"203.0.113.9\"", "\"dest_port\":443,") == 1 &&
		   lines(house, "\"timestamp\":\"2023-11-14T22:19:00.0", "\"severity\":2") == 1,
	   "the seventh makes one, said with the exchange that suffices");
	pipeline_finish(house->pipeline);
	ok(lines(house, "", "") == 1, "and at the end it is not said again, for nothing changed");
	house_close(house);
}

static void test_no_beacon(void)
{
	struct house *house = house_open();

	for (unsigned i = 0; i < 14; i++)
		callback(house, i, (double)(1u << i), (double)(1u << i) / 2);
	pipeline_finish(house->pipeline);
	ok(!lines(house, "", ""), "gaps that double are none");
	house_close(house);
}

static void test_alien(void)
{
	struct house *house = house_open();
	struct skua_event event = head_of(SKUA_EVENT_KINDS, CLIENT, SERVER, 443, 1);
	struct skua_dns_event room = {};
	static const struct {
		uint16_t version, kind;
	} strange[] = { { SKUA_ABI_VERSION, 0 },
			{ SKUA_ABI_VERSION, SKUA_EVENT_KINDS },
			{ SKUA_ABI_VERSION, 0xffff },
			{ SKUA_ABI_VERSION + 1, SKUA_EVENT_CONTACT },
			{ 0, SKUA_EVENT_CONTACT } };

	for (unsigned i = 0; i < 5; i++) {
		room.head = event;
		room.head.version = strange[i].version;
		room.head.kind = strange[i].kind;
		pipeline_event(house->pipeline, &room.head, NULL);
	}
	ok(counts(house).alien == 5 && counts(house).events == 5 && !counts(house).sources &&
		   !counts(house).pairs,
	   "events of a version or kind that is not known are counted and do nothing");
	contact(house, 1, SKUA_REFUSED, 1);
	ok(counts(house).alien == 5 && counts(house).sources == 1, "those that are known do");
	house_close(house);
}

static void test_min_score(void)
{
	struct pipeline_options options = house_options();
	struct house *house;

	options.min_score = 0.75;
	house = house_open_as(options);
	contacts(house, 20, SKUA_REFUSED, 1);
	tick(house, 2);
	ok(!lines(house, "", "") && counts(house).hidden == 1 && !counts(house).findings[2],
	   "a finding below the score that is shown is only counted");
	for (unsigned port = 21; port <= 25; port++)
		contact(house, port, SKUA_REFUSED, 3);
	tick(house, 4);
	ok(lines(house, "\"score\":0.8000,", "\"state\":\"new\"") == 1 && !counts(house).hidden &&
		   counts(house).findings[1] == 1,
	   "when it rises it is shown as new, and hidden no more");
	house_close(house);
	options.min_score = 0.7;
	house = house_open_as(options);
	contacts(house, 20, SKUA_REFUSED, 1);
	tick(house, 2);
	ok(lines(house, "", "") == 1, "at exactly that score it is shown");
	house_close(house);
}

static unsigned writes;

static int refuse(struct sink *sink, const struct record *record)
{
	(void)sink, (void)record;
	writes++;
	return -EIO;
}

static void test_failing_sink(void)
{
	struct pipeline_options options = house_options();
	static struct sink broken = { .name = "broken", .write = refuse };
	struct warning warning = { .time_ns = START_S * SECOND, .text = "blind on eth0" };
	const struct record record = { .kind = RECORD_WARNING, .warning = &warning };
	struct house *house;

	options.sinks[0] = &broken;
	house = house_open_as(options);
	contacts(house, 20, SKUA_REFUSED, 1);
	tick(house, 2);
	ok(writes == 1 && counts(house).unsunk == 1, "a record that a sink refuses is counted");
	ok(lines(house, "\"event_type\":\"scan\"", "") == 1,
	   "and the other sink has it all the same");
	pipeline_record(house->pipeline, &record);
	ok(writes == 2 && lines(house, "\"event_type\":\"warning\"", "blind on eth0") == 1 &&
		   counts(house).unsunk == 2,
	   "a record of any kind goes to every sink");
	house_close(house);
}

static void test_updates(void)
{
	struct house *house = house_open();

	contacts(house, 20, SKUA_REFUSED, 1);
	tick(house, 2);
	for (unsigned port = 21; port <= 40; port++)
		contact(house, port, SKUA_REFUSED, 30);
	tick(house, 31);
	ok(lines(house, "", "") == 1, "within a minute of packet time a finding is said once");
	tick(house, 61);
	tick(house, 63);
	ok(lines(house, "", "") == 1, "then it waits for the review of the next minute");
	tick(house, 120);
	ok(lines(house, "\"state\":\"update\"", "\"refused\":40") == 1 && lines(house, "", "") == 2,
	   "which says what has changed");
	tick(house, 180);
	ok(lines(house, "", "") == 2, "once");
	tick(house, 3600 + 30 - 1);
	ok(!lines(house, "\"state\":\"closed\"", ""), "for an hour nothing more is said");
	tick(house, 3660);
	ok(lines(house, "\"state\":\"closed\"", "") == 1, "then it is closed");
	house_close(house);
}

/* After a silence of 90 s the clock of a replay jumps, and may meet no whole minute. */
static void test_jump(void)
{
	struct house *house = house_open();

	contacts(house, 20, SKUA_REFUSED, 1);
	tick(house, 2);
	tick(house, 30 * 86400 + 7);
	ok(lines(house, "\"state\":\"closed\"", "") == 1,
	   "a clock that jumps over whole minutes closes what is over");
	house_close(house);
}

static void test_clock(void)
{
	struct house *house = house_open();

	contacts(house, 20, SKUA_REFUSED, 100);
	tick(house, 2);
	ok(lines(house, "\"timestamp\":\"2023-11-14T22:14:40.0", "") == 1,
	   "the clock is the latest of events and ticks, and never steps back");
	house_close(house);
}

static void test_end(void)
{
	struct house *house = house_open();

	contacts(house, 20, SKUA_UNANSWERED, 1);
	pipeline_ending(house->pipeline);
	tick(house, 2);
	ok(lines(house, "\"event_type\":\"scan\"", "\"at_end\":true") == 1,
	   "what is decided once the input has ended says so");
	for (unsigned port = 21; port <= 24; port++)
		contact(house, port, SKUA_UNANSWERED, 5);
	tick(house, 6);
	ok(lines(house, "", "") == 1, "news of the last minute is held back");
	pipeline_finish(house->pipeline);
	ok(lines(house, "\"state\":\"update\"", "\"unanswered\":24") == 1,
	   "until the end, which says all");
	house_close(house);
}

static void test_lists(void)
{
	struct pipeline_options options = house_options();
	struct pipeline *pipeline = NULL;

	options.lists = "/nonexistent";
	ok(pipeline_open(&pipeline, &options) == -ENOENT && !pipeline,
	   "lists that cannot be read are an error at start");
	pipeline_close(NULL);
}

int main(void)
{
	test_scan();
	test_no_scan();
	test_beacon();
	test_no_beacon();
	test_alien();
	test_min_score();
	test_failing_sink();
	test_updates();
	test_jump();
	test_clock();
	test_end();
	test_lists();
	return done();
}
