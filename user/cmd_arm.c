// SPDX-License-Identifier: BSD-2-Clause
/* skua arm: have a running agent keep every packet of somebody from now on. */
#include <stddef.h>
#include "client/agent_error.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"
#include "client/snapshot_session.h"

#define SECOND_NS 1000000000ull

struct settings {
	struct snapshot_words words;
	const char *duration, *socket;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "pair", 0, OPTION_TEXT, FIELD(words.pair), "A:B[:PORT]",
	  "of two addresses, in either direction; IPv6 in brackets" },
	{ "host", 0, OPTION_TEXT, FIELD(words.host), "ADDRESS", "of one address" },
	{ "for", 0, OPTION_TEXT, FIELD(duration), "TIME",
	  "how long: 300s (default), 5m, at most 1d" },
	{ "socket", 0, OPTION_TEXT, FIELD(socket), "PATH",
	  "where the agent answers (default: " CONTROL_PATH ")" },
	{ .name = NULL },
};

const struct option_command arm_command = {
	.usage = "arm [OPTION]...",
	.about = "Has the running agent keep whole packets of a host or a pair from now on, so "
		 "that\n"
		 "'skua snapshot' has them.  Exit: 0 done, 1 no answer, 2 usage.",
	.rows = rows,
};

static int arm(const struct settings *settings, const struct control_selector *selector,
	       uint64_t duration_ns)
{
	struct client client = { settings->socket, AGENT_TIMEOUT_MS, 0 };
	int err = client_arm(&client, selector, duration_ns / SECOND_NS);

	if (!err)
		return EXIT_OK;
	agent_error_say(&client, err);
	return EXIT_RUNTIME;
}

int cmd_arm(int argc, char **argv)
{
	struct settings settings = { .socket = CONTROL_PATH, .duration = "300s" };
	struct control_selector selector;
	int first, status = options_parse(&arm_command, argc, argv, &settings, &first);
	uint64_t duration_ns;

	if (status >= 0)
		return status;
	if (first < argc || (!settings.words.pair && !settings.words.host)) {
		log_error("arm: name one --host or --pair, and nothing else: 'skua arm --help' "
			  "says what it takes");
		return EXIT_USAGE;
	}
	status = snapshot_select("arm", &settings.words, &selector);
	if (status >= 0)
		return status;
	if (selector_parse_duration(&duration_ns, settings.duration) ||
	    duration_ns > CONTROL_ARM_MAX_S * SECOND_NS) {
		log_error("--for: '%s' is not a time up to 1d such as 300s or 5m",
			  settings.duration);
		return EXIT_USAGE;
	}
	return arm(&settings, &selector, duration_ns);
}
