// SPDX-License-Identifier: BSD-2-Clause
/* skua suppress: which findings need not be said, why, and until when. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/remedy.h"
#include "base/log.h"
#include "base/time_text.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"
#include "session/suppress_file.h"

#define FIELD(name) offsetof(struct settings, name)
#define SECOND_NS 1000000000ull

struct settings {
	const char *file;
	const char *kind, *src, *dst, *port, *name, *reason, *until, *duration;
	bool forever;
};

static const struct option_row rows[] = {
	{ "kind", 0, OPTION_TEXT, FIELD(kind), "KIND",
	  "add: beacon, scan, exfil, dns_exfil, dns_dga, trigger or suspicious_port" },
	{ "src", 0, OPTION_TEXT, FIELD(src), "NET", "add: whose findings" },
	{ "dst", 0, OPTION_TEXT, FIELD(dst), "NET", "add: about whom" },
	{ "port", 0, OPTION_TEXT, FIELD(port), "PORT", "add: of the destination" },
	{ "name", 0, OPTION_TEXT, FIELD(name), "DOMAIN", "add: it, and all names below it" },
	{ "reason", 0, OPTION_TEXT, FIELD(reason), "TEXT", "add: why nobody need know; a must" },
	{ "until", 0, OPTION_TEXT, FIELD(until), "TIME",
	  "add: when it ends: 2026-12-31, or 2026-12-31T12:00:00Z" },
	{ "for", 0, OPTION_TEXT, FIELD(duration), "DURATION", "add: or how long: 12h, 30d, 8w" },
	{ "forever", 0, OPTION_FLAG, FIELD(forever), NULL, "add: or that it never ends" },
	{ "file", 0, OPTION_TEXT, FIELD(file), "FILE",
	  "the file of rules (" SUPPRESSIONS_PATH ")" },
	{ .name = NULL },
};

const struct option_command suppress_command = {
	.usage = "suppress [OPTION]... add | list | remove ID | check",
	.about = "Findings that need not be said: rules in a text file, one on each line, each "
		 "with a\n"
		 "reason and an end.  'skua run' reads it at start and at SIGHUP, 'skua replay' "
		 "with\n"
		 "--suppressions.  What a rule keeps back is counted, and shown with\n"
		 "--show-suppressed.\n"
		 "Exit: 0 done, 1 failure, 2 usage, or the file makes no sense.",
	.rows = rows,
};

static uint64_t now(void)
{
	return (uint64_t)time(NULL) * SECOND_NS;
}

/* "12h", "30d", "8w": 0 when it is none, or beyond a hundred years. */
static uint64_t duration_s(const char *text)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = { { 'h', 3600 }, { 'd', 86400 }, { 'w', 604800 } };
	size_t digits = strspn(text, "0123456789");
	uint64_t number = digits && digits < 7 ? strtoul(text, NULL, 10) : 0;

	if (!digits || text[digits] == '\0' || text[digits + 1])
		return 0;
	for (unsigned i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == text[digits] && number * units[i].seconds < 100 * 31557600ull)
			return number * units[i].seconds;
	return 0;
}

/* NULL, or what is wrong. */
static const char *set_end(struct suppression *rule, const struct settings *settings)
{
	if (!!settings->until + !!settings->duration + settings->forever != 1)
		return "when does it end? say one of --until, --for and --forever";
	if (settings->until && !strcmp(settings->until, "forever"))
		return "--forever says that";
	if (settings->duration && !duration_s(settings->duration))
		return "--for is a number and h, d or w, such as 30d";
	if (!settings->duration)
		return suppression_set(rule, "until",
				       settings->until ? settings->until : "forever");
	rule->has_until = true;
	rule->until_ns = now() + duration_s(settings->duration) * SECOND_NS;
	return NULL;
}

static const char *build(struct suppression *rule, const struct settings *settings)
{
	const struct {
		const char *key, *value;
	} parts[] = {
		{ "kind", settings->kind }, { "src", settings->src },
		{ "dst", settings->dst },   { "port", settings->port },
		{ "name", settings->name }, { "reason", settings->reason },
	};
	const char *why = NULL;

	memset(rule, 0, sizeof(*rule));
	for (unsigned i = 0; !why && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].value)
			why = suppression_set(rule, parts[i].key, parts[i].value);
	if (!why && !settings->reason)
		why = "why? say it with --reason, for who comes after you";
	if (!why)
		why = set_end(rule, settings);
	if (!why)
		why = suppression_complete(rule);
	if (!why && suppression_is_over(rule, now()))
		why = "it would have ended already";
	return why;
}

static int say_failure(const char *path, int err)
{
	log_error("cannot change %s: %s; %s", path, strerror(-err), remedy_write(err));
	return EXIT_RUNTIME;
}

static int add(const struct suppressions *known, const struct settings *settings)
{
	char line[SUPPRESSION_LINE];
	struct suppression rule;
	const char *why = build(&rule, settings);
	int err;

	if (why) {
		log_error("suppress add: %s", why);
		return EXIT_USAGE;
	}
	for (unsigned i = 0; i < known->count; i++)
		if (!strcmp(known->rules[i].id, rule.id)) {
			log_error("%s has a rule for this already: 'skua suppress remove %s' first",
				  settings->file, rule.id);
			return EXIT_USAGE;
		}
	if (known->count == SUPPRESSIONS_MAX) {
		log_error("%s has %u rules, which is all there is room for: remove some",
			  settings->file, SUPPRESSIONS_MAX);
		return EXIT_USAGE;
	}
	err = suppress_file_add(settings->file, &rule);
	if (err)
		return say_failure(settings->file, err);
	printf("%s  %s\n", rule.id, suppression_format(&rule, line));
	return EXIT_OK;
}

static int list(const struct suppressions *known)
{
	char line[SUPPRESSION_LINE];

	for (unsigned i = 0; i < known->count; i++)
		printf("%s  %s%s\n", known->rules[i].id,
		       suppression_is_over(&known->rules[i], now()) ? "(expired) " : "",
		       suppression_format(&known->rules[i], line));
	return EXIT_OK;
}

static int check(const struct suppressions *known)
{
	unsigned over = 0;

	for (unsigned i = 0; i < known->count; i++)
		over += suppression_is_over(&known->rules[i], now());
	printf("%s: %u rule%s, %u expired\n", known->path, known->count,
	       known->count == 1 ? "" : "s", over);
	return EXIT_OK;
}

static int take_away(const struct settings *settings, const char *id)
{
	int err = suppress_file_remove(settings->file, id);

	if (!err)
		return EXIT_OK;
	if (err != -ENOENT)
		return say_failure(settings->file, err);
	log_error("%s has no rule '%s': 'skua suppress list' shows them", settings->file, id);
	return EXIT_USAGE;
}

static int run(const struct suppressions *known, const struct settings *settings, int argc,
	       char **argv)
{
	if (argc == 1 && !strcmp(argv[0], "add"))
		return add(known, settings);
	if (argc == 1 && !strcmp(argv[0], "list"))
		return list(known);
	if (argc == 1 && !strcmp(argv[0], "check"))
		return check(known);
	if (argc == 2 && !strcmp(argv[0], "remove"))
		return take_away(settings, argv[1]);
	log_error("suppress: say add, list, remove ID or check; 'skua suppress --help' shows how");
	return EXIT_USAGE;
}

/* The word may come before the options, as people say it. */
int cmd_suppress(int argc, char **argv)
{
	struct settings settings = { .file = SUPPRESSIONS_PATH };
	struct suppressions *known = NULL;
	char *words[2] = { NULL, NULL };
	int first, count = 0, status;

	while (argc > 1 && count < 2 && argv[1][0] != '-') {
		words[count++] = argv[1];
		argv[1] = argv[0];
		argv++;
		argc--;
	}
	status = options_parse(&suppress_command, argc, argv, &settings, &first);
	if (status >= 0)
		return status;
	for (; first < argc && count < 2; first++)
		words[count++] = argv[first];
	if (first < argc)
		count = 0;
	if (suppressions_open(&known, settings.file, true))
		return EXIT_USAGE;
	status = run(known, &settings, count, words);
	suppressions_close(known);
	return status;
}
