// SPDX-License-Identifier: BSD-2-Clause
/* Do the settings of a live run make sense together? */
#include "base/log.h"
#include "run_capture.h"
#include "run_check.h"

/* Names of interfaces with their roles, and what may be recorded of whom. */
static bool check_rules(const struct run_settings *settings)
{
	char error[RUN_ERROR_SIZE];
	struct wanted wanted = {};
	struct policy policy;

	if (policy_setup(&settings->triggers, &policy) >= 0)
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
	else
		return check_rules(settings);
	return false;
}
