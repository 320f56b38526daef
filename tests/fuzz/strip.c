// SPDX-License-Identifier: BSD-2-Clause
/* Any bytes as a file to be stripped: refused, or the copy is whole and stripping it changes
 * nothing. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "record/strip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static int memory(void)
{
	int fd = memfd_create("strip", 0);

	check(fd >= 0);
	return fd;
}

static off_t size_of(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);

	check(size >= 0 && !lseek(fd, 0, SEEK_SET));
	return size;
}

static void check_same(int a, int b, size_t size)
{
	char *x = malloc(size + 1), *y = malloc(size + 1);

	check(x && y && pread(a, x, size, 0) == (ssize_t)size &&
	      pread(b, y, size, 0) == (ssize_t)size && !memcmp(x, y, size));
	free(x);
	free(y);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int from = memory(), to = memory(), again = memory(), err;
	off_t length;

	check(write(from, bytes, size) == (ssize_t)size && size_of(from) == (off_t)size);
	err = strip_comments(from, to);
	length = size_of(to);
	check(!err || err == -EBADMSG);
	if (!err) {
		/* The end of a list may be new in each section. */
		check(!strip_comments(to, again) && size_of(again) == length);
		check_same(to, again, length);
	}
	close(from);
	close(to);
	close(again);
	return 0;
}
