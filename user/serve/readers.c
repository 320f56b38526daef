// SPDX-License-Identifier: BSD-2-Clause
/* Accounts that may ask an agent for what concerns pods of some namespaces only. */
#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include "serve/readers.h"

#define ACCOUNT 64       /* useradd(8) allows 32 */
#define NOBODY_KNOWN -1u /* what who asks is when the kernel does not say */

/* A number is one even where an account is called so. */
static int find_account(const char *name, uid_t *out)
{
	const struct passwd *account;
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)name[0])) {
		account = getpwnam(name);
		if (account)
			*out = account->pw_uid;
		return account ? 0 : -ENOENT;
	}
	errno = 0;
	number = strtoul(name, &end, 10);
	if (errno || *end || number >= NOBODY_KNOWN)
		return -EINVAL;
	*out = number;
	return 0;
}

int readers_add(struct readers *readers, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : 0;
	struct readers_row row = { 0 };
	char name[ACCOUNT];
	int err;

	if (!length || length >= sizeof(name) || !pod_is_label(equals + 1))
		return -EINVAL;
	memcpy(name, text, length);
	name[length] = '\0';
	err = find_account(name, &row.uid);
	if (err)
		return err;
	if (!row.uid)
		return -EPERM;
	if (readers->count == READERS_ROWS)
		return -ENOSPC;
	strcpy(row.namespace, equals + 1); /* pod_is_label() says that it fits */
	readers->rows[readers->count++] = row;
	return 0;
}

const struct reader_rights *readers_find(const struct readers *readers, uid_t uid,
					 struct reader_rights *out)
{
	bool limited = readers && readers->count && uid == NOBODY_KNOWN;

	for (unsigned i = 0; readers && i < readers->count; i++)
		limited |= readers->rows[i].uid == uid;
	if (!limited)
		return NULL;
	*out = (struct reader_rights){ readers, uid };
	return out;
}

bool reader_may(const struct reader_rights *rights, const char *namespace)
{
	const struct readers *readers;

	if (!rights)
		return true;
	readers = rights->readers;
	for (unsigned i = 0; namespace && namespace[0] && i < readers->count; i++)
		if (readers->rows[i].uid == rights->uid &&
		    !strcmp(readers->rows[i].namespace, namespace))
			return true;
	return false;
}
