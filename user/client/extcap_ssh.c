// SPDX-License-Identifier: BSD-2-Clause
/* Runs skua snapshot on another host, by ssh and by no shell of this one. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/exit.h"
#include "client/extcap_ssh.h"

#define COMMAND_SIZE 1024

/* What ssh could take for an option, or a configured ProxyCommand for more than a name. */
static bool is_host(const char *text)
{
	if (!text[0] || text[0] == '-')
		return false;
	for (; *text; text++)
		if (!isascii(*text) ||
		    !(isalnum((unsigned char)*text) || strchr("._-@:%[]", *text)))
			return false;
	return true;
}

/* " 'word'", for the shell that ssh starts there; false when there is no room. */
static bool add_word(char command[COMMAND_SIZE], const char *word)
{
	size_t at = strlen(command);

	if (at + 4 * strlen(word) + sizeof(" ''") > COMMAND_SIZE)
		return false;
	command[at++] = ' ';
	command[at++] = '\'';
	for (; *word; word++) {
		if (*word == '\'') { /* ends the quotes, is one, begins them again */
			memcpy(command + at, "'\\''", 4);
			at += 4;
		} else {
			command[at++] = *word;
		}
	}
	command[at++] = '\'';
	command[at] = '\0';
	return true;
}

static bool build_command(char command[COMMAND_SIZE], const struct snapshot_settings *settings)
{
	char who[SELECTOR_TEXT], last[64], path[COMMAND_SIZE / 2];
	bool fits;

	snprintf(last, sizeof(last), "--last=%llu",
		 (unsigned long long)(settings->selector.last_ns / 1000000000));
	if (snprintf(path, sizeof(path), "--socket=%s", settings->socket) >= (int)sizeof(path))
		return false;
	selector_option(&settings->selector, who);
	strcpy(command, "exec skua snapshot --write=-");
	fits = add_word(command, path);
	if (settings->follow)
		fits = fits && add_word(command, "--follow");
	if (settings->selector.last_ns)
		fits = fits && add_word(command, last);
	if (who[0])
		fits = fits && add_word(command, who);
	return fits;
}

int extcap_ssh(const char *host, const struct snapshot_settings *settings)
{
	char command[COMMAND_SIZE];
	/* Nobody is there to type a password. */
	const char *const words[] = {
		"ssh", "-T", "-o", "BatchMode=yes", "--", host, command, NULL
	};

	if (!is_host(host)) {
		log_error("--ssh: '%s' is not a host such as node-7 or admin@10.0.0.5", host);
		return EXIT_USAGE;
	}
	if (!build_command(command, settings)) {
		log_error("--socket: that path is too long: name a shorter one");
		return EXIT_USAGE;
	}
	execvp(words[0], (char *const *)words);
	log_error("cannot run ssh: %s; install it, or ask the agent of this machine",
		  strerror(errno));
	return EXIT_RUNTIME;
}
