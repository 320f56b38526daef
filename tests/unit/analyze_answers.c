// SPDX-License-Identifier: BSD-2-Clause
/* Rows as a table, JSON and CSV, whatever the wire put into them. */
#include <stdlib.h>
#include <string.h>
#include "analyze/answers.h"
#include "tap.h"

static const struct answers_column columns[] = {
	{ "frame", NULL, 0 },    { "name", "NAME", 6 }, { "size", "SIZE", 4 },
	{ "parts", "PARTS", 0 }, { .name = NULL },
};

static char *text;
static size_t size;

static struct answers *begin(enum answers_format format)
{
	struct answers *answers;
	static FILE *stream;

	if (stream)
		fclose(stream);
	free(text);
	stream = open_memstream(&text, &size);
	if (!stream || answers_open(&answers, stream, format, columns))
		abort();
	return answers;
}

static void row(struct answers *answers, const char *name, uint64_t number, const char *part)
{
	answers_begin_row(answers);
	answers_put_number(answers, 7);
	answers_put_bytes(answers, name, strlen(name));
	if (number)
		answers_put_number(answers, number);
	else
		answers_put_none(answers);
	answers_begin_list(answers);
	if (part)
		answers_put_text(answers, part);
	if (part)
		answers_put_text(answers, "b");
	answers_end_list(answers);
	answers_end_row(answers);
}

static bool is(struct answers *answers, const char *wanted)
{
	if (answers_close(answers))
		abort();
	if (strcmp(text, wanted))
		printf("# got  %s# want %s", text, wanted);
	return !strcmp(text, wanted);
}

int main(void)
{
	struct answers *answers = begin(ANSWERS_TABLE);
	FILE *full = fopen("/dev/full", "w");

	row(answers, "ab", 5, "a");
	row(answers, "longer than it", 0, NULL);
	ok(is(answers, "NAME   SIZE PARTS\nab     5    a,b\nlonger than it      \n"),
	   "a table has headings, and a long value shifts its own row only");
	answers = begin(ANSWERS_JSON);
	row(answers, "a\"\x1b[2J\n", 0, "a");
	ok(is(answers,
	      "{\"frame\":7,\"name\":\"a\\\"\\u001b[2J\\u000a\",\"parts\":[\"a\",\"b\"]}\n"),
	   "JSON is a line each, escapes what is hostile and leaves out what is not there");
	answers = begin(ANSWERS_CSV);
	row(answers, "=cmd\n,\"", 12, "a");
	row(answers, "", 0, NULL);
	ok(is(answers, "frame,name,size,parts\n7,\"'=cmd\\x0a,\"\"\",12,\"a,b\"\n7,\"\",,\"\"\n"),
	   "CSV quotes text, leaves numbers alone and guards spreadsheets");
	if (!full || answers_open(&answers, full, ANSWERS_JSON, columns))
		abort();
	row(answers, "a", 1, NULL);
	ok(answers_rows(answers) == 1 && answers_close(answers) != 0, "a full disk is told");
	return done();
}
