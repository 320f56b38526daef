// SPDX-License-Identifier: BSD-2-Clause
/* Who asks for domains that do not exist: when that is judged, how often, what is remembered. */
#include <stdlib.h>
#include <string.h>
#include "skua/flow.h"
#include "track/askers.h"
#include "tap.h"

#define START_S 1700000000ull
#define HOUR_S 3600
#define FROM 16 /* domains that are judged */

static struct askers askers;
static const struct address client = { .bytes = { 10, 1 } }, other = { .bytes = { 10, 2 } },
			    resolver = { .bytes = { 10, 3 } };

static void begin(void)
{
	askers_fini(&askers);
	if (askers_init(&askers, 8))
		abort();
}

/* Does that client have to be judged, when it fails so many seconds after the start? */
static const struct asker *fail_as(const struct address *who, unsigned number, uint64_t after_s)
{
	struct asker_failure failure = { .client = who,
					 .resolver = &resolver,
					 .now_ns = (START_S + after_s) * SKUA_SECOND_NS };
	char domain[32];

	snprintf(domain, sizeof(domain), "x%u.example", number);
	failure.domain = domain;
	return askers_failure(&askers, &failure);
}

/* So many domains one after the other, in one second; how many of them are judged. */
static unsigned fail(unsigned first, unsigned count, uint64_t after_s)
{
	unsigned judged = 0;

	for (unsigned i = first; i < first + count; i++)
		judged += fail_as(&client, i, after_s) != NULL;
	return judged;
}

static void test_judged(void)
{
	const struct asker *asker;

	begin();
	ok(!fail(0, FROM - 1, 0), "fewer than sixteen domains are typing errors");
	asker = fail_as(&client, FROM - 1, 1);
	ok(asker && !memcmp(&asker->client, &client, sizeof(client)) &&
		   !memcmp(&asker->resolver, &resolver, sizeof(resolver)) &&
		   asker->first_ns == START_S * SKUA_SECOND_NS &&
		   asker->last_ns == (START_S + 1) * SKUA_SECOND_NS && asker->nxdomain == FROM &&
		   !strcmp(asker->sample, "x15.example"),
	   "the sixteenth is judged, with who asked whom, since when, and for what");
	ok(!fail(0, FROM, 2), "no more domains are no news");
	ok(fail(FROM, 3, 3) == 3, "each one more is");
	ok(asker->nxdomain == 2 * FROM + 3 &&
		   asker_count(asker, (START_S + 3) * SKUA_SECOND_NS) == FROM + 3,
	   "answers count each time, domains once");
	ok(!fail_as(&other, 0, 4), "what one asks for is not another's");
}

static void test_hour(void)
{
	const struct asker *asker;

	begin();
	fail(0, FROM - 1, 0);
	asker = fail_as(&client, 100, HOUR_S - 1);
	ok(asker && asker_count(asker, asker->last_ns) == FROM, "within an hour domains add up");
	ok(asker_count(asker, asker->last_ns + SKUA_SECOND_NS) == 1, "at its end they are gone");
	begin();
	fail(0, FROM, 0);
	ok(!fail(0, FROM, HOUR_S - 1) && !fail_as(&client, 0, HOUR_S),
	   "those that are asked for again last, and are no news for an hour");
	ok(fail_as(&client, 0, HOUR_S + 1) && !fail_as(&client, 1, HOUR_S + 1),
	   "then they are judged again, once");
}

static void test_many(void)
{
	const struct asker *asker;

	begin();
	fail(0, ASKER_DOMAINS, 0);
	fail(ASKER_DOMAINS, 1, 1);
	fail(1, ASKER_DOMAINS - 1, 2);
	asker = table_find(&askers.table, &client);
	ok(asker_count(asker, (START_S + 2) * SKUA_SECOND_NS) == ASKER_DOMAINS,
	   "as many domains are remembered as there is room for");
	ok(asker_count(asker, (START_S + HOUR_S) * SKUA_SECOND_NS) == ASKER_DOMAINS,
	   "of which the one that failed longest ago gives way");
	ok(asker_count(asker, (START_S + HOUR_S + 1) * SKUA_SECOND_NS) == ASKER_DOMAINS - 1,
	   "and no other");
}

int main(void)
{
	test_judged();
	test_hour();
	test_many();
	askers_fini(&askers);
	return done();
}
