// SPDX-License-Identifier: BSD-2-Clause
/* Lists that grow by doubling up to a limit, and copies of texts up to another. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "capture/file_info_keep.h"

#define FIRST_ROOM 16 /* entries of a list when it begins */

/* Room runs out at FIRST_ROOM and at each power of two beyond. */
static void *one_more(struct file_info *info, void **list, uint64_t *count, uint64_t limit,
		      size_t size)
{
	uint64_t at = *count;
	void *larger;

	if (info->error)
		return NULL;
	if (at >= limit) {
		(*count)++;
		return NULL;
	}
	if (!at || (at >= FIRST_ROOM && !(at & (at - 1)))) {
		larger = realloc(*list, (at ? 2 * at : FIRST_ROOM) * size);
		if (!larger) {
			info->error = -ENOMEM;
			return NULL;
		}
		*list = larger;
	}
	(*count)++;
	return memset((char *)*list + at * size, 0, size);
}

struct info_section *keep_section(struct file_info *info)
{
	return one_more(info, (void **)&info->sections, &info->counts.sections, FILE_INFO_SECTIONS,
			sizeof(*info->sections));
}

struct info_interface *keep_interface(struct file_info *info)
{
	return one_more(info, (void **)&info->interfaces, &info->counts.interfaces,
			FILE_INFO_INTERFACES, sizeof(*info->interfaces));
}

struct info_name *keep_name(struct file_info *info)
{
	return one_more(info, (void **)&info->names, &info->counts.names, FILE_INFO_NAMES,
			sizeof(*info->names));
}

void keep_text(struct file_info *info, struct info_text *to, const void *bytes, size_t size)
{
	if (to->bytes)
		return;
	if (size > FILE_INFO_TEXT_BYTES - info->text_bytes) {
		info->counts.texts_dropped++;
		return;
	}
	to->bytes = malloc(size + 1);
	if (!to->bytes) {
		info->error = -ENOMEM;
		return;
	}
	memcpy(to->bytes, bytes, size);
	to->bytes[size] = '\0';
	to->size = size;
	info->text_bytes += size;
}

void keep_comment(struct file_info *info, enum info_about about, uint64_t number,
		  const struct file_option *option)
{
	struct info_comment *comment;

	if (about == INFO_PACKET)
		comment = one_more(info, (void **)&info->comments, &info->counts.comments,
				   FILE_INFO_COMMENTS, sizeof(*comment));
	else
		comment = one_more(info, (void **)&info->notes, &info->counts.notes,
				   FILE_INFO_NOTES, sizeof(*comment));
	if (!comment)
		return;
	comment->about = about;
	comment->number = number;
	keep_text(info, &comment->text, option->value, option->size);
}

uint64_t file_info_kept(uint64_t counted, uint64_t limit)
{
	return counted < limit ? counted : limit;
}

const struct info_text *file_info_find(const struct file_info *info, const char *prefix)
{
	uint64_t count = file_info_kept(info->counts.notes, FILE_INFO_NOTES);
	size_t size = strlen(prefix);

	for (uint64_t i = 0; i < count; i++) {
		const struct info_comment *note = &info->notes[i];

		if (note->about == INFO_SECTION && note->text.size > size &&
		    !memcmp(note->text.bytes, prefix, size))
			return &note->text;
	}
	return NULL;
}

static void free_comments(struct info_comment *comments, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		free(comments[i].text.bytes);
	free(comments);
}

void file_info_close(struct file_info *info)
{
	const struct info_counts *counts;

	if (!info)
		return;
	counts = &info->counts;
	for (uint64_t i = 0; i < file_info_kept(counts->sections, FILE_INFO_SECTIONS); i++) {
		free(info->sections[i].hardware.bytes);
		free(info->sections[i].os.bytes);
		free(info->sections[i].application.bytes);
	}
	for (uint64_t i = 0; i < file_info_kept(counts->interfaces, FILE_INFO_INTERFACES); i++) {
		free(info->interfaces[i].name.bytes);
		free(info->interfaces[i].description.bytes);
		free(info->interfaces[i].filter.bytes);
		free(info->interfaces[i].os.bytes);
	}
	for (uint64_t i = 0; i < file_info_kept(counts->names, FILE_INFO_NAMES); i++)
		free(info->names[i].name.bytes);
	free_comments(info->notes, file_info_kept(counts->notes, FILE_INFO_NOTES));
	free_comments(info->comments, file_info_kept(counts->comments, FILE_INFO_COMMENTS));
	free(info->sections);
	free(info->interfaces);
	free(info->names);
	free(info);
}
