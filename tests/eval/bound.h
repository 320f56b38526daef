/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be known at all: the power of the likelihood-ratio test that knows
 * law, interval and share of missed callbacks, against exponential gaps of the
 * same mean, at a given share of false alarms (Neyman and Pearson 1933).  By
 * simulation with fixed seeds: the same on every run.
 */
#ifndef TESTS_EVAL_BOUND_H
#define TESTS_EVAL_BOUND_H

#include "plan.h"

#define BOUND_FALSE_ALARMS 1e-4

/* Recall at each number of exchanges in marks; 0 or -ENOMEM. */
int bound_simulate(enum law law, unsigned shape, unsigned loss, double out[MARKS]);

#endif /* TESTS_EVAL_BOUND_H */
