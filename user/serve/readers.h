/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accounts that may ask an agent for what concerns pods of some namespaces
 * only.  Whoever is not among them and may use the socket may ask for all.
 */
#ifndef SKUA_SERVE_READERS_H
#define SKUA_SERVE_READERS_H

#include <sys/types.h>
#include "base/pod.h"

#define READERS_ROWS 64 /* of an account and a namespace each */

struct readers_row {
	uid_t uid;
	char namespace[POD_NAMESPACE];
};

/* All zero: there are none. */
struct readers {
	struct readers_row rows[READERS_ROWS];
	unsigned count;
};

/* What one of them may have. */
struct reader_rights {
	const struct readers *readers; /* borrowed */
	uid_t uid;
};

/*
 * "alice=shop" or "1000=shop"; of one account several add up.  0; -EINVAL: this
 * is no such row; -ENOENT: there is no such account; -EPERM: it is root, whom
 * nothing is kept from; -ENOSPC: there are READERS_ROWS already.
 */
int readers_add(struct readers *readers, const char *text);
/*
 * NULL: the account may have all; else *out, filled.  Who it is that asks may
 * be unknown (-1): then it may have nothing, if there are readers at all.
 */
const struct reader_rights *readers_find(const struct readers *readers, uid_t uid,
					 struct reader_rights *out);
/* rights may be NULL; a namespace that is empty or NULL is nobody's. */
bool reader_may(const struct reader_rights *rights, const char *namespace);

#endif /* SKUA_SERVE_READERS_H */
