// SPDX-License-Identifier: BSD-2-Clause
/*
 * Makes a disk of what it is preloaded into slow, or stall: each step that waits for the disk takes
 * LAB_DISK_US microseconds, and no end while the file LAB_DISK_STALLED is there.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_US 20000

static void wait_for_disk(void)
{
	const char *stalled = getenv("LAB_DISK_STALLED"), *us = getenv("LAB_DISK_US");
	struct stat status;

	while (stalled && !stat(stalled, &status))
		usleep(LOOK_US);
	if (us)
		usleep(strtoul(us, NULL, 10));
}

int fsync(int fd)
{
	int (*next)(int) = dlsym(RTLD_NEXT, "fsync");

	wait_for_disk();
	return next(fd);
}

int fdatasync(int fd)
{
	int (*next)(int) = dlsym(RTLD_NEXT, "fdatasync");

	wait_for_disk();
	return next(fd);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	int (*next)(int, const char *, int, const char *) = dlsym(RTLD_NEXT, "renameat");

	wait_for_disk();
	return next(from_dir, from, to_dir, to);
}
