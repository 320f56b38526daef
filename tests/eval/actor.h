/* SPDX-License-Identifier: BSD-2-Clause */
/* One client that calls one server: a plan made into events, one exchange at a time. */
#ifndef TESTS_EVAL_ACTOR_H
#define TESTS_EVAL_ACTOR_H

#include "dissect/fact.h"
#include "line.h"
#include "plan.h"
#include "rivals.h"

#define ACTOR_QUEUE 16 /* what one exchange can say */

enum saying { SAYING_EVENT, SAYING_HELLO, SAYING_NAME };

struct queued {
	uint64_t time_ns;
	enum saying saying;
	union {
		struct skua_event event;
		struct skua_exchange_event exchange;
		struct skua_flow_event flow;
		struct skua_contact_event contact;
	};
};

/* Given from outside in place of a plan's draws. */
struct script {
	uint64_t start_ns;
	uint32_t out, in; /* payload bytes */
};

struct actor {
	const struct plan *plan;
	const struct script *script; /* NULL: the plan decides */
	struct outcome *outcome;
	struct talker talker;
	char name[32];
	struct draw draw;
	uint64_t next_ns; /* of the next exchange; UINT64_MAX: there is none */
	uint64_t stop_ns; /* none begins later */
	uint64_t free_ns; /* when the last one is over */
	uint64_t trip_ns; /* round trip */
	uint32_t begun;   /* exchanges */
	uint32_t ordered; /* bytes that an order makes it send */
	bool named;       /* its name was told */
	struct queued queue[ACTOR_QUEUE];
	unsigned queued, taken;
	/* What was delivered: */
	uint64_t first_ns, last_ns;
	uint32_t judged;
	float now[2]; /* score when it was judged last: raw, in context */
	struct connections connections;
	struct simple_rule simple;
};

void actor_init(struct actor *actor, const struct plan *plan, struct outcome *outcome,
		uint64_t start_ns, uint64_t stop_ns);
/* When it has something to say; UINT64_MAX: never again. */
uint64_t actor_due(const struct actor *actor, const struct line *line);
/* Fills the queue with what happens then. */
void actor_act(struct actor *actor, struct line *line);
/* The capture ends. */
void actor_stop(struct actor *actor, struct line *line, uint64_t now_ns);
/* The fact behind a queued saying. */
void actor_fact(const struct actor *actor, const struct queued *queued, struct fact *out);
/* A line's deliver; the argument points to a pointer to the actor. */
void actor_queue(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 now_ns);

#endif /* TESTS_EVAL_ACTOR_H */
