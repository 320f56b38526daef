/* SPDX-License-Identifier: BSD-2-Clause */
/* The laws by which gaps are drawn: general ones, and those of known implants under their names. */
#ifndef SKUA_GEN_LAW_H
#define SKUA_GEN_LAW_H

#include "spec.h"

/* From the end of one act to the next, by the law, interval and jitter of an actor. */
uint64_t law_gap(struct draw *draw, const struct spec *spec);

#endif /* SKUA_GEN_LAW_H */
