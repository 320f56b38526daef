/* SPDX-License-Identifier: BSD-2-Clause */
/* The findings of a run as they were told last, the best of them if there are too many. */
#ifndef SKUA_PAGE_FOUND_H
#define SKUA_PAGE_FOUND_H

#include "base/table.h"
#include "report/record.h"

#define FOUND_MAX 1024
#define FOUND_LEFT_OUT 65536 /* known by their id; beyond, one told again is counted again */

struct found {
	struct finding finding;
	struct derivation *derivation; /* the last there was; NULL: none */
};

struct found_list {
	struct found *entries[FOUND_MAX];
	unsigned count;
	struct table left_out; /* ids of findings that are worth less than those kept */
};

/* 0 or -ENOMEM; found_fini() takes a list that was never made, if it is zero. */
int found_init(struct found_list *list);
void found_fini(struct found_list *list);
/* 0 or -ENOMEM. */
int found_add(struct found_list *list, const struct finding *finding,
	      const struct derivation *derivation);
/* Findings, each once however often it was told. */
uint64_t found_left_out(const struct found_list *list);
/* By falling score, then by time and id. */
void found_sort(struct found_list *list);

#endif /* SKUA_PAGE_FOUND_H */
