// SPDX-License-Identifier: BSD-2-Clause
/* skua agent WORD --pcap FILE: the words of a small command-line agent, for those who know them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "cmd.h"

static const struct {
	const char *word;
	cmd_fn *run;
} words[] = {
	{ "analyze", cmd_analyze },
	{ "http", cmd_http },
	{ "suspicious", cmd_suspicious },
	{ "conversations", cmd_conversations },
};
#define WORDS (sizeof(words) / sizeof(words[0]))

static int print_help(void)
{
	printf("Usage: skua agent WORD --pcap FILE [OPTION]...\n\n"
	       "Other words for commands; 'skua WORD --help' lists the options of each.\n\n");
	for (unsigned i = 0; i < WORDS; i++)
		printf("  %s --pcap FILE\n", words[i].word);
	return EXIT_OK;
}

static int refuse(const char *why, const char *word)
{
	log_error("agent: %s%s: say analyze, http, suspicious or conversations", why, word);
	return EXIT_USAGE;
}

/* --pcap is what other commands call --read. */
static int run_word(cmd_fn *run, int argc, char **argv)
{
	char **plain = calloc(argc + 1, sizeof(char *));
	char *joined = NULL;
	int status = EXIT_RUNTIME;

	for (int i = 0; plain && i < argc; i++) {
		plain[i] = argv[i];
		if (!strcmp(argv[i], "--pcap")) {
			plain[i] = (char *)"--read";
		} else if (!joined && !strncmp(argv[i], "--pcap=", 7)) {
			if (asprintf(&joined, "--read=%s", argv[i] + 7) < 0)
				goto out;
			plain[i] = joined;
		}
	}
	if (plain)
		status = run(argc, plain);
out:
	if (!plain)
		log_error("cannot start: out of memory");
	free(joined);
	free(plain);
	return status;
}

int cmd_agent(int argc, char **argv)
{
	if (argc < 2)
		return refuse("no word", "");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return print_help();
	for (unsigned i = 0; i < WORDS; i++)
		if (!strcmp(argv[1], words[i].word))
			return run_word(words[i].run, argc - 1, argv + 1);
	return refuse("unknown word ", argv[1]);
}
