// SPDX-License-Identifier: BSD-2-Clause
/* The namespace of an address is what the board says, however often it is asked for. */
#include <stdio.h>
#include <string.h>
#include "kube/namespaces.h"
#include "tap.h"

#define SECOND 1000000000ull
#define UNIX (1767225600 * SECOND)
#define MANY (3 * NAMESPACES_PLACES)

static struct address address(unsigned number)
{
	struct address made;
	char text[ADDRESS_TEXT];

	snprintf(text, sizeof(text), "10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255,
		 number & 255);
	address_parse(&made, text);
	return made;
}

static struct pod put(struct board *board, const char *namespace, const char *name, unsigned number,
		      uint64_t now_ns)
{
	struct board_pod pod = { .addresses = { address(number) }, .address_count = 1 };

	snprintf(pod.pod.namespace, sizeof(pod.pod.namespace), "%s", namespace);
	snprintf(pod.pod.name, sizeof(pod.pod.name), "%s", name);
	board_put(board, &pod, now_ns);
	return pod.pod;
}

static bool is_at(struct namespaces *namespaces, unsigned number, uint64_t now_ns,
		  const char *wanted)
{
	struct address asked = address(number);
	const char *got = namespaces_at(namespaces, &asked, now_ns, UNIX + now_ns)->namespace;

	if (!strcmp(got, wanted))
		return true;
	printf("# %u at %llu: got %s, wanted %s\n", number, (unsigned long long)(now_ns / SECOND),
	       got, wanted);
	return false;
}

static void test_changes(struct namespaces *namespaces, struct board *board)
{
	struct pod one;

	ok(is_at(namespaces, 1, SECOND, ""), "an address that is nobody's has no namespace");
	one = put(board, "shop", "one", 1, SECOND);
	ok(is_at(namespaces, 1, SECOND, "shop"), "it has one as soon as a pod has it");
	board_remove(board, &one, 2 * SECOND);
	ok(is_at(namespaces, 1, 3 * SECOND, "shop"), "and keeps it when that pod is gone");
	put(board, "pay", "heir", 1, 4 * SECOND);
	ok(is_at(namespaces, 1, 4 * SECOND, "pay"), "until another pod has the address");
}

static const struct tenancy *tenancy_at(struct namespaces *namespaces, uint64_t now_ns)
{
	struct address asked = address(3);

	return namespaces_at(namespaces, &asked, now_ns, UNIX + now_ns);
}

static void test_tenancy(struct namespaces *namespaces, struct board *board)
{
	struct pod three = put(board, "shop", "three", 3, 10 * SECOND);
	const struct tenancy *tenancy;

	board_heard(board, 10 * SECOND);
	put(board, "shop", "three", 3, 50 * SECOND); /* it was changed where it is */
	tenancy = tenancy_at(namespaces, 70 * SECOND);
	ok(tenancy->from_ns == UNIX + 10 * SECOND && tenancy->until_ns == UINT64_MAX,
	   "a pod has its address since it is known to, and goes on");
	board_heard(board, 80 * SECOND);
	board_remove(board, &three, 90 * SECOND);
	tenancy = tenancy_at(namespaces, 100 * SECOND);
	ok(tenancy->from_ns == UNIX + 10 * SECOND && tenancy->until_ns < UNIX + 90 * SECOND &&
		   tenancy->until_ns >= UNIX + 88 * SECOND,
	   "until it is gone, rather a bit less than more");
	put(board, "pay", "heir", 3, 101 * SECOND);
	tenancy = tenancy_at(namespaces, 102 * SECOND);
	ok(!strcmp(tenancy->namespace, "pay") && tenancy->from_ns >= UNIX + 101 * SECOND,
	   "what was before another had it is not the other's");
}

static void test_forgets(struct namespaces *namespaces, struct board *board)
{
	struct pod two = put(board, "shop", "two", 2, 10 * SECOND);
	uint64_t end_ns = (20 + BOARD_GONE_S) * SECOND;

	board_remove(board, &two, 20 * SECOND);
	ok(is_at(namespaces, 2, end_ns, "shop") &&
		   is_at(namespaces, 2, end_ns + NAMESPACES_FRESH_NS, ""),
	   "or until it has been gone for long, though nothing changes");
}

static void test_crowd(struct namespaces *namespaces, struct board *board)
{
	bool good = true;

	put(board, "lab", "crowd", 77, SECOND);
	for (int round = 0; round < 2; round++)
		for (unsigned i = 10; i < MANY; i++)
			good &= is_at(namespaces, i, 5 * SECOND, i == 77 ? "lab" : "");
	ok(good, "more addresses than are remembered do not get mixed up");
}

int main(void)
{
	struct namespaces *namespaces = NULL;
	struct board *board = NULL;

	if (board_open(&board) || namespaces_open(&namespaces, board))
		return 1;
	test_changes(namespaces, board);
	test_tenancy(namespaces, board);
	test_forgets(namespaces, board);
	test_crowd(namespaces, board);
	namespaces_close(namespaces);
	namespaces_close(NULL);
	board_close(board);
	return done();
}
