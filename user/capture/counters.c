// SPDX-License-Identifier: BSD-2-Clause
/* All rows of the counters in one call. */
#include <errno.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "capture/counters.h"

uint64_t counters_row(int map_fd, enum skua_counter row)
{
	int cpus = libbpf_num_possible_cpus();
	uint64_t values[cpus > 0 ? cpus : 1], sum = 0;
	uint32_t key = row;

	if (bpf_map_lookup_elem(map_fd, &key, values))
		return 0;
	for (int cpu = 0; cpu < cpus; cpu++)
		sum += values[cpu];
	return sum;
}

void counters_read(int map_fd, uint64_t out[SKUA_COUNTERS])
{
	int cpus = libbpf_num_possible_cpus();
	uint64_t values[SKUA_COUNTERS][cpus > 0 ? cpus : 1];
	uint32_t rows[SKUA_COUNTERS], count = SKUA_COUNTERS, next;
	int err = bpf_map_lookup_batch(map_fd, NULL, &next, rows, values, &count, NULL);

	memset(out, 0, SKUA_COUNTERS * sizeof(out[0]));
	if (err && errno != ENOENT) /* which says that these are all */
		return;
	for (uint32_t i = 0; i < count; i++)
		for (int cpu = 0; cpu < cpus; cpu++)
			out[rows[i]] += values[i][cpu];
}
