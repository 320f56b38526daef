// SPDX-License-Identifier: BSD-2-Clause
/* Sources count what their events say, in bounded memory, and show who changed in order. */
#include <stdlib.h>
#include "contacts.h"
#include "tap.h"

#define SHOWN_MAX 64

struct shown {
	unsigned count;
	struct source_key keys[SHOWN_MAX];
	struct tracked_source last;
};

static void show(void *arg, const struct tracked_source *source)
{
	struct shown *shown = arg;

	if (shown->count < SHOWN_MAX)
		shown->keys[shown->count] = source->key;
	shown->count++;
	shown->last = *source;
}

static struct sources *begin(uint32_t capacity)
{
	struct sources_options options = SOURCES_OPTIONS_DEFAULT;
	struct sources *sources = calloc(1, sizeof(*sources));

	options.capacity = capacity;
	if (!sources || sources_init(sources, &options))
		abort();
	return sources;
}

static void end(struct sources *sources)
{
	sources_fini(sources);
	free(sources);
}

static struct shown tick(struct sources *sources, uint64_t second)
{
	struct shown shown = { 0 };

	sources_tick(sources, (START_S + second) * SECOND, show, &shown);
	return shown;
}

static struct contact tcp(uint32_t from, uint32_t to, uint16_t port, uint8_t outcome, double at_s)
{
	return (struct contact){ .from = address_plus("10.1.0.1", from),
				 .to = address_plus("10.2.0.1", to),
				 .port = port,
				 .source_port = 40000,
				 .proto = SKUA_TCP,
				 .flags = SKUA_SYN,
				 .outcome = outcome,
				 .at_s = at_s };
}

static void say(struct sources *sources, struct contact contact)
{
	contact_say(sources, &contact);
}

static void test_order(void)
{
	struct sources *sources = begin(64);
	struct contact other = tcp(3, 1, 9, SKUA_UNREACHABLE, 1);
	struct shown shown;
	bool sorted = true;

	for (uint32_t i = 0; i < 40; i++)
		say(sources, tcp(i * 27 % 41, 1, 80, SKUA_REFUSED, 1));
	other.proto = SKUA_UDP;
	say(sources, other);
	shown = tick(sources, 2);
	for (unsigned i = 1; i < shown.count; i++) {
		int order = memcmp(&shown.keys[i - 1].address, &shown.keys[i].address, 16);

		sorted &= order < 0 || (!order && shown.keys[i - 1].class < shown.keys[i].class);
	}
	ok(shown.count == 41 && sorted, "a tick shows each that changed once, in order");
	ok(!tick(sources, 3).count, "the next tick shows nobody, for nobody changed");
	end(sources);
}

static void test_outcomes(void)
{
	static const uint8_t outcomes[] = { SKUA_REFUSED, SKUA_UNREACHABLE, SKUA_UNANSWERED,
					    SKUA_HALF_OPEN };
	struct sources *sources = begin(64);
	const struct horizon *horizon;
	struct shown shown;

	for (int i = 0; i < 4; i++) {
		say(sources, tcp(1, 1, 80 + i, outcomes[i], 1));
		say(sources, tcp(1, 1, 80 + i, SKUA_REFUSED, 1));
	}
	say(sources, tcp(1, 2, 80, SKUA_ANSWERED, 1));
	say(sources, tcp(1, 2, 80, SKUA_ANSWERED, 1));
	shown = tick(sources, 2);
	horizon = &shown.last.horizons.horizon[0];
	ok(horizon->outcomes[SKUA_REFUSED] == 1 && horizon->outcomes[SKUA_UNREACHABLE] == 1 &&
		   horizon->outcomes[SKUA_UNANSWERED] == 1 &&
		   horizon->outcomes[SKUA_HALF_OPEN] == 1,
	   "a contact counts once, by its first outcome");
	ok(distinct_count(&horizon->failures).contacts == 4 && horizon->answered == 1,
	   "a success repeated is one, and no failure");
	ok(horizon->cusum == 3, "the sum is failed less succeeded");
	ok(shown.last.inside > 0 && shown.last.ours && shown.last.ifindex == 1,
	   "side, targets and interface are remembered");
	end(sources);
}

/* The formula by the letter, second after second. */
static int32_t step(int32_t sum, const int *failed, const int *succeeded, int second)
{
	int credit = 0;

	for (int i = second > 5 ? second - 5 : 0; i <= second; i++)
		credit += succeeded[i];
	sum += failed[second] - succeeded[second];
	return sum < -credit ? -credit : sum;
}

static void test_sum(void)
{
	struct sources *sources = begin(64);
	int failed[200] = { 0 }, succeeded[200] = { 0 };
	int32_t expected = 0;
	uint64_t state = 3;
	uint32_t answered = 0;
	uint16_t port = 1;
	bool same = true;

	for (int second = 0; second < 200; second++) {
		struct shown shown;
		int tried;

		state = state * 6364136223846793005u + 1442695040888963407u;
		if (state >> 62 == 0)
			failed[second] = (state >> 40) % 4;
		tried = state >> 62 == 1 ? (state >> 40) % 4 : 0;
		for (int i = 0; i < failed[second]; i++)
			say(sources, tcp(1, 1, port++, SKUA_REFUSED, second));
		for (int i = 0; i < tried; i++)
			say(sources, tcp(1, 2, port++, SKUA_ANSWERED, second));
		shown = tick(sources, second);
		if (shown.count) {
			/* What shares its bit with another is not counted as new. */
			succeeded[second] = shown.last.horizons.horizon[0].answered - answered;
			answered = shown.last.horizons.horizon[0].answered;
		}
		expected = step(expected, failed, succeeded, second);
		if (shown.count)
			same &= shown.last.horizons.horizon[0].cusum == expected;
	}
	ok(same && answered > 50, "the sum is max(-C, s + F - S) though idle seconds are left out");
	end(sources);
}

static void test_horizons(void)
{
	struct sources *sources = begin(64);
	const struct horizon *horizon;
	struct shown shown;

	for (int i = 0; i < 8; i++)
		say(sources, tcp(1, 1, 100 + i, SKUA_REFUSED, i));
	tick(sources, 10);
	say(sources, tcp(1, 1, 200, SKUA_REFUSED, 400));
	shown = tick(sources, 401);
	horizon = shown.last.horizons.horizon;
	ok(horizon[0].cusum == 1 && horizon[1].cusum == 9 && horizon[2].cusum == 9,
	   "after five minutes the short horizon begins anew, the long ones go on");
	say(sources, tcp(1, 1, 300, SKUA_REFUSED, 3e8));
	shown = tick(sources, 300000001);
	horizon = shown.last.horizons.horizon;
	ok(horizon[0].cusum == 1 && horizon[2].cusum == 1 && horizon[2].failures.known == 1,
	   "after ten idle years everything begins anew");
	end(sources);
}

static void test_withdrawn(void)
{
	struct sources *sources = begin(64);
	struct shown shown;

	for (int i = 0; i < 30; i++) {
		say(sources, tcp(1, i, 80, SKUA_ANSWERED, i));
		say(sources, tcp(1, i, 80, SKUA_EMPTY, i));
		say(sources, tcp(1, i, 80, SKUA_EMPTY, i));
		shown = tick(sources, i);
	}
	ok(shown.last.horizons.horizon[0].cusum == 0,
	   "successes of which nothing came count neither way");
	end(sources);
}

static void test_rhythm(void)
{
	struct sources *sources = begin(64);
	struct shown shown;

	for (int round = 0; round < 6; round++) {
		for (int i = 0; i < 20; i++) {
			say(sources, tcp(1, i, 80, SKUA_ANSWERED, round * 10));
			say(sources, tcp(1, i, 80, SKUA_EMPTY, round * 10));
		}
		shown = tick(sources, round * 10 + 1);
	}
	ok(shown.last.empties.used == 20 && shown.last.empties.repeats == 100 &&
		   shown.last.empties.steady == 80,
	   "a health check every ten seconds shows its rhythm from the third round on");
	end(sources);
	sources = begin(64);
	for (int i = 0; i < 6; i++) {
		static const int late_s[] = { 0, 10, 23, 33, 63, 70 };

		say(sources, tcp(1, 1, 80, SKUA_EMPTY, late_s[i]));
	}
	shown = tick(sources, 100);
	ok(shown.last.empties.steady == 2, "13 s after 10 s is steady, 30 s and 7 s are not");
	end(sources);
}

static void test_full(void)
{
	struct sources *sources = begin(64);
	struct source_key ours = { .address = address_plus("10.1.0.1", 6000), .class = SOURCE_TCP };
	struct source_key scanner = { .address = address_plus("10.1.0.1", 5000),
				      .class = SOURCE_TCP };
	uint32_t marked = 0;

	for (int i = 0; i < 100; i++)
		say(sources, tcp(5000, 1, 100 + i, SKUA_REFUSED, 1));
	for (int i = 0; i < 4000; i++)
		say(sources, tcp(i, 1, 80, SKUA_UNANSWERED, 2 + i * 0.01));
	ok(sources->table.used == 64 && sources->table.evictions == 4001 - 64,
	   "4,000 strangers with one contact each evict each other, and are counted");
	ok(table_find(&sources->table, &scanner), "the scanner before them stays");
	say(sources, tcp(6000, 1, 80, SKUA_UNANSWERED, 43));
	for (int i = 0; i < 4000; i++) {
		struct contact stranger = tcp(i, 1, 80, SKUA_UNANSWERED, 44 + i * 0.001);

		stranger.stranger = true;
		say(sources, stranger);
	}
	ok(table_find(&sources->table, &ours), "nor do 4,000 strangers push out one of ours");
	ok(tick(sources, 60).count == 64, "who was evicted before the tick is not shown");
	for (int i = 0; i < 60; i++)
		say(sources, tcp(7000 + i, 1, 80, SKUA_UNANSWERED, 61));
	for (const struct tracked_source *v = NULL; (v = table_next(&sources->table, v));)
		marked += v->changed != 0;
	ok(marked < 60 && sources->changed_count == marked,
	   "the evicted leave no holes, whose closing a flood would pay for each time");
	end(sources);
}

static void test_ignored(void)
{
	struct sources *sources = begin(64);
	struct contact contact = tcp(1, 1, 80, SKUA_OUTCOMES, 1);

	say(sources, contact);
	contact.outcome = 0;
	say(sources, contact);
	contact.outcome = SKUA_REFUSED;
	contact.proto = SKUA_SCTP;
	say(sources, contact);
	contact.proto = SKUA_TCP;
	contact.to = address_of("224.0.0.1");
	say(sources, contact);
	contact.to = address_of("10.2.0.1");
	contact.from = address_of("0.0.0.0");
	say(sources, contact);
	neighbour_say(sources, 0, address_of("10.0.0.1"), address_of("10.0.0.1"), false, 1);
	ok(sources->ignored == 6 && !sources->contacts && !sources->table.used,
	   "what is damaged, unknown or addressed to many is counted and ignored");
	neighbour_say(sources, 0, address_of("10.0.0.1"), address_of("10.0.0.2"), true, 1);
	ok(!sources->table.used, "an answer that nobody asked for makes no source");
	end(sources);
}

/* Whatever arrives, in whatever order: nothing but counting happens. */
static void test_nonsense(void)
{
	struct sources *sources = begin(32);
	uint64_t state = 11, shown = 0;

	for (int i = 0; i < 20000; i++) {
		struct skua_contact_event event;
		unsigned char *bytes = (unsigned char *)&event;

		for (unsigned j = 0; j < sizeof(event); j++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			bytes[j] = state >> 60 < 12 ? 0 : state >> 50;
		}
		event.outcome %= SKUA_OUTCOMES + 1;
		event.head.key.proto = (state >> 40) % 2 ? SKUA_TCP : (state >> 33) % 64;
		sources_contact(sources, &event);
		if (i % 50 == 0)
			shown += tick(sources, state >> 20).count;
	}
	ok(shown && sources->contacts + sources->ignored == 20000,
	   "20,000 random events are taken or ignored, and all are counted");
	end(sources);
}

int main(void)
{
	ok(sizeof(struct tracked_source) <= 3200, "a source takes little more than 3 KiB");
	test_order();
	test_outcomes();
	test_sum();
	test_horizons();
	test_withdrawn();
	test_rhythm();
	test_full();
	test_ignored();
	test_nonsense();
	return done();
}
