// SPDX-License-Identifier: BSD-2-Clause
/* Objects and lists that paths of a mapping open and close. */
#include <stdlib.h>
#include <string.h>
#include "report/schema.h"
#include "report_samples.h"
#include "tap.h"

static bool none(const struct mapping_input *input, struct mapping_value *out)
{
	(void)input;
	(void)out;
	return false;
}

static bool writes(const struct mapping_row *rows, const struct finding *finding,
		   const char *expected)
{
	const struct sink_envelope envelope = {};
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	struct json json;
	bool good;

	json_init(&json, stream);
	mapping_write(&json, rows, &envelope, finding);
	fclose(stream);
	good = !strcmp(text, expected);
	if (!good)
		printf("# %s# %s", text, expected);
	free(text);
	return good;
}

static void test_paths(void)
{
	static const struct mapping_row deep[] = {
		{ "a.b.c", .number = 1 }, { "a.b.d", .text = "x" }, { "a.bc", .number = 2 },
		{ "a", .number = 3 },     { "ab.c", .number = 4 },  { NULL }
	};
	static const struct mapping_row lists[] = {
		{ "l.0", .number = 1 },   { "l.1", .number = 2 },   { "m.0.x", .number = 3 },
		{ "m.0.y", .number = 4 }, { "m.1.x", .number = 5 }, { NULL }
	};
	static const struct mapping_row holes[] = { { "a.b.c", none },
						    { "l.0.x", none },
						    { "l.1.x", .text = "" },
						    { "z", none },
						    { NULL } };
	static const struct mapping_row empty[] = { { "a.b", none }, { NULL } };
	const struct finding finding = sample_scan();

	ok(writes(deep, &finding,
		  "{\"a\":{\"b\":{\"c\":1,\"d\":\"x\"},\"bc\":2},\"a\":3,\"ab\":{\"c\":4}}\n"),
	   "objects are open as long as paths share them, whole names alone");
	ok(writes(lists, &finding, "{\"l\":[1,2],\"m\":[{\"x\":3,\"y\":4},{\"x\":5}]}\n"),
	   "numbers are places in lists, of values and of objects");
	ok(writes(holes, &finding, "{\"l\":[{\"x\":\"\"}]}\n"),
	   "what a finding does not have opens nothing");
	ok(writes(empty, &finding, "{}\n"), "and nothing at all is an empty object");
}

/* Every path of both tables, of any finding, ends where it began. */
static void test_tables(void)
{
	const struct mapping_row *tables[] = { schema_ecs_rows, schema_ocsf_rows };
	bool ordered = true;

	for (unsigned i = 0; i < 2; i++)
		for (const struct mapping_row *row = tables[i]; row->path; row++)
			for (const struct mapping_row *other = row + 1; other->path; other++)
				ordered = ordered && strcmp(row->path, other->path);
	ok(ordered, "no path stands twice in ECS and OCSF");
}

int main(void)
{
	test_paths();
	test_tables();
	return done();
}
