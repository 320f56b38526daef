/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages that wait to be sent, oldest first.  Those at the front that are on
 * their way are held: they stay until it is known that they arrived, or wait
 * again.  Full: the oldest that is not held is dropped.
 */
#ifndef SKUA_SINKS_WAITING_H
#define SKUA_SINKS_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WAITING_MESSAGES 4096
#define WAITING_BYTES (8u << 20)

struct message {
	struct message *next;
	size_t length;
	char bytes[];
};

struct waiting {
	struct message *first, *last, *last_held;
	unsigned count, held;
	size_t bytes;
	unsigned max_count; /* set by the caller, as is max_bytes */
	size_t max_bytes;
};

/* Copies it.  How many were dropped for it; itself, when there is no other way or no memory. */
unsigned waiting_push(struct waiting *waiting, const void *bytes, size_t length);
/* The next that is not held, or NULL: it stays where it is. */
const struct message *waiting_peek(const struct waiting *waiting);
/* That one is held from now on. */
void waiting_hold(struct waiting *waiting);
/* The first so many of those that are held have arrived. */
void waiting_release(struct waiting *waiting, unsigned count);
/* None is on its way any more. */
void waiting_unhold(struct waiting *waiting);
void waiting_fini(struct waiting *waiting);

#endif /* SKUA_SINKS_WAITING_H */
