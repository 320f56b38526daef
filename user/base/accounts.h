/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of accounts by number, from a file such as /etc/passwd, read once: a
 * confined process cannot ask name services, and would wait for them.  What
 * only those know has no name here.
 */
#ifndef SKUA_BASE_ACCOUNTS_H
#define SKUA_BASE_ACCOUNTS_H

#include <stdint.h>

#define ACCOUNTS_MAX 4096 /* lines that are read; further accounts have no name */
#define ACCOUNT_NAME 33   /* LOGIN_NAME_MAX of useradd(8) and a zero; longer ones are cut */

struct accounts;

/* 0, -ENOMEM or -errno. */
int accounts_open(struct accounts **out, const char *path);
void accounts_close(struct accounts *accounts);
/* Borrowed; "" if it has none.  accounts may be NULL. */
const char *accounts_name(const struct accounts *accounts, uint32_t uid);

#endif /* SKUA_BASE_ACCOUNTS_H */
