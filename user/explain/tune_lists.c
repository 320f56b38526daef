// SPDX-License-Identifier: BSD-2-Clause
/* Copies of list files with entries added. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/lists.h"
#include "base/log.h"
#include "base/remedy.h"
#include "explain/tune_lists.h"

#define PATH_ROOM 4096

static bool path_of(char to[PATH_ROOM], const char *directory, const char *name)
{
	return (unsigned)snprintf(to, PATH_ROOM, "%s/%s", directory, name) < PATH_ROOM;
}

static bool has_entries(const char *file, const struct tune_entry *entries, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!strcmp(entries[i].file, file))
			return true;
	return false;
}

/* As it is there; or what is built in, without its comments. */
static int copy_list(FILE *to, const char *from, const struct list_file *list)
{
	char path[PATH_ROOM], bytes[4096];
	FILE *stream;
	size_t length;
	int err = 0;

	if (!from)
		return fputs(list->text, to) < 0 ? -EIO : 0;
	if (!path_of(path, from, list->name))
		return -ENAMETOOLONG;
	stream = fopen(path, "re");
	if (!stream)
		return errno == ENOENT ? (fputs(list->text, to) < 0 ? -EIO : 0) : -errno;
	bytes[0] = '\n';
	while ((length = fread(bytes, 1, sizeof(bytes), stream))) {
		if (fwrite(bytes, 1, length, to) != length)
			err = -EIO;
		bytes[0] = bytes[length - 1];
	}
	if (bytes[0] != '\n')
		fputc('\n', to);
	if (ferror(stream))
		err = -EIO;
	fclose(stream);
	return err;
}

static void add_entries(FILE *to, const char *file, const struct tune_entry *entries,
			unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(entries[i].file, file))
			continue;
		if (entries[i].comment[0])
			fprintf(to, "# %s\n", entries[i].comment);
		fprintf(to, "%s\n", entries[i].text);
	}
}

static FILE *create(const char *directory, const char *name, bool force, int *err)
{
	char path[PATH_ROOM];
	FILE *stream = NULL;
	int fd;

	*err = -ENAMETOOLONG;
	if (!path_of(path, directory, name))
		return NULL;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0644);
	*err = fd < 0 ? -errno : 0;
	if (fd >= 0) {
		stream = fdopen(fd, "w");
		*err = stream ? 0 : -ENOMEM;
		if (!stream)
			close(fd);
	}
	if (*err)
		log_error("cannot write %s: %s; %s", path, strerror(-*err), remedy_write(*err));
	return stream;
}

static int finish(FILE *stream, const char *name, int err)
{
	if (fclose(stream) && !err)
		err = -errno;
	if (err)
		log_error("cannot write %s: %s; %s", name, strerror(-err), remedy_write(err));
	return err;
}

static int write_list(const char *directory, const char *from, const struct list_file *list,
		      const struct tune_entry *entries, unsigned count, bool force)
{
	int err;
	FILE *stream = create(directory, list->name, force, &err);

	if (!stream)
		return err;
	err = copy_list(stream, from, list);
	add_entries(stream, list->name, entries, count);
	return finish(stream, list->name, err);
}

static int write_suppressions(const char *directory, const struct tune_entry *entries,
			      unsigned count, bool force)
{
	int err;
	FILE *stream = create(directory, TUNE_SUPPRESSIONS, force, &err);

	if (!stream)
		return err;
	add_entries(stream, TUNE_SUPPRESSIONS, entries, count);
	return finish(stream, TUNE_SUPPRESSIONS, 0);
}

static bool is_free(const char *directory, const char *name)
{
	char path[PATH_ROOM];

	if (!path_of(path, directory, name) || access(path, F_OK))
		return true;
	log_error("%s is there already: --force replaces it, or name another directory", path);
	return false;
}

/* Nobody's file is lost, not even when only the last of them is there. */
static int check_free(const char *directory)
{
	for (const struct list_file *list = lists_builtin; list->name; list++)
		if (!is_free(directory, list->name))
			return -EEXIST;
	return is_free(directory, TUNE_SUPPRESSIONS) ? 0 : -EEXIST;
}

int tune_lists_write(const char *directory, const char *from, const struct tune_entry *entries,
		     unsigned count, bool force)
{
	int err = force ? 0 : check_free(directory);

	/* Replaced by itself, a list would be emptied before it is read. */
	if (!err && from && !strcmp(from, directory)) {
		log_error("%s: is where the lists are read from: name another directory",
			  directory);
		return -EINVAL;
	}
	for (const struct list_file *list = lists_builtin; list->name && !err; list++)
		err = write_list(directory, from, list, entries, count, force);
	if (!err && has_entries(TUNE_SUPPRESSIONS, entries, count))
		err = write_suppressions(directory, entries, count, force);
	return err;
}

void tune_lists_remove(const char *directory)
{
	char path[PATH_ROOM];

	for (const struct list_file *list = lists_builtin; list->name; list++)
		if (path_of(path, directory, list->name))
			unlink(path);
	rmdir(directory);
}
