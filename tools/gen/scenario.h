/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: what a text file says, one line per actor, read completely and
 * checked before the first packet is made.  Its language is described in
 * tests/scenarios/README.md.
 */
#ifndef SKUA_GEN_SCENARIO_H
#define SKUA_GEN_SCENARIO_H

#include "actor.h"
#include "variables.h"

struct scenario {
	uint64_t start_ns, duration_ns, seed;
	bool seed_fixed; /* from outside: the file's own does not change it */
	uint32_t snaplen;
	struct link link;
	struct addresses resolver; /* asked before connections are made; used == 0: none */
	struct variables variables;
	struct actor *actors;
	unsigned actor_count;
};

/* The defaults; variables and the seed may be fixed before scenario_read(). */
void scenario_init(struct scenario *scenario);
/* Reads path ("-" is standard input).  0; -EINVAL after a message that names file, line, object,
 * reason and remedy; or another -errno, with nothing said. */
int scenario_read(struct scenario *scenario, const char *path);
void scenario_fini(struct scenario *scenario);

#endif /* SKUA_GEN_SCENARIO_H */
