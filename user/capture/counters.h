/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs' counters, which they keep per CPU. */
#ifndef SKUA_CAPTURE_COUNTERS_H
#define SKUA_CAPTURE_COUNTERS_H

#include <stdint.h>
#include "skua/counter.h"

/* Summed over CPUs; zero where the kernel does not answer. */
uint64_t counters_row(int map_fd, enum skua_counter row);
void counters_read(int map_fd, uint64_t out[SKUA_COUNTERS]);

#endif /* SKUA_CAPTURE_COUNTERS_H */
