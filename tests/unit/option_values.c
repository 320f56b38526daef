// SPDX-License-Identifier: BSD-2-Clause
/* Values of options: what each type takes, what is wrong with the rest, and how each is written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "option/nearest.h"
#include "option/option_value.h"
#include "tap.h"

struct settings {
	struct option_texts names;
	struct option_networks locals;
	const char *host;
	uint64_t flows, ring, any;
	double score;
	int hook;
	bool pin;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "name", 'i', OPTION_TEXTS, FIELD(names), "NAME", "" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET", "" },
	{ "host", 0, OPTION_TEXT, FIELD(host), "NAME", "" },
	{ "flows", 0, OPTION_NUMBER, FIELD(flows), "N", "", .max = 1000 },
	{ "ring", 0, OPTION_NUMBER, FIELD(ring), "MB", "", NULL, 64, OPTION_POWER_OF_2 },
	{ "any", 0, OPTION_NUMBER, FIELD(any), "N", "" },
	{ "min-score", 0, OPTION_SHARE, FIELD(score), "SCORE", "" },
	{ "hook", 0, OPTION_CHOICE, FIELD(hook), "auto xdp tc", "" },
	{ "pin", 0, OPTION_FLAG, FIELD(pin), NULL, "" },
	{ .name = NULL },
};
static const struct option_command command = { "test", "", rows };

static struct settings settings;
static struct option_origins origins;

static void begin(void)
{
	memset(&settings, 0, sizeof(settings));
	memset(&origins, 0, sizeof(origins));
}

static const struct option_row *row(const char *name)
{
	return options_find(&command, name);
}

static int set(const char *name, const char *text)
{
	return option_set(&command, row(name), &settings, &origins, OPTION_ARGUMENT, text);
}

static void test_numbers(void)
{
	begin();
	ok(!set("flows", "1") && settings.flows == 1 && !set("flows", "1000") &&
		   settings.flows == 1000,
	   "a number from 1 to its most is taken");
	ok(set("flows", "0") == -EINVAL && set("flows", "1001") == -EINVAL &&
		   settings.flows == 1000,
	   "none below or above");
	ok(set("flows", " 1") == -EINVAL && set("flows", "+1") == -EINVAL &&
		   set("flows", "-1") == -EINVAL && set("flows", "1x") == -EINVAL &&
		   set("flows", "") == -EINVAL && set("flows", "0x10") == -EINVAL,
	   "digits only");
	ok(!set("any", "18446744073709551615") && settings.any == UINT64_MAX &&
		   set("any", "18446744073709551616") == -EINVAL,
	   "without a most it is the greatest there is");
	ok(!set("ring", "64") && !set("ring", "1") && set("ring", "3") == -EINVAL &&
		   set("ring", "65") == -EINVAL && set("ring", "128") == -EINVAL,
	   "a power of two is one");
	ok(option_max(row("flows")) == 1000 && option_max(row("any")) == UINT64_MAX, "and is told");
}

static void test_shares(void)
{
	begin();
	ok(!set("min-score", "0.25") && settings.score == 0.25 && !set("min-score", "0") &&
		   settings.score == 0 && !set("min-score", "1e0") && settings.score == 1,
	   "a share from 0 to 1 is taken");
	ok(set("min-score", "1.01") == -EINVAL && set("min-score", "-0.01") == -EINVAL &&
		   settings.score == 1,
	   "none beyond");
	ok(set("min-score", "nan") == -EINVAL && set("min-score", "0x0") == -EINVAL &&
		   set("min-score", " 0") == -EINVAL && set("min-score", "") == -EINVAL &&
		   set("min-score", "0.5.") == -EINVAL,
	   "nor what only a machine would read");
}

static void test_words(void)
{
	begin();
	ok(!set("hook", "tc") && settings.hook == 2 && !set("hook", "auto") && settings.hook == 0 &&
		   !set("hook", "xdp") && settings.hook == 1,
	   "a choice is its place");
	ok(set("hook", "xd") == -EINVAL && set("hook", "xdpx") == -EINVAL &&
		   set("hook", "") == -EINVAL && settings.hook == 1,
	   "part of one, or more than one, is none");
	ok(!set("pin", NULL) && settings.pin && !set("pin", "false") && !settings.pin &&
		   !set("pin", "true") && settings.pin,
	   "a flag may say what it is");
	ok(set("pin", "no") == -EINVAL && set("pin", "") == -EINVAL && settings.pin,
	   "in these words only");
}

static void test_lists(void)
{
	char many[1024] = "10.0.0.0/32";

	begin();
	ok(!set("local", "10.0.0.0/8,192.0.2.1") && !set("local", "2001:db8::/32") &&
		   settings.locals.count == 3 && settings.locals.networks[1].prefix == 128,
	   "networks come one by one or with commas between");
	ok(set("local", "10.0.0.0/8,x") == -EINVAL && set("local", "") == -EINVAL,
	   "each of them is one");
	begin();
	for (unsigned i = 1; i < OPTION_NETWORKS; i++)
		strcat(many, ",10.0.0.0/32");
	ok(!set("local", many) && settings.locals.count == 32, "32 fit");
	ok(set("local", "10.0.0.0/8") == -ENOSPC && settings.locals.count == 32, "33 do not");
	begin();
	memset(many, 'x', 512);
	many[512] = '\0';
	ok(set("local", many) == -EINVAL, "text of 512 bytes is no list");
	for (unsigned i = 0; i < OPTION_TEXTS_MAX; i++)
		set("name", "eth0");
	ok(settings.names.count == 64 && set("name", "eth1") == -ENOSPC &&
		   settings.names.count == 64,
	   "64 texts fit, 65 do not");
	ok(option_is_list(row("name")) && option_is_list(row("local")) &&
		   !option_is_list(row("host")),
	   "these two may be said again");
}

static void test_layers(void)
{
	begin();
	option_set(&command, row("name"), &settings, &origins, OPTION_FILE, "a");
	option_set(&command, row("name"), &settings, &origins, OPTION_FILE, "b");
	ok(settings.names.count == 2 && origins.rows[0].layer == OPTION_FILE,
	   "what one layer says adds up");
	ok(!set("name", "c") && settings.names.count == 1 &&
		   !strcmp(settings.names.texts[0], "c") &&
		   origins.rows[0].layer == OPTION_ARGUMENT,
	   "another one begins anew");
	ok(option_set(&command, row("flows"), &settings, &origins, OPTION_FILE, "x") &&
		   origins.rows[3].layer == OPTION_DEFAULT,
	   "what is refused comes from nowhere");
	set("local", "10.0.0.0/8");
	option_clear(row("local"), &settings);
	option_clear(row("flows"), &settings);
	ok(settings.locals.count == 0 && settings.names.count == 1, "a list alone is cleared");
}

static bool explains(const char *name, int err, const char *text, const char *expected)
{
	char why[OPTION_WHY];
	bool good = !strcmp(option_explain(row(name), err, text, why), expected);

	if (!good)
		printf("# %s\n", why);
	return good;
}

static void test_explained(void)
{
	ok(explains("flows", -EINVAL, "x", "'x' is not a whole number from 1 to 1000") &&
		   explains("any", -EINVAL, "x", "'x' is not a whole number from 1 on") &&
		   explains("ring", -EINVAL, "3", "'3' is not a power of two from 1 to 64"),
	   "what is wrong with a number names its bounds");
	ok(explains("hook", -EINVAL, "x", "'x' is none of: auto xdp tc") &&
		   explains("min-score", -EINVAL, "2", "'2' is not a number from 0 to 1") &&
		   explains("pin", -EINVAL, NULL, "'' is neither true nor false") &&
		   explains("local", -EINVAL, "\033",
			    "'\\x1b' is not an address or network such as 10.0.0.0/8"),
	   "with a word what there is; what would move the cursor is shown harmlessly");
	ok(explains("name", -ENOSPC, "x", "at most 64 times; name fewer") &&
		   explains("local", -ENOSPC, "x", "at most 32 networks; join some to larger ones"),
	   "with a full list how many there may be");
}

/* As YAML. */
static bool writes(const char *name, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);
	bool good;

	option_write(row(name), &settings, stream);
	fclose(stream);
	good = !strcmp(text, expected);
	if (!good)
		printf("# %s\n", text);
	free(text);
	return good;
}

static void test_written(void)
{
	begin();
	set("host", "a\"b\\c\nd\xff\xc3\xa4");
	ok(writes("host", "\"a\\\"b\\\\c\\U0000000ad\\U0000fffd\xc3\xa4\""),
	   "a text is quoted, and what a screen does not show is escaped");
	set("name", "a");
	set("name", "b");
	set("local", "10.0.0.0/8,2001:db8::/32");
	ok(writes("name", "[\"a\", \"b\"]"), "texts are a list");
	ok(writes("local", "[\"10.0.0.0/8\", \"2001:db8::/32\"]"),
	   "networks are a list, their length as one would write it");
	settings.score = 0.5;
	ok(writes("min-score", "0.5"), "a share is as short as it may be,");
	settings.score = 1;
	ok(writes("min-score", "1"), "without a point where it needs none");
	settings.score = 0;
	ok(writes("min-score", "0"), "and 0 stays");
	settings.hook = 2;
	settings.flows = 10;
	ok(writes("hook", "tc") && writes("flows", "10") && writes("pin", "false") &&
		   !set("pin", NULL) && writes("pin", "true"),
	   "others are words and numbers");
}

static bool equal_in(const char *name, struct settings *other, const char *text)
{
	struct option_origins none;

	memset(&none, 0, sizeof(none));
	memset(other, 0, sizeof(*other));
	option_set(&command, row(name), other, &none, OPTION_DEFAULT, text);
	return option_equal(row(name), &settings, other);
}

static void test_compared(void)
{
	struct settings other;
	char host[] = "here";

	begin();
	set("host", "here");
	ok(equal_in("host", &other, host) && !equal_in("host", &other, "there"),
	   "texts are compared by their letters");
	memset(&other, 0, sizeof(other));
	ok(!option_equal(row("host"), &settings, &other) &&
		   !option_equal(row("host"), &other, &settings) &&
		   option_equal(row("host"), &other, &other),
	   "one that is not set is like none that is");
	set("name", "a");
	ok(equal_in("name", &other, "a") && !equal_in("name", &other, "b"),
	   "so are lists of texts");
	set("name", "b");
	ok(!equal_in("name", &other, "a"), "by their length, too");
	set("local", "10.0.0.0/8");
	ok(equal_in("local", &other, "10.0.0.0/8") && !equal_in("local", &other, "10.0.0.0/9") &&
		   !equal_in("local", &other, "11.0.0.0/8") &&
		   !equal_in("local", &other, "10.0.0.0/8,10.0.0.0/8"),
	   "networks by address and length");
	set("flows", "7");
	ok(equal_in("flows", &other, "7") && !equal_in("flows", &other, "8"),
	   "numbers as they are");
	option_copy(row("flows"), &settings, &other);
	ok(settings.flows == 8 && settings.names.count == 2, "one value is taken over, no other");
}

static void test_set(void)
{
	begin();
	ok(!option_is_set(row("host"), &settings) && !option_is_set(row("flows"), &settings) &&
		   !option_is_set(row("name"), &settings) &&
		   !option_is_set(row("local"), &settings),
	   "what holds nothing is not set");
	ok(option_is_set(row("pin"), &settings) && option_is_set(row("hook"), &settings) &&
		   option_is_set(row("min-score"), &settings),
	   "what cannot hold nothing is");
	set("host", "");
	set("flows", "1");
	set("name", "a");
	set("local", "10.0.0.0/8");
	ok(option_is_set(row("host"), &settings) && option_is_set(row("flows"), &settings) &&
		   option_is_set(row("name"), &settings) && option_is_set(row("local"), &settings),
	   "what holds something is, be it empty");
}

static void test_nearest(void)
{
	char word[NEAREST_LENGTH + 1];

	ok(nearest_edits("flows", "flows") == 0 && nearest_edits("Min_Score", "min-score") == 0,
	   "a word is near to itself, however it is spelt");
	ok(nearest_edits("flow", "flows") == 1 && nearest_edits("flowss", "flows") == 1 &&
		   nearest_edits("flaws", "flows") == 1 && nearest_edits("folws", "flows") == 1,
	   "a letter less, more, other, or two exchanged are one edit");
	ok(nearest_edits("", "flows") == 5 && nearest_edits("flows", "") == 5 &&
		   nearest_edits("wolfs", "flows") == 3 && nearest_edits("ca", "abc") == 3,
	   "others are more");
	memset(word, 'a', sizeof(word));
	word[63] = '\0';
	ok(nearest_edits(word, word) == 0 && nearest_edits(word, "") == 63,
	   "63 letters are a word");
	word[63] = 'a';
	word[64] = '\0';
	ok(nearest_edits(word, "a") == 64 && nearest_edits("a", word) == 64,
	   "64 are near to nothing");
	ok(nearest_is_near(1, "abc") && !nearest_is_near(2, "abc") && nearest_is_near(2, "abcd") &&
		   !nearest_is_near(3, "abcdefg") && nearest_is_near(3, "abcdefgh"),
	   "an edit more may be for every four letters");
}

int main(void)
{
	test_numbers();
	test_shares();
	test_words();
	test_lists();
	test_layers();
	test_explained();
	test_written();
	test_compared();
	test_set();
	test_nearest();
	return done();
}
