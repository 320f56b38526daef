/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests as sentences, printed in the Test Anything Protocol: `prove` and tests/run.sh read it. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>

static int tap_tests, tap_failures;

static inline void ok(bool good, const char *sentence)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++tap_tests, sentence);
	tap_failures += !good;
}

/* A loud skip: the reason is printed and counted. */
static inline void skip(const char *sentence, const char *reason)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_tests, sentence, reason);
}

/* The exit status of main(). */
static inline int done(void)
{
	printf("1..%d\n", tap_tests);
	return tap_failures != 0;
}

#endif /* TESTS_TAP_H */
