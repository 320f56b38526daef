/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process of its own for each place elsewhere to which findings go, so that
 * no server, no resolver and no slow line can hold up the worker, which may
 * not open a socket.  It has no capability and the worker's account, and what
 * it knows of the run is what comes through its channel: messages that are
 * ready to be sent.  They wait in it, bounded (waiting.h), and the worker hands
 * over without waiting: what finds no room is dropped, and every loss has a
 * cause and a count.  When the worker closes the channel, however it ends, the
 * sender has FLUSH_MS for what is left.
 */
#ifndef SKUA_SINKS_SENDER_H
#define SKUA_SINKS_SENDER_H

#include <sys/types.h>
#include "base/privs.h"
#include "report/sink_tally.h"
#include "sinks/backoff.h"
#include "sinks/waiting.h"

#define SENDER_MESSAGE 65536 /* bytes of the longest; see SO_SNDBUF in sender.c */
#define SENDER_FLUSH_MS 3000

enum sender_cause {
	SENDER_CHANNEL_FULL, /* the sender did not take it in time */
	SENDER_QUEUE_FULL,   /* the oldest that waited gave way */
	SENDER_TOO_LARGE,
	SENDER_REJECTED, /* the server will never take it */
	SENDER_GONE,     /* the sender had died */
	SENDER_AT_END,   /* there was no time left */
	SENDER_CAUSES
};

/* Written by the sender, read by the worker. */
struct sender_counts {
	uint64_t delivered, retries, waiting;
	uint64_t dropped[SENDER_CAUSES];
};

/* What the process has in hand. */
struct sender_end {
	int channel;
	const char *name; /* for the log */
	struct waiting waiting;
	struct sender_counts *counts;
	bool over; /* the channel has ended */
	uint64_t until_ms;
	char message[SENDER_MESSAGE];
};

struct sender; /* in the worker */

/* What a process does: until sender_is_done().  arg is what was given to open. */
typedef void sender_run_fn(struct sender_end *end, void *arg);

/*
 * Forks it: to be called while there is one thread and before privs_drop() and
 * privs_confine().  account: who it becomes.  name: "syslog" or so, constant.
 * 0 or -errno.
 */
int sender_open(struct sender **out, const char *name, const struct privs_account *account,
		sender_run_fn *run, void *arg);
/* Never waits; what cannot be handed over is counted. */
void sender_put(struct sender *sender, const void *bytes, size_t length);
/* No more will come, which is told, and not waited for: from now on it has its time. */
void sender_end_input(struct sender *sender);
/* The same, and waits for it, no longer than it may take.  Works in a confined worker. */
void sender_finish(struct sender *sender);
/* After sender_finish(), what was left counts as dropped. */
void sender_tally(const struct sender *sender, struct sink_tally *out);
void sender_close(struct sender *sender);

/* For the process. */
uint64_t sender_now_ms(void); /* CLOCK_MONOTONIC */
/* Takes all that the channel has. */
void sender_receive(struct sender_end *end);
/* Nothing is left, or no time. */
bool sender_is_done(const struct sender_end *end);
/* At most so long, and no longer than the end. */
int sender_timeout(const struct sender_end *end, int ms);
/* Milliseconds until another try; none are wasted at the end. */
uint32_t sender_pause_ms(struct sender_end *end, struct backoff *backoff);
void sender_drop(struct sender_end *end, enum sender_cause cause, unsigned count);
/* The first so many on their way have arrived. */
void sender_delivered(struct sender_end *end, unsigned count);

#endif /* SKUA_SINKS_SENDER_H */
