/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs of logins of one client at one server, without a long pause: a run that
 * is long enough is a sighting, shorter ones are forgotten.  Bounded: the run
 * that was silent longest gives way, and is counted when it was long enough.
 */
#ifndef SKUA_ANALYZE_LOGIN_RUNS_H
#define SKUA_ANALYZE_LOGIN_RUNS_H

#include "analyze/sightings.h"

#define LOGIN_RUNS 16384
/* Guessers that are locked out for some minutes go on; people who come back later begin anew. */
#define LOGIN_PAUSE_NS (10ull * 60 * 1000000000)

struct login_run_key {
	struct address client, server;
	uint16_t port;
	uint16_t kind; /* the rule's own */
	uint32_t reserved;
};

struct login_run {
	struct suspicion_span span;
	uint64_t count;
	uint64_t bytes; /* of all its connections, where a rule counts them */
};

struct login_runs;
typedef void login_run_fn(void *arg, const struct login_run_key *key, const struct login_run *run);

struct login_runs {
	struct table table;
	login_run_fn *over; /* told of each run that is, however short */
	void *arg;
};

/* 0 or -ENOMEM. */
int login_runs_init(struct login_runs *runs, login_run_fn *over, void *arg);
void login_runs_fini(struct login_runs *runs);
/* The run that goes on at this time, or NULL: there is none, or its pause was too long. */
struct login_run *login_runs_find(struct login_runs *runs, const struct login_run_key *key,
				  uint64_t now_ns);
/* One login more, of so many bytes. */
void login_runs_add(struct login_runs *runs, const struct login_run_key *key,
		    const struct suspicion_span *span, uint64_t bytes);
/* All that go on are over. */
void login_runs_finish(struct login_runs *runs);

#endif /* SKUA_ANALYZE_LOGIN_RUNS_H */
