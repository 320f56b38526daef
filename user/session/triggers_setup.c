// SPDX-License-Identifier: BSD-2-Clause
/* From the command line to what it asks to look out for and what may be recorded. */
#include <errno.h>
#include <string.h>
#include "base/log.h"
#include "base/exit.h"
#include "session/triggers_setup.h"

int triggers_setup(const struct trigger_settings *settings, struct indicators **out,
		   struct pipeline_options *pipeline)
{
	const struct option_texts *lists = &settings->indicators;
	int err = 0;

	if (lists->count)
		err = indicators_open(out, lists->texts, lists->count);
	if (err)
		return err == -ENOMEM ? EXIT_RUNTIME : EXIT_USAGE;
	pipeline->indicators = *out;
	pipeline->trigger_filters = settings->filters.texts;
	pipeline->trigger_filter_count = settings->filters.count;
	return -1;
}

int policy_setup(const struct trigger_settings *settings, const char *unnamed, struct policy *out)
{
	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < settings->record.count; i++) {
		const char *rule = settings->record.texts[i];
		int err = policy_add(out, rule);
		bool refused = !err && unnamed && out->namespaces;

		if (err == -ENOSPC)
			log_error(
				"--record: at most %d rules; join some to larger networks, or let "
				"any=off say it of most",
				POLICY_RULES);
		else if (err)
			log_error("--record: '%s' is no rule such as 10.0.0.0/8=headers or "
				  "ns:shop=off; the words are full, headers and off",
				  rule);
		else if (refused)
			log_error("--record: '%s': %s", rule, unnamed);
		if (err || refused)
			return EXIT_USAGE;
	}
	return -1;
}
