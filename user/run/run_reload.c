// SPDX-License-Identifier: BSD-2-Clause
/* The configuration is read again while a live run goes on. */
#include <stdio.h>
#include <stdlib.h>
#include "base/log.h"
#include "option/option_value.h"
#include "run/run_check.h"
#include "run/run_profile.h"
#include "run/run_reload.h"
#include "run/run_state.h"

#define SHOWN 256 /* of a value, in the words about it */

static const char *describe(const struct option_row *row, const void *settings, char to[SHOWN])
{
	FILE *stream = fmemopen(to, SHOWN - 1, "w");

	to[0] = to[SHOWN - 1] = '\0';
	if (!stream)
		return "?";
	setbuf(stream, NULL);
	if (option_is_set(row, settings))
		option_write(row, settings, stream);
	else
		fputs("nothing", stream);
	fclose(stream);
	return to;
}

/* true: *out holds what the files say now; its texts live as long as those in force. */
static bool read_again(struct run *run, struct run_settings *out)
{
	struct config *config = run->settings->source_of;
	struct config next = { .command = config->command,
			       .settings = config->settings,
			       .argc = config->argc,
			       .argv = config->argv,
			       .texts = config->texts };
	int status = config_load(&next, out, sizeof(*out));

	config->texts = next.texts;
	out->filter = run->settings->filter;
	run_profile_fill(out);
	return status < 0 && run_check(out) && run_check_files(out, run->settings);
}

static bool take_row(struct run *run, const struct option_row *row, const struct run_settings *now)
{
	char after[SHOWN], before[SHOWN];

	describe(row, now, after);
	describe(row, run->settings, before);
	if (!(row->traits & OPTION_RELOADS)) {
		log_warning("%s: %s needs a restart; %s stays in force", row->name, after, before);
		run->reloads.waiting++;
		return false;
	}
	log_info("%s: %s from now on, before %s", row->name, after, before);
	option_copy(row, run->settings, now);
	return true;
}

void run_reload(struct run *run)
{
	const struct option_command *command = run->settings->source_of->command;
	struct run_settings *now = malloc(sizeof(*now));
	unsigned changed = 0;

	if (!now || !read_again(run, now)) {
		log_error("the configuration stays as it was");
		run->reloads.refused++;
		free(now);
		return;
	}
	run->reloads.done++;
	run->reloads.waiting = 0;
	for (const struct option_row *row = command->rows; row->name; row++)
		if (!(row->traits & OPTION_COMMAND_LINE) && !option_equal(row, run->settings, now))
			changed += take_row(run, row, now);
	free(now);
	pipeline_show_from(run->pipeline, run->settings->min_score,
			   run->settings->lasting.show_suppressed);
	pipeline_name_lists(run->pipeline, run->settings->lists);
	log_info("configuration read again: %u changed, %u wait for a restart", changed,
		 run->reloads.waiting);
}
