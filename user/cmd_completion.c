// SPDX-License-Identifier: BSD-2-Clause
/* skua completion: what makes a shell complete the words of all commands. */
#include <string.h>
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/completion.h"

#define COMMANDS_MAX 64

static const struct {
	const char *shell;
	completion_fn *write;
} shells[] = {
	{ "bash", completion_bash },
	{ "zsh", completion_zsh },
	{ "fish", completion_fish },
};

static const struct option_command *const tables[] = {
	&analyze_command,     &arm_command,        &config_command,   &conversations_command,
	&credentials_command, &dns_command,        &doctor_command,   &explain_command,
	&export_command,      &extcap_command,     &fetch_command,    &findings_command,
	&hierarchy_command,   &http_command,       &info_command,     &objects_command,
	&packets_command,     &replay_command,     &report_command,   &run_command,
	&selftest_command,    &smb_command,        &snapshot_command, &status_command,
	&suppress_command,    &suspicious_command, &talkers_command,  &tls_command,
	&tune_command,        &upload_command,     &verify_command,
};

/* Usage begins with the command's name. */
static const struct option_command *find_table(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcspn(tables[i]->usage, " ") == length &&
		    !memcmp(tables[i]->usage, name, length))
			return tables[i];
	return NULL;
}

int cmd_completion(int argc, char **argv)
{
	struct completion_command commands[COMMANDS_MAX + 1] = { { .name = NULL } };
	const struct command *command;

	for (unsigned i = 0; i < COMMANDS_MAX && (command = command_get(i)); i++)
		commands[i] = (struct completion_command){ command->name, command->help,
							   find_table(command->name) };
	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		printf("Usage: skua completion bash | zsh | fish\n\n"
		       "Prints what makes this shell complete commands, options and their values:\n"
		       "eval \"$(skua completion bash)\", or a file where the shell looks for "
		       "them.\n");
		return EXIT_OK;
	}
	for (size_t i = 0; argc == 2 && i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (!strcmp(argv[1], shells[i].shell)) {
			shells[i].write(stdout, commands);
			return EXIT_OK;
		}
	}
	if (argc == 2)
		log_error("completion: '%s' is none of: bash zsh fish", argv[1]);
	else
		log_error("completion: say for which shell: bash, zsh or fish");
	return EXIT_USAGE;
}
