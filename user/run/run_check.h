/* SPDX-License-Identifier: BSD-2-Clause */
/* Do the settings of a live run make sense together? */
#ifndef SKUA_RUN_RUN_CHECK_H
#define SKUA_RUN_RUN_CHECK_H

#include "run/run_settings.h"

/* Without looking at the machine or at other files; what is wrong has been logged. */
bool run_check(const struct run_settings *settings);
/* Can be read what they name of lists, rules and prevalence?  before: settings in force, of which
 * nothing is read once more; NULL: none.  What is wrong has been logged. */
bool run_check_files(const struct run_settings *settings, const struct run_settings *before);
/* The same of indicators and filters. */
bool run_check_triggers(const struct run_settings *settings);

#endif /* SKUA_RUN_RUN_CHECK_H */
