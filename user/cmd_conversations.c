// SPDX-License-Identifier: BSD-2-Clause
/* skua conversations: who exchanged how much with whom. */
#include "analyst/analyst_session.h"
#include "analyze/conversation_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"

struct settings {
	struct analyst_settings common;
	int layer;
	bool failed;
	uint64_t top;
	const char *gap;
	bool per_pair;
};

#define FIELD(name) offsetof(struct settings, name)

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "layer", 0, OPTION_CHOICE, FIELD(layer), "tcp udp ip", "which conversations" },
	{ "failed", 0, OPTION_FLAG, FIELD(failed), NULL,
	  "only TCP conversations whose SYN was never answered by one" },
	{ "top", 0, OPTION_NUMBER, FIELD(top), "ROWS", "only the first so many" },
	{ "gap", 0, OPTION_TEXT, FIELD(gap), "SECONDS",
	  "only those with frames so long after the one before: 55..65" },
	{ "per-pair", 0, OPTION_FLAG, FIELD(per_pair), NULL,
	  "the one before is that of the same conversation" },
	{ .name = NULL },
};

const struct option_command conversations_command = {
	.usage = "conversations [OPTION]... FILE... [FILTER]",
	.about =
		"Reads captures and prints a row for each conversation, most bytes first: between\n"
		"whom, packets and bytes each way (whole frames), when it began and how long it\n"
		"took.  Who sent first stands first.",
	.rows = rows,
};

int cmd_conversations(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct conversation_options options;
	struct analyst *analyst;
	int first, status = options_parse(&conversations_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	if (settings.failed && settings.layer != CONVERSATION_TCP) {
		log_error("--failed is about TCP: leave out --layer");
		return EXIT_USAGE;
	}
	options = (struct conversation_options){ .layer = settings.layer,
						 .failed = settings.failed,
						 .top = settings.top,
						 .by_gap = settings.gap != NULL,
						 .per_pair = settings.per_pair };
	if (settings.gap && gap_range_parse(&options.gap, settings.gap)) {
		log_error("--gap: '%s' is no range of seconds such as 55..65", settings.gap);
		return EXIT_USAGE;
	}
	if (conversation_answers_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
