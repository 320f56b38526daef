// SPDX-License-Identifier: BSD-2-Clause
/* How a score came about, as JSON: each number under its name, and what does not apply left out. */
#include <stdlib.h>
#include <string.h>
#include "report/derivation_json.h"
#include "tap.h"

static char *said;

/* Without the zeros behind fractions, of which six digits are told. */
static void shorten(char *text)
{
	char *to = text;

	while (*text) {
		char *from = to;

		if (*text != '.' || text[1] < '0' || text[1] > '9') {
			*to++ = *text++;
			continue;
		}
		for (*to++ = *text++; *text >= '0' && *text <= '9';)
			*to++ = *text++;
		while (to[-1] == '0')
			to--;
		if (to == from + 1)
			to--;
	}
	*to = '\0';
}

static void tell(const struct finding *finding, const struct derivation *derivation)
{
	size_t size;
	FILE *stream;
	struct json json;

	free(said);
	stream = open_memstream(&said, &size);
	if (!stream)
		abort();
	json_init(&json, stream);
	json_open_object(&json, NULL);
	derivation_write_json(&json, finding, derivation);
	json_close(&json);
	fclose(stream);
	shorten(said);
}

static bool has(const char *text)
{
	bool found = strstr(said, text) != NULL;

	if (!found)
		printf("# no %s in %s\n", text, said);
	return found;
}

static bool lacks(const char *name)
{
	return !strstr(said, name);
}

static struct derivation beacon(void)
{
	return (struct derivation){
		.score = 0.75,
		.threshold = 0.5,
		.shown = 0.25,
		.part_count = 1,
		.parts = { { .name = "by_count",
			     .from_s = 1,
			     .to_s = 2,
			     .k = 3,
			     .n = 4,
			     .wilson = 5,
			     .null = 6,
			     .weight = 7,
			     .factor = 8,
			     .most = 9,
			     .value = 10 } },
		.beacon = {
			.bin_count = 2,
			.bins = { { 1, 2, 3 }, { 4, 5, 6 } },
			.bursts_below_s = 11,
			.median_s = 12,
			.missed = 13,
			.by_flow = true,
			.evidence = { .nats = 14,
				      .at = 15,
				      .allowed = 16,
				      .per = 17,
				      .most = 18,
				      .none = 19,
				      .full = 20,
				      .time_from_s = 21,
				      .time_nats = 22,
				      .time_most = 23,
				      .interval_s = 24,
				      .jitter_percent = 25,
				      .missed_percent = 26 },
			.tail_ratio = 27,
			.size_from_bytes = 28,
			.size_to_bytes = 29,
			.size_k = 30,
			.size_n = 31,
			.size = 32,
			.slots_held = 33,
			.slots = 34,
			.slot_s = 35,
			.coverage = 36,
			.regularity = 37,
			.base = 38,
			.size_weight = 39,
			.coverage_weight = 40,
			.jitter_percent = 41,
		},
	};
}

static void test_beacon(void)
{
	const struct finding finding = { .kind = FINDING_BEACON, .score = 0.125 };
	struct derivation derivation = beacon();

	tell(&finding, &derivation);
	ok(has("{\"derivation\":{\"score_raw\":0.75,\"threshold\":0.5,\"shown_from\":0.25,"),
	   "a score stands first, with what it must reach");
	ok(has("\"gaps\":[{\"from_s\":1,\"to_s\":2,\"count\":3},"
	       "{\"from_s\":4,\"to_s\":5,\"count\":6}],"
	       "\"bursts_below_s\":11,\"median_s\":12,\"missed\":13,\"by_flow\":true,"),
	   "then the gaps of a beacon");
	ok(has("\"regularities\":[{\"name\":\"by_count\",\"from_s\":1,\"to_s\":2,\"k\":3,\"n\":4,"
	       "\"wilson\":5,\"null\":6,\"weight\":7,\"factor\":8,\"most\":9,\"value\":10}],"),
	   "what each way of looking at them gives");
	ok(has("\"evidence\":{\"nats\":14,\"at\":15,\"allowed\":16,\"per\":17,\"most\":18,"
	       "\"none\":19,\"full\":20,\"time_from_s\":21,\"time_nats\":22,\"time_most\":23,"
	       "\"interval_s\":24,\"jitter_percent\":25,\"missed_percent\":26},"
	       "\"tail_ratio\":27,"),
	   "what evidence allows");
	ok(has("\"size\":{\"from_bytes\":28,\"to_bytes\":29,\"k\":30,\"n\":31,\"wilson\":32},"
	       "\"coverage\":{\"held\":33,\"slots\":34,\"slot_s\":35,\"share\":36},"),
	   "sizes and coverage");
	ok(has("\"formula\":{\"regularity\":37,\"base\":38,\"size_weight\":39,\"size\":32,"
	       "\"coverage_weight\":40,\"coverage\":36},\"jitter_percent\":41,"),
	   "and how they are put together");
	ok(has("\"context\":[],\"score\":0.125}}") && lacks("rules") && lacks("conditions") &&
		   lacks("information") && lacks("usual") && lacks("smallest"),
	   "what it has not is left out");
}

static void test_rules(void)
{
	const struct finding finding = { .kind = FINDING_EXFIL };
	struct derivation derivation = {
		.smallest = 42,
		.smallest_of = "bytes",
		.rule_count = 1,
		.rules = { { .name = "volume",
			     .of = "octaves",
			     .holds = true,
			     .horizon_s = 1,
			     .measure = 2,
			     .from = 3,
			     .floor = 4,
			     .step = 5,
			     .factor = 6,
			     .score = 7,
			     .failed = 8,
			     .contacts = 9,
			     .targets = 10,
			     .ports = 11 } },
		.test_count = 1,
		.tests = { { .name = "young", .value = 1, .limit = 2, .bonus = 3, .holds = true } },
		.usual = { .known = true,
			   .of_source = true,
			   .hours = 24,
			   .hour_bytes = 25,
			   .octaves = 26,
			   .mean = 27,
			   .deviation = 28,
			   .z = 29,
			   .peak = 30,
			   .slack = 31 },
	};

	tell(&finding, &derivation);
	ok(has("\"rules\":[{\"name\":\"volume\",\"of\":\"octaves\",\"holds\":true,"
	       "\"horizon_s\":1,\"measure\":2,\"from\":3,\"floor\":4,\"step\":5,\"factor\":6,"
	       "\"score\":7,\"not_booked\":8,\"contacts\":9,\"targets\":10,\"ports\":11}],"),
	   "rules are told with what they measure");
	ok(has("\"conditions\":[{\"name\":\"young\",\"value\":1,\"limit\":2,\"bonus\":3,"
	       "\"holds\":true}],"),
	   "and conditions with their limits");
	ok(has("\"usual\":{\"of_source\":true,\"hours\":24,\"hour_bytes\":25,\"octaves\":26,"
	       "\"mean\":27,\"deviation\":28,\"z\":29,\"peak\":30,\"slack\":31},"),
	   "an upload is compared with what is usual");
	ok(has("\"smallest\":{\"of\":\"bytes\",\"number\":42}}}") && lacks("gaps") &&
		   lacks("evidence"),
	   "and the smallest that is found stands last");
	derivation.usual.known = false;
	tell(&finding, &derivation);
	ok(lacks("usual"), "if that is known");
}

static void test_dns(void)
{
	const struct finding finding = { .kind = FINDING_DNS_EXFIL };
	const struct derivation derivation = {
		.dns = { .bytes = 1, .floor_bytes = 2, .octaves = 3, .full_octaves = 4, .base = 5 }
	};

	tell(&finding, &derivation);
	ok(has("\"information\":{\"bytes\":1,\"floor_bytes\":2,\"octaves\":3,\"full_octaves\":4,"
	       "\"base\":5},"),
	   "names tell how much they carry");
}

static void test_context(void)
{
	const struct finding finding = {
		.kind = FINDING_SCAN,
		.score_raw = 0.5,
		.factor_count = 3,
		.factors = { { .name = "a", .factor = 0.25, .raise = true, .why = "one" },
			     { .name = "b", .factor = 0.5, .raise = true, .why = "two" },
			     { .name = "c", .factor = 0.5, .why = "three" } },
	};
	const struct derivation derivation = { .score = 0 };

	tell(&finding, &derivation);
	ok(has("\"context\":[{\"name\":\"a\",\"factor\":0.25,\"raise\":true,\"before\":0.5,"
	       "\"after\":0.75,\"why\":\"one\"},"
	       "{\"name\":\"b\",\"factor\":0.5,\"raise\":true,\"before\":0.75,\"after\":1,"
	       "\"why\":\"two\"},"
	       "{\"name\":\"c\",\"factor\":0.5,\"raise\":false,\"before\":1,\"after\":0.5,"
	       "\"why\":\"three\"}],"),
	   "context is told step by step: raises are added and end at 1, factors multiply");
}

int main(void)
{
	test_beacon();
	test_rules();
	test_dns();
	test_context();
	free(said);
	return done();
}
