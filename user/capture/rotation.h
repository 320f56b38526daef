/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When a capture goes on in another file, and what that one is called: as
 * tcpdump has it with -w, -C, -G and -W.  Pure: it opens nothing and asks no
 * clock.
 *
 * -C alone: FILE, FILE1, FILE2 and so on.  -C with -W: a ring of so many, with
 * numbers of equal width, FILE0 among them.  -G: FILE is a format of
 * strftime(3), in local time, of the moment at which its period begins; a
 * period ends with the first packet behind it.  -G with -W: so many periods,
 * then the end.  All three: a ring of -W files in each period, and no end.
 */
#ifndef SKUA_CAPTURE_ROTATION_H
#define SKUA_CAPTURE_ROTATION_H

#include <limits.h>
#include <stdint.h>

#define ROTATION_MEGABYTE 1000000u /* tcpdump's: a million bytes */
#define ROTATION_NAME PATH_MAX     /* room for a name, the final zero included */

struct rotation {
	const char *file;   /* the caller's */
	uint32_t megabytes; /* -C; 0: any size */
	uint32_t seconds;   /* -G; 0: any time */
	uint32_t files;     /* -W; 0: any number */
	int64_t since_s;    /* when this period began, Unix time */
	uint32_t periods;   /* those before it */
	uint32_t number;    /* of the file within its period */
};

enum rotation_step {
	ROTATION_STAY, /* the packet belongs to the file at hand */
	ROTATION_NEXT, /* to the next one, whose name rotation_name() says */
	ROTATION_END   /* to none: -W files are complete */
};

/* Before each packet; size: of the file so far, in bytes. */
enum rotation_step rotation_step(struct rotation *rotation, int64_t now_s, uint64_t size);
/* 0 or -ENAMETOOLONG. */
int rotation_name(const struct rotation *rotation, char to[ROTATION_NAME]);

#endif /* SKUA_CAPTURE_ROTATION_H */
