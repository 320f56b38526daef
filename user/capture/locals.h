/* SPDX-License-Identifier: BSD-2-Clause */
/* --local NET... in the form that both engines look at. */
#ifndef SKUA_CAPTURE_LOCALS_H
#define SKUA_CAPTURE_LOCALS_H

#include "skua/local.h"
#include "base/address.h"

/* Of more than SKUA_NETWORKS the first ones. */
void locals_fill(struct skua_locals *out, const struct network *networks, unsigned count);

#endif /* SKUA_CAPTURE_LOCALS_H */
