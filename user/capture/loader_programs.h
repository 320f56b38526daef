/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads programs of one object file at the same time: the kernel takes a
 * quarter of a second to verify each, which is most of an agent's start.  Each
 * one is a thread's, in an object of its own, over maps that exist already.
 */
#ifndef SKUA_CAPTURE_LOADER_PROGRAMS_H
#define SKUA_CAPTURE_LOADER_PROGRAMS_H

#include <stddef.h>

struct bpf_object;

struct loader_programs {
	const struct bpf_object *loaded; /* whose maps they use; must outlive the call only */
	const void *elf;                 /* the file that it was opened from */
	size_t size;                     /* of it, bytes */
	const char *const *names;        /* of functions; NULL: not to be loaded */
	unsigned count;                  /* of names; at most LOADER_PROGRAMS_MAX */
};

#define LOADER_PROGRAMS_MAX 4

/* 0, and a descriptor of each in fds, -1 for those without a name; or -errno, and nothing is left
 * open.  Its threads have ended when it returns. */
int loader_programs_load(const struct loader_programs *programs, int fds[]);

#endif /* SKUA_CAPTURE_LOADER_PROGRAMS_H */
