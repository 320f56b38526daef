/* SPDX-License-Identifier: BSD-2-Clause */
/* In which order a scan tries its targets and ports. */
#ifndef SKUA_GEN_ORDER_H
#define SKUA_GEN_ORDER_H

#include <stdint.h>
#include "spec.h"

struct order_at {
	uint64_t target, port; /* indices */
};

/* The step-th of targets x ports, each once; seed is that of a permutation. */
struct order_at order_at(enum order order, uint64_t step, uint64_t targets, uint64_t ports,
			 uint64_t seed);

#endif /* SKUA_GEN_ORDER_H */
