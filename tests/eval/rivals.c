// SPDX-License-Identifier: BSD-2-Clause
/* The simple rule, and what RITA needs. */
#include <errno.h>
#include <stdlib.h>
#include "rivals.h"

#define SECOND_NS 1000000000ull
#define SPACING_S 0.01 /* of the packets of one exchange */
#define MIN_PACKETS 5
#define MAX_VARIANCE 5.0
#define MIN_MEAN_S 1.0

void simple_rule_burst(struct simple_rule *rule, uint64_t time_ns, uint32_t packets)
{
	if (!packets)
		return;
	if (rule->packets) {
		double gap_s = time_ns > rule->last_ns ? (time_ns - rule->last_ns) / 1e9 : 0;

		rule->sum_s += gap_s;
		rule->squares += gap_s * gap_s;
	}
	rule->sum_s += (packets - 1) * SPACING_S;
	rule->squares += (packets - 1) * SPACING_S * SPACING_S;
	rule->packets += packets;
	rule->last_ns = time_ns + (packets - 1) * (uint64_t)(SPACING_S * 1e9);
}

bool simple_rule_fires(const struct simple_rule *rule)
{
	double gaps = (double)rule->packets - 1, mean_s;

	if (rule->packets < MIN_PACKETS)
		return false;
	mean_s = rule->sum_s / gaps;
	return mean_s > MIN_MEAN_S && rule->squares / gaps - mean_s * mean_s < MAX_VARIANCE;
}

int connections_add(struct connections *connections, uint64_t start_ns, uint64_t bytes)
{
	if (connections->count > RITA_STROBE)
		return 0;
	if (connections->count == connections->room) {
		uint32_t room = connections->room ? 2 * connections->room : 16;
		void *rows = realloc(connections->rows, room * sizeof(*connections->rows));

		if (!rows)
			return -ENOMEM;
		connections->rows = rows;
		connections->room = room;
	}
	connections->rows[connections->count++] =
		(struct rita_connection){ .start_s = start_ns / SECOND_NS,
					  .bytes = bytes < UINT32_MAX ? bytes : UINT32_MAX };
	return 0;
}

double connections_rita(struct connections *connections, uint64_t from_ns, uint64_t to_ns)
{
	double *room = malloc((connections->count + 1) * sizeof(*room));
	struct rita_score score = { 0 };

	if (room)
		rita_score(connections->rows, connections->count, from_ns / SECOND_NS,
			   to_ns / SECOND_NS, room, &score);
	free(room);
	return score.score;
}

void connections_fini(struct connections *connections)
{
	free(connections->rows);
}
