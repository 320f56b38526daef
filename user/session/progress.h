/* SPDX-License-Identifier: BSD-2-Clause */
/* How far long work has come: one line on a terminal, once a second, or JSON for wrappers. */
#ifndef SKUA_SESSION_PROGRESS_H
#define SKUA_SESSION_PROGRESS_H

#include "capture/replay.h"

enum progress_style { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER, PROGRESS_JSON };
#define PROGRESS_STYLES "auto always never json"

struct progress {
	enum progress_style style; /* PROGRESS_AUTO was decided by progress_init() */
	double begun_s, said_s;    /* monotonic */
	bool shown;                /* a line is on the terminal */
};

void progress_init(struct progress *progress, enum progress_style style);
/* How far it has come, in packets and in what is wanted of them. */
struct progress_state {
	uint64_t packets;
	uint64_t first_ns, last_ns; /* of the capture */
	const char *counted;        /* "findings", "rows" */
	uint64_t count;
};

/* Call often; says something at most once a second. */
void progress_say(struct progress *progress, const struct file_in *input,
		  const struct progress_state *state);
void progress_replay(struct progress *progress, const struct replay *replay, uint64_t findings);
/* Clears the line; returns seconds since the beginning. */
double progress_end(struct progress *progress);

#endif /* SKUA_SESSION_PROGRESS_H */
