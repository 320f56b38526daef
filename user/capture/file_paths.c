// SPDX-License-Identifier: BSD-2-Clause
/* Arguments to file names. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/remedy.h"
#include "capture/file_paths.h"

/* Takes over path, which may be NULL for want of memory. */
static int paths_add(struct file_paths *paths, char *path, bool found)
{
	int err = path ? 0 : -ENOMEM;

	if (!err && paths->count == FILE_PATHS_MAX)
		err = -E2BIG;
	if (!err && paths->count == paths->capacity) {
		unsigned int capacity = paths->capacity ? 2 * paths->capacity : 16;
		struct file_path *larger =
			reallocarray(paths->list, capacity, sizeof(*paths->list));

		if (larger) {
			paths->list = larger;
			paths->capacity = capacity;
		} else {
			err = -ENOMEM;
		}
	}
	if (err)
		free(path);
	else
		paths->list[paths->count++] = (struct file_path){ path, found };
	return err;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Not alphasort(), which follows the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_entry(struct file_paths *paths, const char *directory, const char *name)
{
	struct stat status;
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return -ENOMEM;
	if (!stat(path, &status) && S_ISREG(status.st_mode))
		return paths_add(paths, path, true);
	free(path);
	return 0;
}

static int add_directory(struct file_paths *paths, const char *directory)
{
	struct dirent **entries;
	int err = 0, count = scandir(directory, &entries, is_visible, by_bytes);

	if (count < 0)
		return -errno;
	for (int i = 0; i < count; i++) {
		if (!err)
			err = add_entry(paths, directory, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return err;
}

int file_paths_init(struct file_paths *paths, const char *const *arguments, unsigned int count,
		    char error[FILE_ERROR_SIZE])
{
	*paths = (struct file_paths){ 0 };
	for (unsigned int i = 0; i < count; i++) {
		struct stat status;
		int err;

		if (strcmp(arguments[i], "-") && !stat(arguments[i], &status) &&
		    S_ISDIR(status.st_mode))
			err = add_directory(paths, arguments[i]);
		else
			err = paths_add(paths, strdup(arguments[i]), false);
		if (!err)
			continue;
		file_paths_fini(paths);
		if (err == -E2BIG)
			snprintf(error, FILE_ERROR_SIZE,
				 "more than %d files; merge some of them first (mergecap)",
				 FILE_PATHS_MAX);
		else
			snprintf(error, FILE_ERROR_SIZE, "cannot read %s: %s; %s", arguments[i],
				 strerror(-err), remedy_read(err));
		return err;
	}
	return 0;
}

void file_paths_fini(struct file_paths *paths)
{
	for (unsigned int i = 0; i < paths->count; i++)
		free(paths->list[i].path);
	free(paths->list);
	*paths = (struct file_paths){ 0 };
}
