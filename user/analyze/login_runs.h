/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs of logins of one client at one server, without a long pause: a run that
 * is long enough is a sighting, shorter ones are forgotten.  Bounded: the run
 * that was silent longest gives way, and counts as lost when it was shorter.
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

struct login_runs {
	struct table table;
	struct sightings found;
	uint64_t enough; /* logins that make a sighting */
	uint64_t lost;   /* runs that gave way before they had so many */
};

/* 0 or -ENOMEM. */
int login_runs_init(struct login_runs *runs, uint64_t enough);
void login_runs_fini(struct login_runs *runs);
/* The run that goes on at this time, or NULL: there is none, or its pause was too long. */
struct login_run *login_runs_find(struct login_runs *runs, const struct login_run_key *key,
				  uint64_t now_ns);
/* One login more, of so many bytes. */
void login_runs_add(struct login_runs *runs, const struct login_run_key *key,
		    const struct suspicion_span *span, uint64_t bytes);
/* All that go on are over; a row for each sighting (sightings_say()). */
void login_runs_finish(struct login_runs *runs, const char *what,
		       const struct sighting_words *words, suspicion_fn *say, void *arg);

#endif /* SKUA_ANALYZE_LOGIN_RUNS_H */
