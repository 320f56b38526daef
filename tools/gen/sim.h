/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clock of a scenario: tasks wake in the order of time (and, at one time,
 * in the order they were set), send the packets of that moment and set
 * themselves again, so only what is under way is in memory and packets come out
 * sorted.  One thread; a task is owned by the simulation until it ends itself.
 */
#ifndef SKUA_GEN_SIM_H
#define SKUA_GEN_SIM_H

#include <stdio.h>
#include "scenario.h"
#include "tap.h"
#include "truth.h"

#define NOISE_BYTES 65536

/* Embedded as the first member of whatever wakes. */
struct task {
	void (*run)(struct sim *sim, struct task *task);
	struct task *previous, *next;
};

struct alarm {
	uint64_t at_ns, order;
	struct task *task;
};

struct sim {
	const struct scenario *scenario;
	struct tap *tap;
	struct truth_list truth;
	uint64_t now_ns, end_ns;
	int err; /* the first; the simulation stops at once */
	uint32_t ports_given;
	struct alarm *heap;
	size_t alarms, capacity;
	uint64_t order;
	struct task tasks;          /* ring of all */
	uint8_t noise[NOISE_BYTES]; /* what streams are made of */
	uint8_t text[NOISE_BYTES];  /* what datagrams are: no protocol that could be mistaken */
};

void sim_init(struct sim *sim, const struct scenario *scenario, struct tap *tap);
/* Starts all actors and runs to the end of the scenario: 0 or -errno. */
int sim_run(struct sim *sim);
void sim_fini(struct sim *sim);

/* A zeroed task of size bytes, or NULL with err set. */
void *sim_new(struct sim *sim, size_t size, void (*run)(struct sim *, struct task *));
/* Wakes task once; a time past is now. */
void sim_wake(struct sim *sim, struct task *task, uint64_t at_ns);
/* Frees a task that has no wake left; NULL is fine. */
void sim_end(struct sim *sim, struct task *task);

/* Sends now. */
void sim_send(struct sim *sim, const struct route *route, const struct packet *packet);
/* Sends at a later time; the payload is copied. */
void sim_send_at(struct sim *sim, uint64_t at_ns, const struct route *route,
		 const struct packet *packet);
void sim_send_arp_at(struct sim *sim, uint64_t at_ns, const struct route *route, enum arp operation,
		     const struct address *sender, const struct address *target);

/* A client port; the same one comes again only after all 28,232 others. */
uint16_t sim_port(struct sim *sim);
/* From the tap to there and back: under a millisecond nearby, 5 to 68 ms elsewhere. */
uint64_t sim_round_trip(const struct sim *sim, const struct address *there);

#endif /* SKUA_GEN_SIM_H */
