// SPDX-License-Identifier: BSD-2-Clause
/* The files of indicators: several, folders, and what happens when they change. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/indicators.h"
#include "tap.h"

static char directory[] = "/tmp/skua-indicators-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void write_list(const char *name, const char *text)
{
	FILE *file = fopen(path_of(name), "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		abort();
}

static bool has(const struct indicators *lists, const char *name)
{
	struct indicator found;

	return indicator_set_find_name(indicators_set(lists), name, false, &found);
}

static uint64_t minutes(unsigned n)
{
	return 1 + n * INDICATORS_CHECK_NS;
}

static void test_open(const char *const *paths)
{
	const char *missing[] = { "/nonexistent/list" };
	struct indicators *lists = NULL;

	write_list("one.txt", "one.example\n");
	write_list("two.txt", "two.example\n");
	write_list(".hidden", "hidden.example\n");
	write_list("two.txt~", "backup.example\n");
	ok(indicators_open(&lists, missing, 1) == -ENOENT && !lists,
	   "a list must be there at first");
	ok(!indicators_open(&lists, paths, 1) && has(lists, "one.example") &&
		   has(lists, "two.example"),
	   "every file of a folder is read");
	ok(!has(lists, "hidden.example") && !has(lists, "backup.example"),
	   "but what is hidden and what an editor left");
	indicators_close(lists);
	write_list("two.txt", "two.example\n10.0.0.0.1\n");
	lists = NULL;
	ok(indicators_open(&lists, paths, 1) == -EINVAL && !lists,
	   "nothing begins with a bad list");
	write_list("two.txt", "two.example\n");
}

static void test_change(const char *const *paths)
{
	struct indicators *lists;

	if (indicators_open(&lists, paths, 1))
		abort();
	indicators_tick(lists, minutes(0));
	write_list("one.txt", "changed.example\n");
	indicators_tick(lists, minutes(1) - 1);
	ok(has(lists, "one.example"), "files are not looked at before the minute is over");
	indicators_tick(lists, minutes(1));
	ok(has(lists, "changed.example") && !has(lists, "one.example"),
	   "then what changed is read");
	write_list("one.txt", "bad\n");
	indicators_tick(lists, minutes(2));
	ok(has(lists, "changed.example") && has(lists, "two.example"),
	   "a list that makes no sense leaves all the old ones in force");
	write_list("one.txt", "good.example\n");
	indicators_tick(lists, minutes(3));
	ok(has(lists, "good.example"), "until it does");
	unlink(path_of("one.txt"));
	write_list("three.txt", "three.example\n");
	indicators_tick(lists, minutes(4));
	ok(!has(lists, "good.example") && has(lists, "three.example"),
	   "in a folder, files come and go");
	write_list("three.txt", "3.example\n");
	ok(!indicators_reload(lists) && has(lists, "3.example"), "told to, it is read at once");
	indicators_close(lists);
}

static void test_replaced(void)
{
	const char *paths[] = { strdup(path_of("three.txt")) };
	struct indicators *lists;
	struct stat before;

	if (!paths[0] || indicators_open(&lists, paths, 1))
		abort();
	/* The same size and the same time: only the inode tells. */
	stat(paths[0], &before);
	write_list("new", "4.example\n");
	utimensat(AT_FDCWD, path_of("new"), (struct timespec[]){ before.st_mtim, before.st_mtim },
		  0);
	if (rename(path_of("new"), paths[0]))
		abort();
	indicators_tick(lists, minutes(0));
	indicators_tick(lists, minutes(1));
	ok(has(lists, "4.example"), "a file that took another's place is noticed");
	unlink(paths[0]);
	ok(indicators_reload(lists) == -ENOENT && has(lists, "4.example"),
	   "a file that is gone leaves what it said in force");
	indicators_close(lists);
	free((char *)paths[0]);
}

int main(void)
{
	const char *paths[] = { directory };

	if (!mkdtemp(directory))
		abort();
	test_open(paths);
	test_change(paths);
	test_replaced();
	unlink(path_of("two.txt"));
	unlink(path_of("two.txt~"));
	unlink(path_of(".hidden"));
	rmdir(directory);
	return done();
}
