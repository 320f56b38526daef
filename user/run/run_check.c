// SPDX-License-Identifier: BSD-2-Clause
/* Do the settings of a live run make sense together? */
#include <string.h>
#include "base/lists.h"
#include "base/log.h"
#include "base/prevalence.h"
#include "pipeline/pipeline.h"
#include "run/readers_setup.h"
#include "report/suppressions.h"
#include "run/run_capture.h"
#include "run/run_check.h"

/* Names of interfaces with their roles, what may be recorded of whom, and who may read it. */
static bool check_rules(const struct run_settings *settings)
{
	char error[RUN_ERROR_SIZE];
	struct wanted wanted = {};
	const char *unnamed = run_pods_unnamed(&settings->pods);
	struct policy policy;
	struct readers readers;

	if (policy_setup(&settings->triggers, unnamed, &policy) >= 0 ||
	    readers_setup(&settings->readers, unnamed, &readers) >= 0)
		return false;
	if (settings->write || !run_wanted(&wanted, settings, error))
		return true;
	log_error("%s", error);
	return false;
}

bool run_check(const struct run_settings *settings)
{
	if (!settings->interfaces.count)
		log_error("no interface: name one, as in -i eth0, or -i any");
	else if (settings->write && settings->interfaces.count > 1)
		log_error("-w: one interface at a time; -i any has them all");
	else if (!settings->write &&
		 (settings->file_mb || settings->rotate_s || settings->files || settings->snaplen))
		log_error("-C, -G, -W and -s are for -w: name a file with it");
	else if (settings->filter && !settings->write && settings->source != RUN_SOURCE_PCAP)
		log_error("'%s': a filter is for -w or --source pcap; the kernel programs look at "
			  "all that passes",
			  settings->filter);
	else if (settings->upload && !settings->snapshots)
		log_error("--upload: there is nothing to carry away without --snapshots DIR");
	else if (settings->sign && !settings->snapshots)
		log_error("--sign: there is nothing to sign without --snapshots DIR");
	else if (!settings->pods.wanted && (settings->pods.server || settings->pods.token ||
					    settings->pods.ca || settings->pods.node))
		log_error("--kube-server, --kube-token, --kube-ca and --node are for --pods");
	else
		return run_sinks_check(&settings->sinks) && check_rules(settings);
	return false;
}

static bool lists_are_good(const char *path)
{
	struct lists *lists = NULL;
	int err = lists_open(&lists, path);

	lists_close(lists);
	return !err;
}

static bool rules_are_good(const char *path)
{
	struct suppressions *rules = NULL;
	int err = suppressions_open(&rules, path, false);

	suppressions_close(rules);
	return !err;
}

static bool prevalence_is_good(const char *path)
{
	struct prevalence *prevalence = NULL;
	int err = prevalence_open(&prevalence, path);

	prevalence_close(prevalence);
	return !err;
}

/* Named at all, and not in force already? */
static bool is_new(const char *path, const char *before)
{
	return path && !(before && !strcmp(path, before));
}

bool run_check_files(const struct run_settings *settings, const struct run_settings *before)
{
	static const struct lasting_settings none;
	const struct lasting_settings *now = &settings->lasting;
	const struct lasting_settings *then = before ? &before->lasting : &none;

	if (is_new(settings->lists, before ? before->lists : NULL) &&
	    !lists_are_good(settings->lists))
		return false;
	if (is_new(now->suppressions, then->suppressions) && !rules_are_good(now->suppressions))
		return false;
	return !is_new(now->prevalence, then->prevalence) || prevalence_is_good(now->prevalence);
}

bool run_check_triggers(const struct run_settings *settings)
{
	struct pipeline_options options = PIPELINE_OPTIONS_DEFAULT;
	struct indicators *indicators = NULL;
	struct pipeline *pipeline = NULL;
	bool good = triggers_setup(&settings->triggers, &indicators, &options) < 0 &&
		    !pipeline_open(&pipeline, &options);

	pipeline_close(pipeline);
	indicators_close(indicators);
	return good;
}
