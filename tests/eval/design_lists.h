/* SPDX-License-Identifier: BSD-2-Clause */
/* The lists of seeds and laws, which have nothing in common. */
#ifndef TESTS_EVAL_DESIGN_LISTS_H
#define TESTS_EVAL_DESIGN_LISTS_H

#include "design.h"

/* tune.txt and report.txt of a directory: 0 or -errno, which has been logged. */
int design_read_lists(struct list_of lists[LISTS], const char *directory);

#endif /* TESTS_EVAL_DESIGN_LISTS_H */
