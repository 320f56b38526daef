// SPDX-License-Identifier: BSD-2-Clause
/* Opens what outlives a run, and what people say of findings. */
#include <errno.h>
#include "base/log.h"
#include "base/prevalence.h"
#include "base/exit.h"
#include "session/lasting_setup.h"
#include "report/suppressions.h"

static int open_state(struct lasting *lasting, const struct privs_account *account)
{
	struct state_options options = {
		.path = lasting->settings->state, .uid = -1, .gid = -1, .secret = account != NULL
	};

	if (!options.path)
		return 0;
	if (account && account->change) {
		options.uid = account->uid;
		options.gid = account->gid;
	}
	return state_open(&lasting->state, &options);
}

static int open_suppressions(struct lasting *lasting, bool live)
{
	const char *path = lasting->settings->suppressions;

	if (path)
		return suppressions_open(&lasting->suppressions, path, false);
	/* A replay must not depend on the machine it happens on. */
	return live ? suppressions_open(&lasting->suppressions, SUPPRESSIONS_PATH, true) : 0;
}

int lasting_open(struct lasting *lasting, const struct lasting_settings *settings,
		 const struct privs_account *account)
{
	int err;

	lasting->settings = settings;
	err = open_suppressions(lasting, account != NULL);
	if (!err && settings->prevalence)
		err = prevalence_open(&lasting->prevalence, settings->prevalence);
	if (!err)
		err = open_state(lasting, account);
	if (err)
		return err == -ENOMEM ? EXIT_RUNTIME : EXIT_USAGE;
	return -1;
}

void lasting_use(const struct lasting *lasting, struct pipeline_options *pipeline)
{
	pipeline->memory = state_memory(lasting->state);
	pipeline->prevalence = lasting->prevalence;
	pipeline->suppressions = lasting->suppressions;
	pipeline->show_suppressed = lasting->settings->show_suppressed || pipeline->min_score <= 0;
}

static void reload_prevalence(struct lasting *lasting, struct pipeline *pipeline)
{
	struct prevalence *prevalence = NULL;
	uint32_t before = lasting->prevalence ? prevalence_lines(lasting->prevalence) : 0;

	if (lasting->settings->prevalence &&
	    prevalence_open(&prevalence, lasting->settings->prevalence)) {
		log_error("--prevalence: the %u lines read before stay in force", before);
		return;
	}
	pipeline_set_prevalence(pipeline, prevalence);
	prevalence_close(lasting->prevalence);
	lasting->prevalence = prevalence;
	log_info("lines of prevalence in force now: %u, before %u",
		 prevalence ? prevalence_lines(prevalence) : 0, before);
}

void lasting_reload(struct lasting *lasting, struct pipeline *pipeline)
{
	const char *path = lasting->settings->suppressions;

	if (lasting->suppressions) {
		lasting->suppressions->path = path ? path : SUPPRESSIONS_PATH;
		lasting->suppressions->may_miss = !path;
		suppressions_reload(lasting->suppressions);
	}
	if (lasting->prevalence || lasting->settings->prevalence)
		reload_prevalence(lasting, pipeline);
}

void lasting_end(struct lasting *lasting)
{
	state_end(lasting->state);
}

int lasting_finish(struct lasting *lasting)
{
	return state_finish(lasting->state) ? EXIT_RUNTIME : EXIT_OK;
}

void lasting_close(struct lasting *lasting)
{
	state_close(lasting->state);
	suppressions_close(lasting->suppressions);
	prevalence_close(lasting->prevalence);
}
