// SPDX-License-Identifier: BSD-2-Clause
/* The findings of a run as they were told last. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "page/found.h"

struct left_out_key {
	char id[(FINDING_ID + 7) / 8 * 8];
};

static void found_free(struct found *found)
{
	if (!found)
		return;
	free(found->derivation);
	free(found);
}

int found_init(struct found_list *list)
{
	const struct table_options left_out = { .key_size = sizeof(struct left_out_key),
						.value_size = sizeof(uint64_t),
						.capacity = FOUND_LEFT_OUT };

	list->count = 0;
	return table_init(&list->left_out, &left_out);
}

void found_fini(struct found_list *list)
{
	for (unsigned i = 0; i < list->count; i++)
		found_free(list->entries[i]);
	list->count = 0;
	table_fini(&list->left_out);
}

static void leave_out(struct found_list *list, const struct finding *finding)
{
	struct left_out_key key = { 0 };

	memcpy(key.id, finding->id, sizeof(finding->id));
	table_get(&list->left_out, &key, NULL);
}

static void take_in(struct found_list *list, const struct finding *finding)
{
	struct left_out_key key = { 0 };
	void *known;

	memcpy(key.id, finding->id, sizeof(finding->id));
	known = table_find(&list->left_out, &key);
	if (known)
		table_remove(&list->left_out, known);
}

uint64_t found_left_out(const struct found_list *list)
{
	return list->left_out.used + list->left_out.evictions;
}

static struct found *find(const struct found_list *list, const char *id)
{
	for (unsigned i = 0; i < list->count; i++)
		if (!strcmp(list->entries[i]->finding.id, id))
			return list->entries[i];
	return NULL;
}

/* Where a new one may stand: a free place, or that of the least.  NULL: all are worth more. */
static struct found **place_for(struct found_list *list, double score)
{
	unsigned least = 0;

	if (list->count < FOUND_MAX)
		return &list->entries[list->count];
	for (unsigned i = 1; i < list->count; i++)
		if (list->entries[i]->finding.score < list->entries[least]->finding.score)
			least = i;
	return list->entries[least]->finding.score < score ? &list->entries[least] : NULL;
}

static int keep(struct found *found, const struct finding *finding,
		const struct derivation *derivation)
{
	found->finding = *finding;
	if (!derivation)
		return 0;
	if (!found->derivation)
		found->derivation = malloc(sizeof(*derivation));
	if (!found->derivation)
		return -ENOMEM;
	*found->derivation = *derivation;
	return 0;
}

int found_add(struct found_list *list, const struct finding *finding,
	      const struct derivation *derivation)
{
	struct found *found = find(list, finding->id), **place;

	if (found)
		return keep(found, finding, derivation);
	place = place_for(list, finding->score);
	if (!place) {
		leave_out(list, finding);
		return 0;
	}
	found = calloc(1, sizeof(*found));
	if (!found)
		return -ENOMEM;
	if (place == &list->entries[list->count]) {
		list->count++;
	} else {
		leave_out(list, &(*place)->finding);
		take_in(list, finding);
		found_free(*place);
	}
	*place = found;
	return keep(found, finding, derivation);
}

static int by_score(const void *x, const void *y)
{
	const struct finding *a = &(*(struct found *const *)x)->finding;
	const struct finding *b = &(*(struct found *const *)y)->finding;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	return strcmp(a->id, b->id);
}

void found_sort(struct found_list *list)
{
	qsort(list->entries, list->count, sizeof(list->entries[0]), by_score);
}
