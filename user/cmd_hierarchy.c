// SPDX-License-Identifier: BSD-2-Clause
/* skua hierarchy: which protocols carry how much. */
#include "analyst/analyst_session.h"
#include "analyze/hierarchy_answers.h"
#include "base/log.h"
#include "cmd.h"
#include "command_tables.h"
#include "session/output.h"

struct settings {
	struct analyst_settings common;
	bool frames;
};

static const struct option_row rows[] = {
	ANALYST_OPTIONS,
	{ "frames", 0, OPTION_FLAG, offsetof(struct settings, frames), NULL,
	  "a row for each frame: which protocols it has" },
	{ .name = NULL },
};

const struct option_command hierarchy_command = {
	.usage = "hierarchy [OPTION]... FILE... [FILTER]",
	.about = "Reads captures and prints a row for each protocol within the one that carries\n"
		 "it: frames and bytes (whole frames), most frames first.  A protocol above TCP\n"
		 "is counted in the frames where its messages end.",
	.rows = rows,
};

int cmd_hierarchy(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct hierarchy_options options;
	struct analyst *analyst;
	int first, status = options_parse(&hierarchy_command, argc, argv, &settings, &first);

	if (status >= 0)
		return status;
	options.frames = settings.frames;
	options.tree = output_format(settings.common.format) == FORMAT_TABLE;
	if (hierarchy_answers_open(&analyst, &options)) {
		log_error("cannot start: out of memory");
		return EXIT_RUNTIME;
	}
	return analyst_session(&settings.common, argc - first, argv + first, analyst);
}
