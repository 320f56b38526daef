// SPDX-License-Identifier: BSD-2-Clause
/* Ids to paths, in a tree of folders like that of control groups; and accounts to names. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/accounts.h"
#include "base/cgroups.h"
#include "tap.h"

#define SECOND 1000000000ull

static char root[] = "/tmp/skua-cgroups-XXXXXX";

static uint64_t make(const char *name)
{
	char path[1024];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	if ((mkdir(path, 0755) && errno != EEXIST) || stat(path, &status))
		abort();
	return status.st_ino;
}

static void forget(const char *name)
{
	char path[1024];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	if (remove(path))
		abort();
}

static bool is(struct cgroups *cgroups, uint64_t id, uint64_t now_ns, const char *path)
{
	const char *found = cgroups_path(cgroups, id, now_ns);

	return found && !strcmp(found, path);
}

static void test_walk(void)
{
	uint64_t slice = make("system.slice"), unit = make("system.slice/a.service"), late;
	struct cgroups *cgroups = NULL;
	struct cgroups_counts counts;

	ok(!cgroups_open(&cgroups, root), "a tree can be opened");
	ok(is(cgroups, unit, SECOND, "/system.slice/a.service"),
	   "a group has the path of its folder");
	ok(is(cgroups, slice, SECOND, "/system.slice"), "and so has the one above it");
	ok(is(cgroups, make("."), SECOND, "/"), "the root is a slash");
	cgroups_count(cgroups, &counts);
	ok(counts.walks == 1 && counts.known == 3, "one walk told all three");
	late = make("system.slice/late.service");
	ok(!cgroups_path(cgroups, late, SECOND + SECOND / 100),
	   "right after a walk there is no other");
	ok(is(cgroups, late, 1000 * SECOND, "/system.slice/late.service"), "later there is");
	forget("system.slice/late.service");
	ok(!cgroups_path(cgroups, 1, 2000 * SECOND), "a number that no group has is not known");
	ok(is(cgroups, late, 2000 * SECOND, "/system.slice/late.service"),
	   "a group that is gone keeps its name");
	forget("system.slice/a.service");
	forget("system.slice");
	cgroups_close(cgroups);
}

static void test_bounds(void)
{
	char deep[1024] = "d", wide[64];
	struct cgroups *cgroups = NULL;
	struct cgroups_counts counts;
	uint64_t id = 0;

	for (int i = 0; i < 40; i++) {
		id = make(deep);
		strcat(deep, "/d");
	}
	for (int i = 0; i < CGROUPS_KEPT + 50; i++) {
		snprintf(wide, sizeof(wide), "w%d", i);
		make(wide);
	}
	ok(!cgroups_open(&cgroups, root) && !cgroups_path(cgroups, id, SECOND),
	   "what lies deeper than 32 is not looked at");
	cgroups_count(cgroups, &counts);
	ok(counts.unlooked == 1, "which is counted");
	ok(counts.known == CGROUPS_KEPT && counts.evicted > 50, "more than fit give way, counted");
	for (int i = 0; i < CGROUPS_KEPT + 50; i++) {
		snprintf(wide, sizeof(wide), "w%d", i);
		forget(wide);
	}
	while (strlen(deep) > 1) {
		deep[strlen(deep) - 2] = 0;
		forget(deep);
	}
	cgroups_close(cgroups);
	ok(cgroups_open(&cgroups, "/nowhere/at/all") == -ENOENT,
	   "a tree that is not there is refused");
}

static void test_accounts(void)
{
	struct accounts *accounts = NULL;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/passwd", root);
	file = fopen(path, "w");
	fputs("bob:x:1001:1001::/:/bin/sh\nroot:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nodd\n"
	      "big:x:4294967294:1::/:/bin/sh\n",
	      file);
	fclose(file);
	ok(!accounts_open(&accounts, path), "accounts can be read");
	ok(!strcmp(accounts_name(accounts, 1001), "bob"), "a number has its name");
	ok(!strcmp(accounts_name(accounts, 0), "root"), "of two names the first");
	ok(!strcmp(accounts_name(accounts, 4294967294), "big"), "the largest as well");
	ok(!*accounts_name(accounts, 7) && !*accounts_name(NULL, 0), "others have none");
	accounts_close(accounts);
	remove(path);
	ok(accounts_open(&accounts, path) == -ENOENT, "a file that is not there is refused");
}

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	test_walk();
	test_bounds();
	test_accounts();
	rmdir(root);
	return done();
}
