/* SPDX-License-Identifier: BSD-2-Clause */
/* Do the settings of a live run make sense together? */
#ifndef SKUA_RUN_CHECK_H
#define SKUA_RUN_CHECK_H

#include "run_settings.h"

/* Without looking at the machine or at other files; what is wrong has been logged. */
bool run_check(const struct run_settings *settings);

#endif /* SKUA_RUN_CHECK_H */
