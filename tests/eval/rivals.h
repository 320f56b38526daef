/* SPDX-License-Identifier: BSD-2-Clause */
/* The other methods, fed with the same connections and packets. */
#ifndef TESTS_EVAL_RIVALS_H
#define TESTS_EVAL_RIVALS_H

#include "analyze/rita.h"

/* At least five packets, whose gaps have a variance below 5 s^2 and a mean above 1 s. */
struct simple_rule {
	uint64_t packets, last_ns;
	double sum_s, squares; /* of gaps */
};

/* So many packets, the first then, the others a hundredth of a second apart. */
void simple_rule_burst(struct simple_rule *rule, uint64_t time_ns, uint32_t packets);
bool simple_rule_fires(const struct simple_rule *rule);

/* Connections of one pair; beyond RITA_STROBE they are only counted. */
struct connections {
	struct rita_connection *rows;
	uint32_t count, room;
};

/* 0 or -ENOMEM. */
int connections_add(struct connections *connections, uint64_t start_ns, uint64_t bytes);
/* 0 when there is no score. */
double connections_rita(struct connections *connections, uint64_t from_ns, uint64_t to_ns);
void connections_fini(struct connections *connections);

#endif /* TESTS_EVAL_RIVALS_H */
