/* SPDX-License-Identifier: BSD-2-Clause */
/* Results for people and for programs. */
#ifndef TESTS_EVAL_REPORT_H
#define TESTS_EVAL_REPORT_H

#include <stdio.h>
#include "tally.h"

/* 0 or -ENOMEM. */
int report_tables(const struct results *results, FILE *stream);
int report_json(const struct results *results, FILE *stream);

#endif /* TESTS_EVAL_REPORT_H */
