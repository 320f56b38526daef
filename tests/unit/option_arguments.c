// SPDX-License-Identifier: BSD-2-Clause
/* Arguments of a command: options before, behind and among words, and what is refused. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/exit.h"
#include "option/options.h"
#include "option/option_value.h"
#include "tap.h"

struct settings {
	struct option_texts names;
	const char *host;
	uint64_t flows, ring;
	bool pin, quiet;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "name", 'i', OPTION_TEXTS, FIELD(names), "NAME", "which" },
	{ "host", 0, OPTION_TEXT, FIELD(host), "NAME", "who" },
	{ "flows", 'f', OPTION_NUMBER, FIELD(flows), "N", "how many", "100", .max = 1000 },
	{ "ring", 0, OPTION_NUMBER, FIELD(ring), "MB", "room", "16", .traits = OPTION_SAID },
	{ "pin", 'p', OPTION_FLAG, FIELD(pin), NULL, "stay" },
	{ "quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "say less" },
	{ .name = NULL },
};
static const struct option_command command = { "test [OPTION]... FILE...", "Tests.", rows };

static struct settings settings;
static char *arguments[16];
static int count, first;
static char said[4096]; /* to standard error or output, by the last call */

static void begin_said(int of, int *kept, FILE **to)
{
	fflush(of == 1 ? stdout : stderr);
	*kept = dup(of);
	*to = tmpfile();
	if (!*to || dup2(fileno(*to), of) < 0)
		abort();
}

static void end_said(int of, int kept, FILE *to)
{
	size_t got;

	fflush(of == 1 ? stdout : stderr);
	dup2(kept, of);
	close(kept);
	rewind(to);
	got = fread(said, 1, sizeof(said) - 1, to);
	said[got] = '\0';
	fclose(to);
}

typedef int parse_fn(const struct option_command *command, int argc, char **argv, void *settings,
		     int *first);

/* words: arguments with blanks between. */
static int parse_as(parse_fn *parse, int of, const char *words)
{
	static char texts[64][256]; /* getopt() keeps its place in the last one */
	static unsigned calls;
	char *text = texts[calls++ % 64];
	int kept, status;
	FILE *to;

	snprintf(text, sizeof(texts[0]), "%s", words);
	memset(&settings, 0, sizeof(settings));
	count = 0;
	first = -7;
	arguments[count++] = (char *)"skua test";
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		arguments[count++] = word;
	arguments[count] = NULL;
	begin_said(of, &kept, &to);
	status = parse(&command, count, arguments, &settings, &first);
	end_said(of, kept, to);
	return status;
}

static int parse(const char *words)
{
	return parse_as(options_parse, 2, words);
}

static int among(const char *words)
{
	return parse_as(options_parse_among, 2, words);
}

static void test_taken(void)
{
	ok(parse("") == -1 && first == 1 && settings.flows == 100 && settings.ring == 0,
	   "without arguments the defaults hold; one that is only said is not set");
	ok(parse("--flows=7 --host here -i a -ib -pq file x") == -1 && first == 8 &&
		   settings.flows == 7 && !strcmp(settings.host, "here") &&
		   settings.names.count == 2 && !strcmp(settings.names.texts[1], "b") &&
		   settings.pin && settings.quiet,
	   "long ones, short ones, and short ones in one");
	ok(parse("file --pin") == -1 && first == 1 && !settings.pin, "they end at the first word,");
	ok(parse("-p -- -q") == -1 && first == 3 && settings.pin && !settings.quiet, "or at --");
	ok(parse("-f 8 --flows=9") == -1 && settings.flows == 9, "of two the last holds");
	ok(parse("-p -") == -1 && first == 2, "- is a word");
}

static void test_refused(void)
{
	ok(parse("--flow-s 1") == EXIT_USAGE &&
		   strstr(said,
			  "'--flow-s' is no option of this command; 'skua test --help' lists"),
	   "what is no option is named, with what lists them");
	ok(parse("-x") == EXIT_USAGE && strstr(said, "'-x' is no option"), "so is a letter");
	ok(parse("--host") == EXIT_USAGE &&
		   strstr(said, "'--host' needs a value; 'skua test --help'"),
	   "what lacks a value is,");
	ok(parse("-p -f") == EXIT_USAGE && strstr(said, "'-f' needs a value"),
	   "with a letter, too");
	ok(parse("--flows=0") == EXIT_USAGE &&
		   strstr(said, "--flows: '0' is not a whole number from 1 to 1000"),
	   "a value that is none is explained");
	ok(parse("-f 1001") == EXIT_USAGE && strstr(said, "--flows: '1001'"),
	   "under the long name, whatever was used");
	ok(first == -7, "and nobody is told where the words begin");
}

static void test_help(void)
{
	ok(parse_as(options_parse, 1, "--help") == EXIT_OK &&
		   !strncmp(said, "Usage: skua test [OPTION]... FILE...\n\nTests.\n\n", 46),
	   "help begins with the usage");
	ok(strstr(said, "\n  -f, --flows=N              how many (100)\n") &&
		   strstr(said, "\n      --ring=MB              room (16)\n") &&
		   strstr(said, "\n  -p, --pin                  stay\n") &&
		   strstr(said, "\n  -h, --help                 this text\n"),
	   "each option has a line, with its default");
	ok(parse_as(options_parse, 1, "-p -h file") == EXIT_OK && strstr(said, "Usage"),
	   "-h is the same");
}

/* The words, in their order, are these. */
static bool words_are(const char *expected)
{
	char words[256] = "";

	for (int i = first; i < count; i++) {
		strcat(words, arguments[i]);
		strcat(words, i + 1 < count ? " " : "");
	}
	if (strcmp(words, expected))
		printf("# %s\n", words);
	return !strcmp(words, expected);
}

static void test_among(void)
{
	ok(among("a -p b --flows 7 c") == -1 && settings.pin && settings.flows == 7 &&
		   words_are("a b c"),
	   "options among words are found, and the words stay in order");
	ok(among("-q a b -p") == -1 && settings.quiet && settings.pin && words_are("a b"),
	   "at the end, too");
	ok(among("a b") == -1 && first == 1 && words_are("a b") && settings.flows == 100,
	   "where there are none, nothing moves");
	ok(among("") == -1 && first == 1, "nor where there is nothing");
	ok(among("a - -p -") == -1 && settings.pin && words_are("a - -"),
	   "- is a word there as well");
}

static void test_among_end(void)
{
	ok(among("-q -- a -p") == -1 && settings.quiet && !settings.pin && words_are("a -p"),
	   "behind -- all is words");
	ok(among("a -q -- b -p") == -1 && settings.quiet && !settings.pin && words_are("a b -p"),
	   "wherever that stands among options");
	ok(among("a -- -p") == -1 && !settings.pin && words_are("a -- -p"),
	   "behind a word it is left to whoever reads the words");
}

static void test_among_refused(void)
{
	ok(among("a -x b") == EXIT_USAGE && strstr(said, "skua test: '-x' is no option"),
	   "what is no option is refused there, by the same name");
	ok(among("a --flows=0 b") == EXIT_USAGE && strstr(said, "--flows: '0' is not"),
	   "and what is no value");
	ok(parse_as(options_parse_among, 1, "a b --help") == EXIT_OK && strstr(said, "Usage"),
	   "help can be asked for there");
}

static void test_override(void)
{
	struct option_origins origins;
	char *words[] = { (char *)"test", (char *)"--flows=9", NULL };

	memset(&settings, 0, sizeof(settings));
	options_begin(&command, &settings, &origins);
	ok(origins.rows[2].layer == OPTION_DEFAULT && settings.flows == 100, "defaults come first");
	option_set(&command, &rows[1], &settings, &origins, OPTION_FILE, "there");
	option_set(&command, &rows[2], &settings, &origins, OPTION_FILE, "50");
	ok(options_override(&command, 2, words, &settings, &origins, &first) == -1 &&
		   settings.flows == 9 && !strcmp(settings.host, "there") &&
		   origins.rows[2].layer == OPTION_ARGUMENT && origins.rows[1].layer == OPTION_FILE,
	   "arguments go before a file, and only where they are");
	ok(options_find(&command, "ring") == &rows[3] && !options_find(&command, "rin") &&
		   !options_find(&command, "rings"),
	   "an option is found by its whole name");
}

int main(void)
{
	test_taken();
	test_refused();
	test_help();
	test_among();
	test_among_end();
	test_among_refused();
	test_override();
	return done();
}
