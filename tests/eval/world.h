/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stretch of time: a mix, actors laid over it, and the real pipeline that is
 * given all their events in order and the ticks between them.
 */
#ifndef TESTS_EVAL_WORLD_H
#define TESTS_EVAL_WORLD_H

#include "actor.h"
#include "mix.h"
#include "pipeline/pipeline.h"

#define WORLD_ACTORS 1024
#define WORLD_ALARMS 4096 /* findings that are no actor's */

/* A finding on the mix. */
struct alarm {
	uint64_t id;
	float best; /* after context */
	uint8_t kind;
};

struct world_options {
	const struct mix *mix; /* NULL: nothing but actors */
	const struct plan *plans;
	struct outcome *outcomes;
	unsigned count;
	uint64_t duration_ns;
	const char *const *without_rules;
	unsigned without_rule_count;
	/* Of the only actor, which plays what was captured; else NULL: */
	const struct script *script;
	const struct talker *who;
	const char *name;                                        /* that it says; NULL: none */
	void (*told)(void *arg, const struct skua_event *event); /* what it says */
	void *told_arg;
};

struct world {
	const struct world_options *options;
	struct sink sink; /* watcher.h */
	struct pipeline *pipeline;
	struct line line;
	struct actor *speaking; /* what the line says is queued there */
	struct actor *actors;
	unsigned *heap; /* of actors by when they are due */
	unsigned waiting;
	size_t mix_at;
	uint64_t from_ns, to_ns, ticked_s;
	struct alarm alarms[WORLD_ALARMS];
	unsigned alarm_count;
	uint64_t alarms_lost;
};

/* 0 or -errno.  Fills the outcomes; alarms stay until world_close(). */
int world_run(struct world **out, const struct world_options *options);
void world_close(struct world *world);

#endif /* TESTS_EVAL_WORLD_H */
