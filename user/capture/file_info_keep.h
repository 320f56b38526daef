/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists and texts of a file_info while it is read: kept up to their limits, and counted beyond. */
#ifndef SKUA_CAPTURE_FILE_INFO_KEEP_H
#define SKUA_CAPTURE_FILE_INFO_KEEP_H

#include "capture/file_info.h"

/* A zeroed entry at the end of a list, which is counted; NULL: the list is full, or no memory. */
struct info_section *keep_section(struct file_info *info);
struct info_interface *keep_interface(struct file_info *info);
struct info_name *keep_name(struct file_info *info);
/* Copies, unless the text is there already. */
void keep_text(struct file_info *info, struct info_text *to, const void *bytes, size_t size);
void keep_comment(struct file_info *info, enum info_about about, uint64_t number,
		  const struct file_option *option);

#endif /* SKUA_CAPTURE_FILE_INFO_KEEP_H */
