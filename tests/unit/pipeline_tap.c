// SPDX-License-Identifier: BSD-2-Clause
/* Facts told by the tap and given to another pipeline stand for the samples they came from. */
#include "house_names.h"

/* The house that sees samples tells the facts to one that sees none. */
static struct house *blind;
static unsigned hellos, names_told;

static void tap(void *arg, const struct fact *fact)
{
	hellos += fact->kind == FACT_HELLO;
	names_told += fact->kind == FACT_NAME;
	if (arg != &blind)
		abort();
	pipeline_fact(blind->pipeline, fact);
}

static void callback_to(struct house *house, unsigned n)
{
	struct skua_exchange_event event = { .start_ns = at_s(60 * n),
					     .flow_ns = at_s(60 * n),
					     .client = SKUA_LOW,
					     .ours = 1,
					     .by_syn = 1 };

	event.head = head_of(SKUA_EVENT_EXCHANGE, CLIENT, SERVER, 443, 60 * n);
	event.head.key.low_port += n;
	pipeline_event(house->pipeline, &event.head, NULL);
	pipeline_event(blind->pipeline, &event.head, NULL);
	event.head.time_ns += SECOND / 10;
	request(house, event.head, "c2.example.net");
}

static bool same(struct house *house)
{
	fflush(house->stream);
	fflush(blind->stream);
	return house->size && house->size == blind->size &&
	       !memcmp(house->text, blind->text, house->size);
}

int main(void)
{
	struct pipeline_options options = house_options();
	struct skua_event late = head_of(SKUA_EVENT_SAMPLE, CLIENT, SERVER, 443, 20 * 3600);
	struct house *house;

	blind = house_open();
	options.tap = tap;
	options.tap_arg = &blind;
	house = house_open_as(options);
	for (unsigned n = 0; n < 14; n++)
		callback_to(house, n);
	answer(house, CLIENT, "\7example\3net", 850);
	ok(hellos == 14 && names_told == 1, "the tap is told each fact, once");
	ok(lines(blind, "\"event_type\":\"beacon\"", "\"name\":\"c2.example.net\"") >= 1,
	   "a fact does what its sample does");
	ok(same(house), "so that the same findings are told, byte for byte");
	late.ifindex = 7;
	request(house, late, "www.example.net"); /* out of order, from hours later */
	tick(house, 900);
	tick(blind, 900);
	tick(house, 960);
	tick(blind, 960);
	ok(!lines(house, "\"state\":\"closed\"", "") && same(house),
	   "a sample moves no clock: nothing but its facts comes of it");
	pipeline_ending(house->pipeline);
	pipeline_ending(blind->pipeline);
	pipeline_finish(house->pipeline);
	pipeline_finish(blind->pipeline);
	ok(same(house) && lines(house, "\"at_end\":true", "") >= 1, "to the end");
	house_close(house);
	house_close(blind);
	return done();
}
