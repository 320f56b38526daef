// SPDX-License-Identifier: BSD-2-Clause
/* The best findings are kept, and the others counted: each once, however often it is told. */
#include <string.h>
#include "page/found.h"
#include "tap.h"

static struct found_list list;

static void tell(unsigned number, double score)
{
	struct finding finding = { .score = score };

	snprintf(finding.id, sizeof(finding.id), "%032x", number);
	found_add(&list, &finding, NULL);
}

static bool has(unsigned number)
{
	char id[FINDING_ID];
	unsigned count = 0;

	snprintf(id, sizeof(id), "%032x", number);
	for (unsigned i = 0; i < list.count; i++)
		count += !strcmp(list.entries[i]->finding.id, id);
	return count == 1;
}

int main(void)
{
	ok(!found_init(&list), "findings are kept");
	for (unsigned i = 0; i < FOUND_MAX; i++)
		tell(i, 0.5);
	ok(list.count == FOUND_MAX && !found_left_out(&list), "as many as there is room for");
	for (unsigned i = 0; i < 5; i++)
		tell(FOUND_MAX, 0.1);
	ok(found_left_out(&list) == 1, "one that is left out counts once, however often told");
	tell(FOUND_MAX, 0.9);
	ok(has(FOUND_MAX) && found_left_out(&list) == 1,
	   "when it has grown it stands in for another, which is left out");
	tell(FOUND_MAX + 1, 0.8);
	tell(FOUND_MAX, 0.95);
	ok(list.count == FOUND_MAX && has(FOUND_MAX + 1) && found_left_out(&list) == 2,
	   "a better one drives out the least: two are left out now");
	found_sort(&list);
	ok(list.entries[0]->finding.score == 0.95 && list.entries[1]->finding.score == 0.8,
	   "as told last, the best first");
	found_fini(&list);
	return done();
}
