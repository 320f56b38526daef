/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an actor's host does again and again: the act is the actor's own, the
 * rhythm (law, jitter, missed turns, count, start and end) is the same for all.
 */
#ifndef SKUA_GEN_HABIT_H
#define SKUA_GEN_HABIT_H

#include "sim.h"

struct habit {
	struct task task;
	struct actor *actor;
	struct truth *truth;
	struct draw draw; /* of this host's own */
	struct address host;
	uint64_t step;      /* acts done before this one, missed ones included */
	uint64_t due_ns;    /* when this one is */
	void *talk;         /* the conversation it keeps open, if any */
	uint64_t sooner_ns; /* set by the act: the next gap, instead of the law's; 0: none */
	/* Of an operator's sessions: those begun, the end of the last, a task not yet answered. */
	unsigned sessions;
	uint64_t session_end_ns;
	bool tasked;
	bool hang_up; /* what it keeps open is broken */
	void (*act)(struct sim *sim, struct habit *habit);
};

enum phase {
	PHASE_START,   /* first at the actor's start */
	PHASE_SCATTER, /* first anywhere within one interval */
};

/* A habit for each of the actor's hosts; truth is theirs in common or, where NULL, one row each
 * for protocol.  0 or -ENOMEM. */
int habits_start(struct sim *sim, struct actor *actor, enum phase phase, struct truth *truth,
		 const char *protocol, void (*act)(struct sim *, struct habit *));
/* One habit in size bytes, whose first member it is; number tells those of an actor apart.  It is
 * set going; the caller may fill in the rest.  NULL: no memory. */
void *habit_new(struct sim *sim, struct actor *actor, size_t size, enum phase phase,
		const struct address *host, uint64_t number,
		void (*act)(struct sim *, struct habit *));
/* How many hosts the actor has, those that share an address counted each. */
uint64_t habit_hosts(const struct actor *actor);
struct address habit_host(const struct actor *actor, uint64_t index);
/* The next gap by the actor's law, missed turns included. */
uint64_t habit_gap(struct habit *habit);
/* Whether the actor's count and end allow one more act at a time. */
bool habit_goes_on(const struct habit *habit, uint64_t at_ns);
/* One of the actor's targets. */
struct address habit_target(struct habit *habit);

#endif /* SKUA_GEN_HABIT_H */
