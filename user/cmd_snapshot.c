// SPDX-License-Identifier: BSD-2-Clause
/* skua snapshot: the packets that a running agent keeps, as pcapng. */
#include <stddef.h>
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "option/options.h"
#include "serve/protocol.h"
#include "client/snapshot_session.h"

struct settings {
	struct snapshot_words words;
	struct snapshot_settings snapshot;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	{ "pair", 0, OPTION_TEXT, FIELD(words.pair), "A:B[:PORT]",
	  "of two addresses, in either direction; IPv6 in brackets" },
	{ "host", 0, OPTION_TEXT, FIELD(words.host), "ADDRESS", "of one address" },
	{ "last", 0, OPTION_TEXT, FIELD(words.last), "TIME",
	  "of the last 60s, 5m, 2h; default: 60s, of a pair or host whatever is kept" },
	{ "write", 'w', OPTION_TEXT, FIELD(snapshot.path), "FILE",
	  "where to; - is standard output (default)" },
	{ "follow", 0, OPTION_FLAG, FIELD(snapshot.follow), NULL,
	  "go on with what comes, until Ctrl-C" },
	{ "socket", 0, OPTION_TEXT, FIELD(snapshot.socket), "PATH",
	  "where the agent answers (default: " CONTROL_PATH ")" },
	{ .name = NULL },
};

const struct option_command snapshot_command = {
	.usage = "snapshot [OPTION]...",
	.about = "Writes the packets that the running agent keeps, those from before now, as "
		 "pcapng:\n"
		 "ssh HOST skua snapshot -w - | wireshark -k -i -\n"
		 "Exit: 0 done, 1 no answer or no packets, 2 usage.",
	.rows = rows,
};

int cmd_snapshot(int argc, char **argv)
{
	struct settings settings = { .snapshot = { .socket = CONTROL_PATH, .path = "-" } };
	struct control_selector *selector = &settings.snapshot.selector;
	int first, status = options_parse(&snapshot_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (first < argc) {
		log_error("snapshot: '%s' is one word too many: 'skua snapshot --help' says what "
			  "it takes",
			  argv[first]);
		return EXIT_USAGE;
	}
	status = snapshot_select("snapshot", &settings.words, selector);
	if (status >= 0)
		return status;
	if (!selector->has_a && !selector->last_ns)
		selector->last_ns = SNAPSHOT_LAST_NS;
	return snapshot_session(&settings.snapshot);
}
