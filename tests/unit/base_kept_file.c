// SPDX-License-Identifier: BSD-2-Clause
/* A file that is replaced as a whole: what is read, what is refused, what is kept aside. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/kept_file.h"
#include "tap.h"

static char folder[] = "/tmp/skua-kept-XXXXXX";
static char path[64];

static bool holds(const struct kept_file *file, const char *text)
{
	void *bytes = NULL;
	size_t size = 0;
	bool same = !kept_file_read(file, 100, &bytes, &size) && size == strlen(text) &&
		    !memcmp(bytes, text, size);

	free(bytes);
	return same;
}

static bool exists(const char *name)
{
	char full[128];

	snprintf(full, sizeof(full), "%s/%s", folder, name);
	return !access(full, F_OK);
}

static void test_replace(struct kept_file *file)
{
	struct stat status;
	void *bytes;
	size_t size;

	ok(kept_file_read(file, 100, &bytes, &size) == -ENOENT, "at first there is none");
	ok(!kept_file_write(file, "one", 3, 0600) && holds(file, "one"), "what is written is read");
	ok(!stat(path, &status) && (status.st_mode & 0777) == 0600, "with the rights asked for");
	ok(!kept_file_write(file, "longer", 6, 0600) && holds(file, "longer") &&
		   !exists("state.part"),
	   "it is replaced, and nothing else is left");
	ok(kept_file_read(file, 5, &bytes, &size) == -EFBIG, "longer than it may be is refused");
}

static void test_leftover(struct kept_file *file)
{
	char link[128];

	snprintf(link, sizeof(link), "%s/state.part", folder);
	if (symlink("/dev/null", link))
		perror(link);
	ok(!kept_file_write(file, "two", 3, 0600) && holds(file, "two"),
	   "what a killed writer left, or somebody put there, is not followed");
}

static void test_aside(struct kept_file *file)
{
	char first[KEPT_FILE_NAME], second[KEPT_FILE_NAME];

	ok(!kept_file_set_aside(file, first) && exists(first) && !exists("state"),
	   "what is set aside has another name");
	kept_file_write(file, "three", 5, 0600);
	ok(!kept_file_set_aside(file, second) && exists(first) && exists(second) &&
		   strcmp(first, second),
	   "and never that of an earlier one");
}

static void test_refused(void)
{
	struct kept_file file;

	ok(kept_file_open(&file, "/tmp/", -1, -1) == -EISDIR &&
		   kept_file_open(&file, "/tmp/..", -1, -1) == -EISDIR,
	   "a folder is no file");
	ok(kept_file_open(&file, "/dev/null", -1, -1) == -ENOTSUP &&
		   kept_file_check("/dev/null") == -ENOTSUP && !kept_file_check("/no/such"),
	   "no file takes the place of a device");
	ok(kept_file_open(&file, "/no/such/state", -1, -1) == -ENOENT, "no folder, no file");
	ok(kept_file_open(&file, path, 65534, 65534) == -EACCES,
	   "who may not write there is told at once");
}

int main(void)
{
	struct kept_file file;
	char command[96];

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/state", folder);
	ok(!kept_file_open(&file, path, -1, -1), "a file is named by a path");
	test_replace(&file);
	test_leftover(&file);
	test_aside(&file);
	kept_file_close(&file);
	test_refused();
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command))
		perror(folder);
	return done();
}
