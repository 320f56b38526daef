// SPDX-License-Identifier: BSD-2-Clause
/* skua explain: how the score of a finding came about. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "explain/explain_source.h"
#include "serve/protocol.h"

#define FIELD(name) offsetof(struct explain_settings, name)

static const struct option_row rows[] = {
	{ "id", 0, OPTION_TEXT, FIELD(id), "PREFIX",
	  "of a file's findings the one whose id begins so, 4 digits or more" },
	{ "vault", 0, OPTION_TEXT, FIELD(vault), "DIR",
	  "look for FINDING_ID there (default: ask the agent, then " VAULT_PATH ")" },
	{ "socket", 0, OPTION_TEXT, FIELD(socket), "PATH",
	  "where the agent answers (default: " CONTROL_PATH ")" },
	{ "min-score", 0, OPTION_SHARE, FIELD(min_score), "SCORE",
	  "of a capture or journal: explain findings from this score on (0.5)" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET",
	  "our side; repeatable (default: private addresses)" },
	{ "lists", 0, OPTION_TEXT, FIELD(lists), "DIR",
	  "list files of known services and ports (default: built in)" },
	{ "suppressions", 0, OPTION_TEXT, FIELD(suppressions), "FILE",
	  "say which findings its rules keep back" },
	{ "no-tunnels", 0, OPTION_FLAG, FIELD(no_tunnels), NULL,
	  "do not look inside tunnels, if the agent did not" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "text json", "how it is printed" },
	{ .name = NULL },
};

const struct option_command explain_command = {
	.usage = "explain [OPTION]... FINDING_ID|FILE",
	.about =
		"Tells how the score of a finding came about, so that it can be computed again:\n"
		"by its id, which may be cut to 4 digits, from the running agent or the vault; or\n"
		"from a snapshot of the vault, a capture, a journal or JSON lines.\n"
		"Exit: 0 done, 1 not there or failure, 2 usage.",
	.rows = rows,
};

#ifdef HAVE_JANSSON
#include <jansson.h>
#include "client/agent_error.h"
#include "explain/explain_text.h"

/* By falling score, then by id, so that output does not depend on the order of the input. */
static int by_score(const void *a, const void *b)
{
	const struct explain_entry *x = a, *y = b;
	double p = explain_number(x->last, "score"), q = explain_number(y->last, "score");

	return p != q ? (p < q) - (p > q) : strcmp(x->id, y->id);
}

static int show(const struct explain_entry *entry, bool json, bool replayed, bool first)
{
	json_t *merged = explain_merged(entry);

	if (!merged)
		return -1;
	if (json) {
		json_dumpf(merged, stdout,
			   JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(10));
		putchar('\n');
	} else {
		if (!first)
			putchar('\n');
		explain_write(stdout, merged, replayed);
	}
	json_decref(merged);
	return 0;
}

static int say_ambiguous(const struct explain_set *set, const char *prefix)
{
	log_error("'%s' is the beginning of several ids; give more digits:", prefix);
	for (unsigned i = 0; i < set->count; i++)
		if (!strncmp(set->entries[i].id, prefix, strlen(prefix)))
			explain_write_candidate(stderr, set->entries[i].last);
	return EXIT_USAGE;
}

static int show_one(const struct explain_set *set, const char *prefix, const char *where, bool json,
		    bool replayed)
{
	const struct explain_entry *entry;
	unsigned found = explain_set_match(set, prefix, &entry);

	if (found > 1)
		return say_ambiguous(set, prefix);
	if (!found) {
		log_error("%s has no finding whose id begins with '%s'; 'skua explain FILE' and "
			  "'skua findings' "
			  "show ids",
			  where, prefix);
		return EXIT_RUNTIME;
	}
	return show(entry, json, replayed, true) ? EXIT_RUNTIME : EXIT_OK;
}

static int show_all(struct explain_set *set, const char *where, bool json, bool replayed)
{
	if (!set->count) {
		log_error("%s: nothing was found in it%s", where,
			  replayed ? "" : "; --min-score 0 shows what context calmed");
		return EXIT_RUNTIME;
	}
	qsort(set->entries, set->count, sizeof(set->entries[0]), by_score);
	for (unsigned i = 0; i < set->count; i++)
		if (show(&set->entries[i], json, replayed, !i))
			return EXIT_RUNTIME;
	return EXIT_OK;
}

static bool is_prefix(const char *text)
{
	size_t length = strlen(text);

	return length >= EXPLAIN_PREFIX_MIN && length < FINDING_ID &&
	       strspn(text, "0123456789abcdef") == length;
}

/* The agent, unless a vault was named; then the vault. */
static int explain_id(struct explain_set *set, struct explain_settings *settings, const char *id)
{
	const char *socket = settings->socket ? settings->socket : CONTROL_PATH;
	struct client client = { socket, AGENT_TIMEOUT_MS, 0 };
	const struct explain_entry *entry;
	bool json = settings->format, replayed = false;
	int err = settings->vault ? 0 : explain_from_agent(set, socket), status;

	if (!settings->vault && (err || !explain_set_match(set, id, &entry))) {
		if (settings->socket || access(VAULT_PATH, F_OK)) {
			if (!err)
				return show_one(set, id, "the agent", json, false);
			agent_error_say(&client, err);
			return EXIT_RUNTIME;
		}
		settings->vault = VAULT_PATH;
		explain_set_fini(set);
	}
	if (!settings->vault)
		return show_one(set, id, "the agent", json, false);
	status = explain_from_vault(set, settings, id, &replayed);
	return status >= 0 ? status : show_one(set, id, settings->vault, json, replayed);
}

static int explain(struct explain_settings *settings, const char *what)
{
	struct explain_set set = { 0 };
	bool replayed, file = !access(what, F_OK);
	int status;

	if (!file && !is_prefix(what)) {
		log_error("explain: '%.80s' is no file, and no id: those have 4 to 32 hexadecimal "
			  "digits, in lower case",
			  what);
		return EXIT_USAGE;
	}
	if (settings->id && (!file || !is_prefix(settings->id))) {
		log_error(file ? "--id: '%.80s' is not 4 to 32 hexadecimal digits, in lower case"
			       : "--id %.80s: chooses among the findings of a file: name one",
			  settings->id);
		return EXIT_USAGE;
	}
	status = file ? explain_from_file(&set, settings, what, &replayed)
		      : explain_id(&set, settings, what);
	if (file && status < 0)
		status = settings->id
				 ? show_one(&set, settings->id, what, settings->format, replayed)
				 : show_all(&set, what, settings->format, replayed);
	if (set.refused)
		log_warning("%llu findings beyond the first %u were left out",
			    (unsigned long long)set.refused, EXPLAIN_MAX);
	explain_set_fini(&set);
	return status;
}

#else

static int explain(struct explain_settings *settings, const char *what)
{
	(void)settings;
	log_error(
		"explain %.80s: built without jansson: 'skua replay --debug-scores' says the same "
		"in JSON",
		what);
	return EXIT_USAGE;
}

#endif

int cmd_explain(int argc, char **argv)
{
	struct explain_settings settings = { .min_score = 0.5 };
	const char *what = NULL;
	int first, status;

	/* ID or FILE may stand before the options as well. */
	if (argc > 1 && argv[1][0] != '-') {
		what = argv[1];
		argv[1] = argv[0];
		argc--;
		argv++;
	}
	status = options_parse(&explain_command, argc, argv, &settings, &first);
	if (status >= 0)
		return status;
	if (!what && first < argc)
		what = argv[first++];
	if (!what || first < argc) {
		log_error("explain takes one finding's id or one file: 'skua explain --help' says "
			  "which");
		return EXIT_USAGE;
	}
	return explain(&settings, what);
}
