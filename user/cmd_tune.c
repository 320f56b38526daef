// SPDX-License-Identifier: BSD-2-Clause
/* skua tune: proposes list entries that would calm what somebody knows to be harmless. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/json.h"
#include "base/log.h"
#include "base/remedy.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"
#include "explain/tune_propose.h"

struct settings {
	struct explain_settings replay;
	struct option_texts allow;
	const char *write;
	bool force;
	int format; /* auto, json, table */
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "allow", 0, OPTION_TEXTS, FIELD(allow), "ENTRY",
	  "confirm this proposal, by its entry or its finding's id; repeatable" },
	{ "write", 0, OPTION_TEXT, FIELD(write), "DIR",
	  "write all lists there, with the entries that were confirmed" },
	{ "force", 0, OPTION_FLAG, FIELD(force), NULL, "replace lists that are there" },
	{ "lists", 0, OPTION_TEXT, FIELD(replay.lists), "DIR",
	  "the lists to begin with (default: built in)" },
	{ "suppressions", 0, OPTION_TEXT, FIELD(replay.suppressions), "FILE",
	  "propose nothing for what its rules keep back" },
	{ "local", 0, OPTION_NETWORK, FIELD(replay.locals), "NET",
	  "our side; repeatable (default: private addresses)" },
	{ "no-tunnels", 0, OPTION_FLAG, FIELD(replay.no_tunnels), NULL,
	  "do not look inside tunnels, if the agent did not" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table",
	  "how it is printed; auto: a table on a terminal, else JSON" },
	{ .name = NULL },
};

const struct option_command tune_command = {
	.usage = "tune [OPTION]... CAPTURE|JOURNAL...",
	.about =
		"Prints each finding that context calmed little or not, the entry of a list that\n"
		"would calm it, and the score that it then has, by judging again with that entry.\n"
		"Nothing is written without --write, and nothing that was not confirmed: with\n"
		"--allow, or on a terminal by answering y.\n"
		"Exit: 0 done, 1 failure, 2 usage.",
	.rows = rows,
};

#ifdef HAVE_JANSSON
#include <jansson.h>
#include <sys/stat.h>
#include "explain/explain_text.h"

static void print_proposal(const struct tune_proposal *proposal, unsigned number)
{
	char reason[EXPLAIN_TEXT];

	printf("%u  ", number);
	explain_write_candidate(stdout, proposal->about->last);
	printf("   %s\n", explain_word(reason, proposal->about->last, "reason"));
	printf("   %s: %s\n", proposal->entry.file, proposal->entry.text);
	if (proposal->after < 0)
		printf("   no list can calm it; this line would keep it back\n");
	else if (proposal->after >= proposal->before)
		printf("   score %.2f -> %.2f: this entry would not calm it\n", proposal->before,
		       proposal->after);
	else
		printf("   score %.2f -> %.2f; it would calm %u other findings\n", proposal->before,
		       proposal->after, proposal->also);
}

static void print_json(const struct tune_proposal *proposal)
{
	struct json json;

	json_init(&json, stdout);
	json_open_object(&json, NULL);
	json_put_text(&json, "finding_id", proposal->about->id);
	json_put_text(&json, "list", proposal->entry.file);
	json_put_text(&json, "entry", proposal->entry.text);
	json_put_text(&json, "comment", proposal->entry.comment);
	json_put_real(&json, "before", proposal->before, 4);
	if (proposal->after >= 0) {
		json_put_real(&json, "after", proposal->after, 4);
		json_put_uint(&json, "also", proposal->also);
	}
	json_put_bool(&json, "chosen", proposal->chosen);
	json_close(&json);
	json_end_line(&json);
}

static bool names(const char *word, const struct tune_proposal *proposal)
{
	return !strcmp(word, proposal->entry.text) ||
	       (strlen(word) >= EXPLAIN_PREFIX_MIN &&
		!strncmp(word, proposal->about->id, strlen(word)));
}

/* Words that confirm nothing are a mistake that must not pass for a choice. */
static int choose(struct tune *tune, const struct option_texts *allow)
{
	for (unsigned i = 0; i < allow->count; i++) {
		unsigned chosen = 0;

		for (unsigned k = 0; k < tune->count; k++)
			if (names(allow->texts[i], &tune->proposals[k])) {
				tune->proposals[k].chosen = true;
				chosen++;
			}
		if (chosen == 1)
			continue;
		log_error("--allow: '%.80s' %s", allow->texts[i],
			  chosen ? "is the beginning of several ids"
				 : "is no entry or id that was proposed");
		return EXIT_USAGE;
	}
	return -1;
}

/* false: no answer came, so nothing that was said before counts either. */
static bool ask(struct tune_proposal *proposal)
{
	char answer[16];

	printf("   Do you know it, and is it harmless? [y/N] ");
	fflush(stdout);
	if (!fgets(answer, sizeof(answer), stdin)) {
		log_error("no answer came: nothing is written; answer y or n, or name entries with "
			  "--allow");
		return false;
	}
	proposal->chosen = (answer[0] | 0x20) == 'y' && (answer[1] == '\n' || answer[1] == '\0');
	return true;
}

static int write_chosen(struct tune *tune, const struct settings *settings)
{
	struct tune_entry chosen[TUNE_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i < tune->count; i++)
		if (tune->proposals[i].chosen)
			chosen[count++] = tune->proposals[i].entry;
	if (!count) {
		log_info("nothing was confirmed: nothing is written");
		return EXIT_OK;
	}
	if (mkdir(settings->write, 0755) && errno != EEXIST) {
		log_error("cannot make %s: %s; %s", settings->write, strerror(errno),
			  remedy_write(-errno));
		return EXIT_RUNTIME;
	}
	if (tune_lists_write(settings->write, settings->replay.lists, chosen, count,
			     settings->force))
		return EXIT_RUNTIME;
	log_info("%u entries were added to the lists in %s: use them with --lists", count,
		 settings->write);
	return EXIT_OK;
}

static int propose(const struct settings *settings, const char *const *paths, unsigned count)
{
	bool json = settings->format == 1 || (!settings->format && !isatty(STDOUT_FILENO));
	bool asks = !json && !settings->allow.count && settings->write && isatty(STDIN_FILENO) &&
		    isatty(STDOUT_FILENO);
	struct tune tune = { 0 };
	int status;

	explain_stop_on_signals();
	status = tune_propose(&tune, &settings->replay, paths, count);

	if (status < 0)
		status = choose(&tune, &settings->allow);
	for (unsigned i = 0; status < 0 && i < tune.count; i++) {
		if (json)
			print_json(&tune.proposals[i]);
		else
			print_proposal(&tune.proposals[i], i + 1);
		if (asks && !ask(&tune.proposals[i]))
			status = EXIT_RUNTIME;
	}
	if (tune.left_out)
		log_info("%llu more findings have lower scores and were left out",
			 (unsigned long long)tune.left_out);
	if (status < 0 && !tune.count)
		log_info("there is nothing that a list should calm");
	if (status < 0)
		status = settings->write ? write_chosen(&tune, settings) : EXIT_OK;
	tune_fini(&tune);
	return status;
}

#else

static int propose(const struct settings *settings, const char *const *paths, unsigned count)
{
	(void)settings;
	(void)count;
	log_error("tune %.80s: built without jansson, which reads findings: install libjansson-dev "
		  "and build again",
		  paths[0]);
	return EXIT_USAGE;
}

#endif

int cmd_tune(int argc, char **argv)
{
	struct settings settings = { 0 };
	int first, status = options_parse(&tune_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (first == argc) {
		log_error("no capture: name a file, a directory, or a journal");
		return EXIT_USAGE;
	}
	for (int i = first; i < argc; i++)
		if (access(argv[i], R_OK)) {
			if (!strcmp(argv[i], "-"))
				log_error("-: a pipe cannot be judged again: name a file");
			else
				log_error("cannot read %s: %s; %s", argv[i], strerror(errno),
					  remedy_read(-errno));
			return EXIT_USAGE;
		}
	return propose(&settings, (const char *const *)argv + first, argc - first);
}
