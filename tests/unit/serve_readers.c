// SPDX-License-Identifier: BSD-2-Clause
/* Who may ask for what concerns some namespaces only. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "serve/readers.h"
#include "tap.h"

static bool may(const struct readers *readers, uid_t uid, const char *namespace)
{
	struct reader_rights room;

	return reader_may(readers_find(readers, uid, &room), namespace);
}

static void test_rows(void)
{
	struct readers readers = { 0 };
	struct reader_rights room;

	ok(may(&readers, 1000, "shop") && may(NULL, 1000, NULL) && may(&readers, -1u, NULL),
	   "without readers everybody who gets in may have all");
	ok(!readers_add(&readers, "1000=shop") && !readers_add(&readers, "1000=lab") &&
		   !readers_add(&readers, "daemon=pay") && readers.count == 3,
	   "accounts are named or numbered");
	ok(may(&readers, 1000, "shop") && may(&readers, 1000, "lab") &&
		   !may(&readers, 1000, "pay") && may(&readers, 1, "pay") &&
		   !may(&readers, 1, "shop"),
	   "each has its own namespaces, all that were named");
	ok(!may(&readers, 1000, "sho") && !may(&readers, 1000, "shops") &&
		   !may(&readers, 1000, "") && !may(&readers, 1000, NULL),
	   "and what belongs to nobody belongs to none of them");
	ok(!readers_find(&readers, 0, &room) && !readers_find(&readers, 1001, &room) &&
		   may(&readers, 0, NULL) && may(&readers, 1001, "pay"),
	   "root and others that get in may have all");
	ok(readers_find(&readers, -1u, &room) && !may(&readers, -1u, "shop") &&
		   !may(&readers, -1u, NULL),
	   "who cannot be told may have nothing");
}

static void test_bad(void)
{
	static const char *const bad[] = { "",
					   "=",
					   "alice",
					   "=shop",
					   "1000=",
					   "1000=Shop",
					   "1000=a/b",
					   "1000=a b",
					   "1000=-a",
					   "1000=a=b",
					   "1000 =shop",
					   "0x10=shop",
					   "1e3=shop",
					   "4294967295=shop",
					   "4294967296=shop",
					   "99999999999999999999999=shop" };
	struct readers readers = { 0 };
	bool refused = true, room = true;
	char row[256];

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused &= readers_add(&readers, bad[i]) == -EINVAL;
	snprintf(row, sizeof(row), "1000=%064d", 0);
	refused &= readers_add(&readers, row) == -EINVAL;
	snprintf(row, sizeof(row), "a%0100d=shop", 0);
	refused &= readers_add(&readers, row) == -EINVAL;
	ok(refused, "what is no account and namespace is refused");
	ok(readers_add(&readers, "no-such-account=shop") == -ENOENT &&
		   readers_add(&readers, "-1=shop") == -ENOENT,
	   "so is an account that there is not");
	ok(readers_add(&readers, "root=shop") == -EPERM &&
		   readers_add(&readers, "0=shop") == -EPERM && !readers.count,
	   "and root, from whom nothing can be kept");
	snprintf(row, sizeof(row), "1000=%063d", 0);
	ok(!readers_add(&readers, row) && may(&readers, 1000, row + 5),
	   "the longest name of a namespace is none of these");
	for (unsigned i = 1; i < READERS_ROWS; i++)
		room &= !readers_add(&readers, "1000=shop");
	ok(room && readers_add(&readers, "1000=more") == -ENOSPC && !may(&readers, 1000, "more"),
	   "there is room for so many");
}

int main(void)
{
	test_rows();
	test_bad();
	return done();
}
