// SPDX-License-Identifier: BSD-2-Clause
/* Reads accounts and looks one up. */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/accounts.h"

struct account {
	uint32_t uid;
	uint32_t line; /* of two with one number, the first is meant */
	char name[ACCOUNT_NAME];
};

struct accounts {
	unsigned count;
	struct account rows[ACCOUNTS_MAX];
};

static int by_uid(const void *a, const void *b)
{
	const struct account *one = a, *other = b;

	if (one->uid != other->uid)
		return one->uid < other->uid ? -1 : 1;
	return one->line < other->line ? -1 : one->line > other->line;
}

int accounts_open(struct accounts **out, const char *path)
{
	FILE *file = fopen(path, "re");
	struct accounts *accounts;
	const struct passwd *line;

	if (!file)
		return -errno;
	accounts = calloc(1, sizeof(*accounts));
	while (accounts && accounts->count < ACCOUNTS_MAX && (line = fgetpwent(file))) {
		struct account *row = &accounts->rows[accounts->count];

		row->uid = line->pw_uid;
		row->line = accounts->count++;
		snprintf(row->name, sizeof(row->name), "%s", line->pw_name);
	}
	fclose(file);
	if (!accounts)
		return -ENOMEM;
	qsort(accounts->rows, accounts->count, sizeof(accounts->rows[0]), by_uid);
	*out = accounts;
	return 0;
}

void accounts_close(struct accounts *accounts)
{
	free(accounts);
}

const char *accounts_name(const struct accounts *accounts, uint32_t uid)
{
	unsigned low = 0, high = accounts ? accounts->count : 0;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (accounts->rows[middle].uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	if (!accounts || low == accounts->count || accounts->rows[low].uid != uid)
		return "";
	return accounts->rows[low].name;
}
