// SPDX-License-Identifier: BSD-2-Clause
/* skua verify: whether anybody touched what a vault holds. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"
#include "replay/proof.h"
#include "record/verify.h"

struct settings {
	const char *head, *key;
	struct option_networks locals;
	struct trigger_settings triggers;
	bool proof, no_tunnels;
	int format; /* enum format */
};

enum format { FORMAT_AUTO, FORMAT_JSON, FORMAT_TABLE };

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "head", 0, OPTION_TEXT, FIELD(head), "HASH",
	  "the hash that HEAD had at some time before: the chain must contain it" },
	{ "key", 0, OPTION_TEXT, FIELD(key), "PUB",
	  "a minisign public key, or its file: HEAD must be signed with it" },
	{ "proof", 0, OPTION_FLAG, FIELD(proof), NULL,
	  "replay each snapshot as well, and see whether it shows its finding" },
	{ "local", 0, OPTION_NETWORK, FIELD(locals), "NET",
	  "with --proof: our side, as the agent was told; repeatable" },
	{ "indicators", 0, OPTION_TEXTS, FIELD(triggers.indicators), "PATH",
	  "with --proof: the lists of the agent; without, what they found is unprovable" },
	{ "trigger-filter", 0, OPTION_TEXTS, FIELD(triggers.filters), "FILTER",
	  "with --proof: the agent's, likewise; repeatable" },
	{ "no-tunnels", 0, OPTION_FLAG, FIELD(no_tunnels), NULL,
	  "with --proof: do not look inside tunnels, if the agent did not" },
	{ "format", 0, OPTION_CHOICE, FIELD(format), "auto json table",
	  "how it is printed; auto: a table on a terminal, else JSON" },
	{ .name = NULL },
};

const struct option_command verify_command = {
	.usage = "verify DIR [OPTION]...",
	.about =
		"Checks a vault: the chain of its manifest, the hash and the blocks of each file,\n"
		"what is missing and what does not belong there.  Who may write to DIR can make a\n"
		"vault that is consistent in itself: only --head and --key, taken elsewhere\n"
		"before, tell that one.\n"
		"Exit: 0 good, 1 bad, 2 usage.",
	.rows = rows,
};

static const char *const signatures[] = {
	[VERIFY_UNSIGNED] = "none",
	[VERIFY_UNCHECKED] = "unchecked",
	[VERIFY_SIGNED] = "good",
	[VERIFY_FORGED] = "bad",
};

static void write_problem(struct json *json, const struct verify_problem *problem)
{
	json_open_object(json, NULL);
	json_put_text(json, "where", problem->where);
	if (problem->line)
		json_put_uint(json, "line", problem->line);
	json_put_text(json, "what", problem->what);
	json_close(json);
}

static void write_json(const char *directory, const struct verify_result *result)
{
	struct json json;

	json_init(&json, stdout);
	json_open_object(&json, NULL);
	json_put_text(&json, "vault", directory);
	json_put_bool(&json, "good", !result->problem_count);
	json_put_uint(&json, "lines", result->lines);
	json_put_uint(&json, "first", result->first);
	json_put_uint(&json, "files", result->files);
	json_put_uint(&json, "bytes", result->bytes);
	json_put_uint(&json, "removals", result->removals);
	json_put_uint(&json, "recovered", result->recovered);
	json_put_uint(&json, "proved", result->proved);
	json_put_uint(&json, "unfinished", result->unfinished);
	json_open_object(&json, "head");
	json_put_uint(&json, "count", result->head_count);
	json_put_text(&json, "hash", result->head);
	json_close(&json);
	json_put_text(&json, "signature", signatures[result->signature]);
	json_put_bool(&json, "busy", result->busy);
	json_put_uint(&json, "problem_count", result->problem_count);
	json_open_array(&json, "problems");
	for (unsigned i = 0; i < result->kept; i++)
		write_problem(&json, &result->problems[i]);
	json_close(&json);
	json_close(&json);
	json_end_line(&json);
}

static void write_table(const char *directory, const struct verify_result *result, bool proof)
{
	char lines[TEXT_NUMBER], files[TEXT_NUMBER], bytes[TEXT_NUMBER], more[TEXT_NUMBER];

	for (unsigned i = 0; i < result->kept; i++) {
		const struct verify_problem *problem = &result->problems[i];

		if (problem->line)
			printf("%s, line %u, %s\n", problem->where, problem->line, problem->what);
		else
			printf("%s %s\n", problem->where, problem->what);
	}
	if (result->problem_count > result->kept)
		printf("... and %s more\n", text_count(more, result->problem_count - result->kept));
	printf("%s%s: %s files, %s, %s lines in the manifest\n", result->kept ? "\n" : "",
	       directory, text_count(files, result->files), text_bytes(bytes, result->bytes),
	       text_count(lines, result->lines));
	if (result->unfinished)
		printf("unfinished: %" PRIu64 " parts, which %s\n", result->unfinished,
		       result->busy ? "an agent is writing" : "the next start recovers");
	if (proof)
		printf("proof: %s of them show their findings, or say that they cannot\n",
		       text_count(more, result->proved));
	printf("head: %" PRIu64 " %s\nsignature: %s\n%s\n", result->head_count, result->head,
	       signatures[result->signature],
	       result->problem_count ? "BAD: this vault is not as it was written"
				     : "good: this vault is as it was written");
}

/* What its agent said of itself to be unprovable need not be proved. */
static int prove(void *arg, const char *path, const char *json_path)
{
	const struct settings *settings = arg;
	const struct proof_options options = { .locals = &settings->locals,
					       .triggers = &settings->triggers,
					       .no_tunnels = settings->no_tunnels };
	struct proof_claim claim;
	const char *verdict;
	int err = proof_claim_read(json_path, &claim);

	if (err)
		return err;
	verdict = proof_of(path, &claim, &options);
	if (!verdict || !strcmp(verdict, "failed"))
		return -EBADMSG;
	return !strcmp(verdict, "unprovable");
}

static bool is_hash(const char *text)
{
	return strlen(text) == VAULT_HASH - 1 && strspn(text, "0123456789abcdef") == VAULT_HASH - 1;
}

int cmd_verify(int argc, char **argv)
{
	struct settings settings = { .format = FORMAT_AUTO };
	struct verify_options options = { .directory = NULL };
	struct verify_result result;
	char error[VAULT_ERROR_SIZE];
	int first, status = options_parse(&verify_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	/* Options may also follow the directory, which then stands where a command's name does. */
	if (first < argc) {
		int rest = first;

		options.directory = argv[first];
		status =
			options_parse(&verify_command, argc - rest, argv + rest, &settings, &first);
		if (status >= 0)
			return status;
		first += rest;
	}
	if (!options.directory || first != argc) {
		log_error("verify: name one directory: 'skua verify --help' says more");
		return EXIT_USAGE;
	}
	if (settings.head && !is_hash(settings.head)) {
		log_error("--head: '%s' is not a hash: 64 digits of 0-9 and a-f", settings.head);
		return EXIT_USAGE;
	}
	options.head = settings.head;
	options.key = settings.key;
	options.prove = settings.proof ? prove : NULL;
	options.prove_arg = &settings;
	if (verify_run(&options, &result, error)) {
		log_error("verify: %s", error);
		return EXIT_USAGE;
	}
	if (settings.format == FORMAT_TABLE ||
	    (settings.format == FORMAT_AUTO && isatty(STDOUT_FILENO)))
		write_table(options.directory, &result, settings.proof);
	else
		write_json(options.directory, &result);
	status = result.problem_count ? EXIT_RUNTIME : EXIT_OK;
	verify_result_fini(&result);
	return status;
}
