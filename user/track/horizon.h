/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * First contacts of a source over three horizons, and the running sum that
 * weighs the failed ones against those that succeeded: a threshold random walk
 * (Jung, Paxson, Berger, Balakrishnan 2004) in CUSUM form, so that old
 * successes bank no credit.  Once a second, with F failed and S succeeded
 * first contacts of it and C those that succeeded in the last 6 s:
 *
 *	s = max(-C, s + F - S)
 *
 * A horizon begins with the first contact after the one before it is over.
 */
#ifndef SKUA_TRACK_HORIZON_H
#define SKUA_TRACK_HORIZON_H

#include "skua/contact.h"
#include "track/candidate.h"
#include "track/distinct.h"

#define HORIZONS 3
/* Silence is booked 5 s after the attempt, success at once: so long a success waits for it. */
#define HORIZON_CREDIT_S 6

struct horizon {
	uint64_t start_ns; /* 0: nothing has happened yet */
	uint64_t first_ns; /* failed attempts since the sum last left zero: the first, the last */
	uint64_t last_ns;
	int32_t cusum;
	uint32_t failed, succeeded; /* new ones, not yet booked */
	uint32_t answered;          /* new ones that succeeded; what is forgotten counts again */
	uint32_t withdrawn;         /* of these: nothing came of it */
	uint32_t outcomes[SKUA_OUTCOMES]; /* of the failed ones, each by its first outcome */
	struct candidate target;          /* of most failed ones */
	struct distinct failures;         /* only failed ones, so that successes never mask them */
	uint64_t reached[DISTINCT_CONTACT_WORDS]; /* lately; cleared when a quarter is full */
};

struct horizons {
	uint64_t booked_s;                    /* second of the last tick; 0: none yet */
	uint32_t fresh;                       /* succeeded in this second */
	uint32_t reluctant;                   /* failures of a kind that counts every eighth time */
	uint32_t succeeded[HORIZON_CREDIT_S]; /* by second modulo its size */
	struct horizon horizon[HORIZONS];
};

/* A contact, as the horizons want it. */
struct attempt {
	uint64_t now_ns;   /* when the outcome was known */
	uint64_t first_ns; /* when it was tried */
	struct address target;
	uint32_t target_hash;
	uint16_t port;
	uint16_t source_port;
	uint8_t outcome; /* enum skua_outcome */
};

/* What a failure is to the sum. */
enum horizon_weight {
	HORIZON_NOTED,     /* a distinct failure, but not booked: silence of UDP */
	HORIZON_RELUCTANT, /* every eighth is booked, on the shortest horizon only */
	HORIZON_COUNTED,
};

/* 300, 3600, 86400. */
uint32_t horizon_length_s(unsigned horizon);
void horizons_failed(struct horizons *horizons, const struct attempt *attempt,
		     enum horizon_weight weight);
void horizons_succeeded(struct horizons *horizons, const struct attempt *attempt);
/* A success of late carried nothing either way: it was none.  Once for each contact. */
void horizons_withdraw(struct horizons *horizons);
/* Once a second of packet time in which something was reported; may leave seconds out. */
void horizons_book(struct horizons *horizons, uint64_t now_ns);

#endif /* SKUA_TRACK_HORIZON_H */
