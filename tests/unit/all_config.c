// SPDX-License-Identifier: BSD-2-Clause
/* Configuration in YAML: what is taken, and each refusal with its exact words and place. */
#include <errno.h>
#include <string.h>
#include "config/config_layers.h"
#include "option/nearest.h"
#include "option/option_value.h"
#include "tap.h"

struct settings {
	struct option_texts interfaces;
	struct option_networks locals;
	const char *host;
	uint64_t flows, ring;
	double score;
	int hook;
	bool pin, numeric;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "interface", 'i', OPTION_TEXTS, FIELD(interfaces), "NAME", "watch" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET", "ours" },
	{ "host", 0, OPTION_TEXT, FIELD(host), "NAME", "who" },
	{ "flows", 0, OPTION_NUMBER, FIELD(flows), "N", "how many", "100", .max = 1000 },
	{ "ring", 0, OPTION_NUMBER, FIELD(ring), "MB", "room", "16", 64, OPTION_POWER_OF_2 },
	{ "min-score", 0, OPTION_SHARE, FIELD(score), "SCORE", "from", "0.5" },
	{ "hook", 0, OPTION_CHOICE, FIELD(hook), "auto xdp tc", "where" },
	{ "pin", 0, OPTION_FLAG, FIELD(pin), NULL, "stay" },
	{ "numeric", 'n', OPTION_FLAG, FIELD(numeric), NULL, "x", .traits = OPTION_COMMAND_LINE },
	{ .name = NULL },
};
static const struct option_command command = { "test", "", rows };

static struct settings settings;
static struct option_origins origins;
static struct config_texts texts;

static int read_bytes(const char *text, size_t length, struct config_fault *fault)
{
	const struct config_rows to = { &command, &settings, &origins, &texts };

	memset(&settings, 0, sizeof(settings));
	options_begin(&command, &settings, &origins);
	return config_rows_yaml(&to, text, length, fault);
}

static bool is_taken(const char *text)
{
	struct config_fault fault;
	int err = read_bytes(text, strlen(text), &fault);

	if (err)
		printf("# %u:%u: %s\n", fault.at.line, fault.at.column, fault.why);
	return !err;
}

static void test_taken(void)
{
	ok(is_taken(
		   "interface: [eth0, \"veth*=workload\"]\nlocal:\n  - 10.0.0.0/8\n  - 'fd00::/8'\n"
		   "host: node-7 # here\nflows: 7\nring: 32\nmin-score: 0.75\nhook: tc\npin: "
		   "true\n"),
	   "every type is taken, in block and in flow style, with and without quotes");
	ok(settings.interfaces.count == 2 && !strcmp(settings.interfaces.texts[0], "eth0") &&
		   !strcmp(settings.interfaces.texts[1], "veth*=workload"),
	   "the elements of a list, in order");
	ok(settings.locals.count == 2 && settings.locals.networks[0].prefix == 104 &&
		   settings.locals.networks[1].prefix == 8,
	   "networks");
	ok(!strcmp(settings.host, "node-7") && settings.flows == 7 && settings.ring == 32 &&
		   settings.score == 0.75 && settings.hook == 2 && settings.pin,
	   "single values");
	ok(origins.rows[2].layer == OPTION_FILE && origins.rows[2].line == 5,
	   "and it is known in which line they stood");
	ok(is_taken("") && settings.flows == 100 && settings.ring == 16 && settings.score == 0.5,
	   "from an empty file nothing comes: what holds by itself holds");
	ok(is_taken("# nothing\n---\n# at all\n"), "nor from comments");
	ok(is_taken("{\"flows\": 5, \"interface\": [\"lo\"], \"pin\": false}") &&
		   settings.flows == 5 && !settings.pin,
	   "JSON is taken, being YAML");
	ok(is_taken("interface: lo\n") && settings.interfaces.count == 1,
	   "one element needs no list");
	ok(is_taken("interface: []\n") && !settings.interfaces.count &&
		   origins.rows[0].layer == OPTION_FILE,
	   "a list may be empty, and says so");
}

static const struct refusal {
	const char *text;
	unsigned line, column;
	const char *why;
} refusals[] = {
	{ "flows: 7\nflow: 8\n", 2, 1, "unknown key 'flow': did you mean 'flows'?" },
	{ "min_score: 1\n", 1, 1, "unknown key 'min_score': did you mean 'min-score'?" },
	{ "intreface: lo\n", 1, 1, "unknown key 'intreface': did you mean 'interface'?" },
	{ "elephant: 1\n", 1, 1,
	  "unknown key 'elephant': 'skua config dump --commented' lists them" },
	{ "\"a\\e[1mb\": 1\n", 1, 1, "a control character: values are of one line" },
	{ "numeric: true\n", 1, 1, "'numeric' is for the command line only" },
	{ "pin: true\n\nflows: 3\npin: false\n", 4, 1, "pin: is set in line 1 already" },
	{ "flows: many\n", 1, 8, "flows: 'many' is not a whole number from 1 to 1000" },
	{ "flows: 0\n", 1, 8, "flows: '0' is not a whole number from 1 to 1000" },
	{ "flows: 1001\n", 1, 8, "flows: '1001' is not a whole number from 1 to 1000" },
	{ "flows: -1\n", 1, 8, "flows: '-1' is not a whole number from 1 to 1000" },
	{ "flows: 0x10\n", 1, 8, "flows: '0x10' is not a whole number from 1 to 1000" },
	{ "flows: \"7\"\n", 1, 8, "flows: \"7\" is a text; write it without quotes" },
	{ "flows: [7]\n", 1, 8, "flows: a list, where one value belongs" },
	{ "flows:\n  n: 7\n", 2, 3,
	  "a value or a list of values belongs here: nothing nests deeper" },
	{ "flows:\n", 1, 7,
	  "flows: a value is missing; leave the line out for what holds by itself" },
	{ "ring: 24\n", 1, 7, "ring: '24' is not a power of two from 1 to 64" },
	{ "min-score: 1.5\n", 1, 12, "min-score: '1.5' is not a number from 0 to 1" },
	{ "min-score: .nan\n", 1, 12, "min-score: '.nan' is not a number from 0 to 1" },
	{ "pin: yes\n", 1, 6, "pin: 'yes' is neither true nor false" },
	{ "pin: \"true\"\n", 1, 6, "pin: \"true\" is a text; write it without quotes" },
	{ "hook: bpf\n", 1, 7, "hook: 'bpf' is none of: auto xdp tc" },
	{ "host: 7\n", 1, 7, "host: '7' is a number in YAML; in quotes it is a text" },
	{ "host: -1.5e3\n", 1, 7, "host: '-1.5e3' is a number in YAML; in quotes it is a text" },
	{ "host: true\n", 1, 7, "host: 'true' is a truth value in YAML; in quotes it is a text" },
	{ "host: ~\n", 1, 7,
	  "host: a value is missing; leave the line out for what holds by itself" },
	{ "local: [10.0.0.0/8,\n  nowhere]\n", 2, 3,
	  "local: 'nowhere' is not an address or network such as 10.0.0.0/8" },
	{ "interface: [[lo]]\n", 1, 13,
	  "a value or a list of values belongs here: nothing nests deeper" },
	{ "[flows]\n", 1, 1, "a list, where lines of KEY: VALUE belong" },
	{ "flows\n", 1, 1, "lines of KEY: VALUE belong here" },
	{ "? [a]\n: 1\n", 1, 3, "a key must be one word" },
	{ "host: &a x\n", 1, 7, "anchors are not allowed" },
	{ "interface: &a [lo]\n", 1, 12, "anchors are not allowed" },
	{ "host: *a\n", 1, 7, "aliases are not allowed: write the value once more" },
	{ "host: !!str x\n", 1, 7, "tags are not allowed" },
	{ "%YAML 1.1\n---\nflows: 1\n", 1, 1, "directives are not allowed" },
	{ "flows: 1\n---\npin: true\n", 2, 1, "a second document is not allowed" },
	{ "flows: 1\n\tpin: true\n", 2, 1,
	  "this is no YAML: found a tab character that violates indentation while scanning a "
	  "plain scalar" },
	{ "flows: 1\nhost: \"x\n", 3, 1,
	  "this is no YAML: found unexpected end of stream while scanning a quoted scalar" },
	{ "flows: 1\nhost: \xc3\xa9\xff\n", 2, 8,
	  "this is no text in UTF-8: invalid leading UTF-8 octet" },
};

static void test_refusals(void)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *wanted = &refusals[i];
		struct config_fault fault = { .at = { 0, 0 } };
		char sentence[CONFIG_WHY];
		int err = read_bytes(wanted->text, strlen(wanted->text), &fault);
		bool good = err && fault.at.line == wanted->line &&
			    fault.at.column == wanted->column && !strcmp(fault.why, wanted->why);

		snprintf(sentence, sizeof(sentence), "refused at %u:%u: %s", wanted->line,
			 wanted->column, wanted->why);
		ok(good, sentence);
		if (!good)
			printf("# %d %u:%u: %s\n", err, fault.at.line, fault.at.column, fault.why);
	}
}

static void test_bounds(void)
{
	char text[4096] = "interface: [lo";
	struct config_fault fault;
	const char *first;

	for (int i = 1; i < OPTION_TEXTS_MAX; i++)
		strcat(text, ", lo");
	strcat(text, "]\n");
	ok(is_taken(text), "a list of 64 is taken");
	strcpy(text + strlen(text) - 2, ", lo]\n");
	ok(read_bytes(text, strlen(text), &fault) == -EINVAL && fault.at.column == 269 &&
		   !strcmp(fault.why, "interface: at most 64 times; name fewer"),
	   "one of 65 is not");
	memset(text, 'x', 2000);
	memcpy(text, "host: ", 6);
	strcpy(text + 6 + CONFIG_TEXT_BYTES - 1, "\n");
	ok(is_taken(text), "a text of 1023 bytes is taken");
	strcpy(text + 6 + CONFIG_TEXT_BYTES - 1, "x\n");
	ok(read_bytes(text, strlen(text), &fault) == -EINVAL &&
		   !strcmp(fault.why, "this is longer than 1023 bytes"),
	   "one of 1024 is not");
	ok(read_bytes("host: \"a\\0b\"\n", 13, &fault) == -EINVAL && fault.at.column == 7,
	   "a zero byte cannot hide what follows");
	first = config_texts_keep(&texts, "lo");
	ok(first && first == config_texts_keep(&texts, "lo"), "equal texts are kept once");
	text[1000] = '\0';
	for (unsigned i = 0; i < 2000; i++) {
		snprintf(text, 8, "%06u", i);
		text[6] = 'x';
		first = config_texts_keep(&texts, text);
	}
	ok(!first && texts.bytes <= CONFIG_KEPT_BYTES,
	   "and no more of them than there is room for");
}

static void test_layers(void)
{
	const struct config_rows to = { &command, &settings, &origins, &texts };
	char why[CONFIG_WHY];

	is_taken("interface: [a, b]\nflows: 3\n");
	ok(!config_rows_text(&to, &rows[0], OPTION_ENVIRONMENT, "c,d,", why) &&
		   settings.interfaces.count == 2 && !strcmp(settings.interfaces.texts[0], "c"),
	   "a list of a higher layer takes the place of the one below");
	ok(!config_rows_text(&to, &rows[0], OPTION_ENVIRONMENT, "e", why) &&
		   settings.interfaces.count == 3,
	   "one of the same layer goes on");
	ok(config_rows_text(&to, &rows[3], OPTION_ENVIRONMENT, "x", why) == -EINVAL &&
		   !strcmp(why, "'x' is not a whole number from 1 to 1000") && settings.flows == 3,
	   "a bad value is told and changes nothing");
}

static void test_nearest(void)
{
	ok(nearest_edits("flows", "flows") == 0 && nearest_edits("flow", "flows") == 1 &&
		   nearest_edits("folws", "flows") == 1 && nearest_edits("", "ring") == 4 &&
		   nearest_edits("MIN_SCORE", "min-score") == 0 &&
		   nearest_edits("kitten", "sitting") == 3,
	   "edits between words: more, less, other, exchanged");
}

int main(void)
{
	test_taken();
	test_refusals();
	test_layers();
	test_nearest();
	test_bounds();
	config_texts_free(&texts);
	return done();
}
