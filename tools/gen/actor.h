/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An actor is one line of a scenario at work; its kind, a row of the table in
 * kinds.c, says which options it takes and which function sets it going.
 */
#ifndef SKUA_GEN_ACTOR_H
#define SKUA_GEN_ACTOR_H

#include "draw.h"
#include "spec.h"

struct sim;
struct actor;

struct kind {
	const char *name;
	const char *finding;  /* how the truth file calls it */
	const char *options;  /* it takes, beside those all take */
	const char *required; /* of them */
	const char *defaults; /* written like a line of the scenario */
	bool alert;           /* a detector should find it */
	bool ethernet;        /* it cannot be shown without Ethernet */
	bool datagrams;       /* its sizes are those of one datagram */
	int (*start)(struct sim *sim, struct actor *actor); /* 0 or -ENOMEM */
};

struct actor {
	const struct kind *kind;
	struct spec spec;
	struct draw draw;
	uint64_t start_ns, end_ns; /* since the Unix epoch */
	unsigned line;
};

/* NULL if there is none. */
const struct kind *kind_find(const char *name);
/* The names of all kinds, separated by commas. */
void kind_list(char *to, size_t size);

#endif /* SKUA_GEN_ACTOR_H */
