// SPDX-License-Identifier: BSD-2-Clause
/* A message is one line on standard error with the program's name, if its level is wanted. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/log.h"
#include "tap.h"

static char said[4096];

/* What the calls between hear() and heard() wrote. */
static int caught, old;

static void hear(void)
{
	fflush(stderr);
	old = dup(STDERR_FILENO);
	caught = memfd_create("stderr", 0);
	if (old < 0 || caught < 0 || dup2(caught, STDERR_FILENO) < 0)
		abort();
}

static const char *heard(void)
{
	ssize_t got;

	fflush(stderr);
	dup2(old, STDERR_FILENO);
	got = pread(caught, said, sizeof(said) - 1, 0);
	said[got > 0 ? got : 0] = '\0';
	close(caught);
	close(old);
	return said;
}

static void say_all(void)
{
	log_error("e%d", 1);
	log_warning("w%d", 2);
	log_info("i%d", 3);
	log_debug("d%d", 4);
}

static bool says(enum log_level level, const char *wanted)
{
	log_set_level(level);
	hear();
	say_all();
	return !strcmp(heard(), wanted);
}

static void test_levels(void)
{
	hear();
	say_all();
	ok(!strcmp(heard(), "skua: e1\nskua: w2\nskua: i3\n"),
	   "at first everything but debugging is said");
	ok(says(LOG_ERROR, "skua: e1\n"), "errors alone when nothing else is wanted");
	ok(says(LOG_WARNING, "skua: e1\nskua: w2\n"), "warnings with errors");
	ok(says(LOG_INFO, "skua: e1\nskua: w2\nskua: i3\n"), "what is of interest with both");
	ok(says(LOG_DEBUG, "skua: e1\nskua: w2\nskua: i3\nskua: d4\n"), "or everything");
}

static void test_long(void)
{
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	hear();
	log_error("%s", text);
	heard();
	ok(strlen(said) == strlen("skua: ") + 1023 + 1 && strchr(said, '\n') == strrchr(said, '\n'),
	   "a message that is too long is cut, and its line still ends");
	hear();
	log_error("100%% of %s", "%s");
	ok(!strcmp(heard(), "skua: 100% of %s\n"), "what is named is not taken for a format");
}

int main(void)
{
	test_levels();
	test_long();
	return done();
}
