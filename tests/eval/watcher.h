/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes what became of each actor: the sink of a world, and who looks at its exchanges. */
#ifndef TESTS_EVAL_WATCHER_H
#define TESTS_EVAL_WATCHER_H

#include "track/pair.h"
#include "world.h"

void watcher_init(struct sink *sink);
void watcher_before(struct world *world, struct actor *actor, const struct skua_event *event);
void watcher_after(struct world *world, struct actor *actor, const struct skua_event *event);
/* The score of a pair now, by the detector itself, from the threshold on; 0: none. */
double watcher_judge(const struct world *world, const struct pair_key *key, double threshold,
		     uint64_t now_ns);
void watcher_end(struct world *world, struct actor *actor);

#endif /* TESTS_EVAL_WATCHER_H */
