// SPDX-License-Identifier: BSD-2-Clause
/* The files of a journal, in the order in which they were written, run after run. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "base/log.h"
#include "capture/journal.h"
#include "capture/journal_list.h"

static bool has_name(const char *path)
{
	size_t length = strlen(path);

	return (length > 4 && !strcmp(path + length - 4, ".skj")) ||
	       (length > 8 && !strcmp(path + length - 8, ".skj.zst"));
}

static bool directory_holds(const char *path)
{
	DIR *listing = opendir(path);
	const struct dirent *entry;
	bool found = false;

	while (listing && !found && (entry = readdir(listing)))
		found = entry->d_name[0] != '.' && has_name(entry->d_name);
	if (listing)
		closedir(listing);
	return found;
}

static bool file_begins(const char *path)
{
	char error[FILE_ERROR_SIZE];
	struct file_stream *stream;
	const uint8_t *bytes;
	bool begins;

	if (file_stream_open(&stream, path, error))
		return false; /* who reads it as a capture says why */
	bytes = file_stream_need(stream, JOURNAL_MAGIC_SIZE);
	begins = bytes && !memcmp(bytes, JOURNAL_MAGIC, JOURNAL_MAGIC_SIZE);
	file_stream_close(stream);
	return begins;
}

bool journal_list_is_journal(const char *const *paths, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct stat status;

		if (!strcmp(paths[i], "-") || stat(paths[i], &status))
			continue;
		if (S_ISDIR(status.st_mode) && directory_holds(paths[i]))
			return true;
		if (S_ISREG(status.st_mode) && file_begins(paths[i]))
			return true;
	}
	return false;
}

/* Whether what follows means here what it meant there. */
static int check_origin(const struct journal_header *header, uint32_t fact_size,
			char reason[FILE_ERROR_SIZE])
{
	int err = 0;

	if (header->byte_order != JOURNAL_BYTE_ORDER) {
		err = -EPROTO;
		snprintf(
			reason, FILE_ERROR_SIZE,
			"it was written by a machine of other byte order; replay it on such a one");
	} else if (header->version != JOURNAL_VERSION || header->abi != SKUA_ABI_VERSION) {
		err = -EPROTO;
		snprintf(reason, FILE_ERROR_SIZE,
			 "it is of version %u.%u, and this program reads %u.%u; use the skua that "
			 "wrote it",
			 header->version, header->abi, JOURNAL_VERSION, SKUA_ABI_VERSION);
	} else if (header->fact_size != fact_size) {
		err = -EPROTO;
	}
	for (unsigned kind = 0; kind < JOURNAL_EVENT_SIZES && !err; kind++)
		/* A kind that this journal's skua did not know yet is not in it. */
		if (header->event_sizes[kind] &&
		    header->event_sizes[kind] != journal_event_size(kind))
			err = -EPROTO;
	if (err && !reason[0])
		snprintf(reason, FILE_ERROR_SIZE,
			 "its records have other sizes; use the skua that wrote it");
	return err;
}

int journal_list_header(struct file_stream *stream, uint32_t fact_size,
			struct journal_header *header, const uint8_t **context,
			char reason[FILE_ERROR_SIZE])
{
	const uint8_t *bytes = file_stream_need(stream, sizeof(*header));
	struct journal_header found;
	size_t size;
	int err;

	reason[0] = '\0';
	if (!bytes || memcmp(bytes, JOURNAL_MAGIC, JOURNAL_MAGIC_SIZE)) {
		snprintf(reason, FILE_ERROR_SIZE, "it is no journal");
		return -EINVAL;
	}
	memcpy(&found, bytes, sizeof(found));
	err = check_origin(&found, fact_size, reason);
	size = journal_padded(found.size);
	if (found.size < sizeof(found) || found.size > sizeof(found) + JOURNAL_CONTEXT_MAX)
		bytes = NULL;
	else
		bytes = file_stream_need(stream, size);
	if (!err && (!bytes || journal_crc(bytes, found.size,
					   offsetof(struct journal_header, crc)) != found.crc)) {
		snprintf(reason, FILE_ERROR_SIZE, "its header is damaged");
		err = -EBADMSG;
	}
	if (err)
		return err;
	file_stream_advance(stream, size);
	*header = found;
	if (context)
		*context = bytes + sizeof(found);
	return 0;
}

static int by_run(const void *one, const void *other)
{
	const struct journal_file *a = one, *b = other;

	if (a->start_ns != b->start_ns)
		return a->start_ns < b->start_ns ? -1 : 1;
	if (a->run_id != b->run_id)
		return a->run_id < b->run_id ? -1 : 1;
	if (a->sequence != b->sequence)
		return a->sequence < b->sequence ? -1 : 1;
	return strcmp(a->path, b->path);
}

/* One file twice, say compressed and not: the first by name is read. */
static void drop_doubles(struct journal_list *list)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < list->count; i++) {
		const struct journal_file *file = &list->files[i];
		const struct journal_file *before = kept ? &list->files[kept - 1] : NULL;

		if (before && before->run_id == file->run_id &&
		    before->start_ns == file->start_ns && before->sequence == file->sequence) {
			log_warning("%s: skipped: it is %s again", file->path, before->path);
			continue;
		}
		list->files[kept++] = *file;
	}
	list->count = kept;
}

static int read_header(const char *path, uint32_t fact_size, struct journal_header *header,
		       char reason[FILE_ERROR_SIZE])
{
	struct file_stream *stream;
	int err = file_stream_open(&stream, path, reason);

	if (err)
		return err;
	err = journal_list_header(stream, fact_size, header, NULL, reason);
	file_stream_close(stream);
	return err;
}

static int add(struct journal_list *list, const struct file_path *path, uint32_t fact_size,
	       unsigned *others, char error[FILE_ERROR_SIZE])
{
	char reason[FILE_ERROR_SIZE];
	struct journal_header header;
	int err = -EINVAL;

	if (!path->found || has_name(path->path))
		err = read_header(path->path, fact_size, &header, reason);
	if (!err) {
		list->files[list->count++] =
			(struct journal_file){ path->path, header.start_ns, header.run_id,
					       header.sequence };
		return 0;
	}
	if (path->found && err == -EINVAL && !has_name(path->path)) {
		++*others;
		return 0;
	}
	if (path->found) {
		list->refused++;
		log_warning("%s: skipped: %s", path->path, reason);
		return 0;
	}
	if (err == -EINVAL)
		snprintf(error, FILE_ERROR_SIZE,
			 "%s is no journal: name captures or journals, not both", path->path);
	else if (err == -EPROTO || err == -EBADMSG)
		snprintf(error, FILE_ERROR_SIZE, "cannot read %s: %.200s", path->path, reason);
	else
		memcpy(error, reason, FILE_ERROR_SIZE);
	return err;
}

int journal_list_init(struct journal_list *list, const char *const *paths, unsigned count,
		      uint32_t fact_size, char error[FILE_ERROR_SIZE])
{
	unsigned others = 0;
	int err;

	*list = (struct journal_list){ 0 };
	err = file_paths_init(&list->paths, paths, count, error);
	if (err)
		return err;
	list->files = calloc(list->paths.count + 1, sizeof(*list->files));
	if (!list->files) {
		snprintf(error, FILE_ERROR_SIZE, "cannot list the journal: out of memory");
		err = -ENOMEM;
	}
	for (unsigned i = 0; i < list->paths.count && !err; i++)
		err = add(list, &list->paths.list[i], fact_size, &others, error);
	if (!err && others)
		log_warning("skipped beside the journal: %u file%s of other kinds; to replay "
			    "captures name them alone",
			    others, others == 1 ? "" : "s");
	if (!err && !list->count) {
		snprintf(error, FILE_ERROR_SIZE, "none of the files is a journal to be read here");
		err = -EINVAL;
	}
	if (err) {
		journal_list_fini(list);
		return err;
	}
	qsort(list->files, list->count, sizeof(*list->files), by_run);
	drop_doubles(list);
	return 0;
}

void journal_list_fini(struct journal_list *list)
{
	free(list->files);
	file_paths_fini(&list->paths);
	*list = (struct journal_list){ 0 };
}
