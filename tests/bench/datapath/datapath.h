/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the bench, each of which prints its table.  0 or -errno, which has been said. */
#ifndef BENCH_DATAPATH_H
#define BENCH_DATAPATH_H

struct stage;

#define COST_FLOWS 65536 /* entries of a flow table, as the agent has them */
#define COST_FLOWS_LARGE 1048576

/* The sampled ones want a stage without limit to samples. */
enum cost_rows { COST_USUAL, COST_SAMPLED, COST_LARGE };

int cost_show(struct stage *stage, enum cost_rows which);
int flood_show(struct stage *stage);
int memory_show(struct stage *stage);
int drain_show(void);

#endif /* BENCH_DATAPATH_H */
