// SPDX-License-Identifier: BSD-2-Clause
/* When a capture goes on in another file, and what that one is called. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "capture/rotation.h"

enum rotation_step rotation_step(struct rotation *rotation, int64_t now_s, uint64_t size)
{
	/* Time comes first: a file that is both old and full is followed by a period's first. */
	if (rotation->seconds && now_s - rotation->since_s >= rotation->seconds) {
		rotation->since_s = now_s;
		rotation->periods++;
		rotation->number = 0;
		if (!rotation->megabytes && rotation->files && rotation->periods >= rotation->files)
			return ROTATION_END;
		return ROTATION_NEXT;
	}
	if (rotation->megabytes && size > (uint64_t)rotation->megabytes * ROTATION_MEGABYTE) {
		rotation->number++;
		if (rotation->files && rotation->number >= rotation->files)
			rotation->number = 0;
		return ROTATION_NEXT;
	}
	return ROTATION_STAY;
}

/* Digits of the highest number of the ring; one file alone has none. */
static int number_width(uint32_t files)
{
	int width = 0;

	for (uint32_t last = files ? files - 1 : 0; last; last /= 10)
		width++;
	return width;
}

int rotation_name(const struct rotation *rotation, char to[ROTATION_NAME])
{
	int width = number_width(rotation->files), length;
	char file[ROTATION_NAME];
	time_t since = (time_t)rotation->since_s;
	struct tm local;

	if (strlen(rotation->file) >= sizeof(file))
		return -ENAMETOOLONG;
	strcpy(file, rotation->file);
	/* Nothing is what strftime() says of names that do not fit. */
	if (rotation->seconds &&
	    (!localtime_r(&since, &local) || !strftime(file, sizeof(file), rotation->file, &local)))
		return -ENAMETOOLONG;
	if (!rotation->megabytes || (!width && !rotation->number))
		length = snprintf(to, ROTATION_NAME, "%s", file);
	else
		length = snprintf(to, ROTATION_NAME, "%s%0*u", file, width, rotation->number);
	return length < ROTATION_NAME ? 0 : -ENAMETOOLONG;
}
