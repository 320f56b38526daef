/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Giving up what is no longer needed.  The attacher keeps a few capabilities;
 * the worker, which looks at bytes that strangers sent, keeps nothing: no
 * capability, not even another account's rights where it may change its own, no
 * memory for others to read, and few system calls.
 */
#ifndef SKUA_BASE_PRIVS_H
#define SKUA_BASE_PRIVS_H

#include <stdbool.h>
#include <sys/types.h>

/* Who the worker becomes. */
struct privs_account {
	uid_t uid;
	gid_t gid;
	bool change; /* else it stays who it is */
};

/* name: of the account; NULL: "skua", or else "nobody".  Without CAP_SETUID and CAP_SETGID, and
 * for the name "root", nothing changes.  0, or -ENOENT: there is no such account. */
int privs_account_find(struct privs_account *out, const char *name);

/* Keeps of these capabilities (32 at most) those that are there, for all times no others, and gains
 * none by execution.  0 or -errno. */
int privs_keep(const int *capabilities, unsigned count);

/* Becomes the account, without capabilities.  0 or -errno. */
int privs_drop(const struct privs_account *account);

/* From now on only the system calls of a worker are answered; the others fail with EPERM.  0 or
 * -errno. */
int privs_confine(void);

#endif /* SKUA_BASE_PRIVS_H */
