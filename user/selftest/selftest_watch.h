/* SPDX-License-Identifier: BSD-2-Clause */
/* A self-test from its first packet to the verdict. */
#ifndef SKUA_SELFTEST_SELFTEST_WATCH_H
#define SKUA_SELFTEST_SELFTEST_WATCH_H

#include "selftest/selftest.h"

struct selftest_settings {
	const char *target, *domain, *socket;
	uint64_t timeout_s;
	bool own;
	int format; /* auto, json, table */
};

/* An exit status; messages have been logged. */
int selftest_watch(const struct selftest_settings *settings);

#endif /* SKUA_SELFTEST_SELFTEST_WATCH_H */
