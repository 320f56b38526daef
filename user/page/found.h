/* SPDX-License-Identifier: BSD-2-Clause */
/* The findings of a run as they were told last, the best of them if there are too many. */
#ifndef SKUA_PAGE_FOUND_H
#define SKUA_PAGE_FOUND_H

#include "report/record.h"

#define FOUND_MAX 1024

struct found {
	struct finding finding;
	struct derivation *derivation; /* the last there was; NULL: none */
};

struct found_list {
	struct found *entries[FOUND_MAX];
	unsigned count;
	uint64_t left_out; /* told, but worth less than those kept */
};

void found_fini(struct found_list *list);
/* 0 or -ENOMEM. */
int found_add(struct found_list *list, const struct finding *finding,
	      const struct derivation *derivation);
/* By falling score, then by time and id. */
void found_sort(struct found_list *list);

#endif /* SKUA_PAGE_FOUND_H */
