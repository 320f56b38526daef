/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flows in the making: each packet is added to the flow of its ends; one that
 * is closed, silent, replaced or crowded out is told.  A flow that was told
 * stays while there is room, for what is said of it afterwards bears its name.
 */
#ifndef SKUA_LOGS_FLOWS_H
#define SKUA_LOGS_FLOWS_H

#include "base/table.h"
#include "logs/log_flow.h"

#define FLOWS_MAX 65536

typedef void flow_told_fn(void *arg, const struct skua_flow_key *key, const struct log_flow *flow,
			  enum log_flow_end end);

struct flows {
	struct table table; /* struct skua_flow_key -> struct log_flow */
	flow_told_fn *told;
	void *arg;
	uint32_t looked; /* the next slot to look at */
	uint64_t early;
};

/* 0 or -ENOMEM. */
int flows_init(struct flows *flows, flow_told_fn *told, void *arg);
void flows_fini(struct flows *flows);
void flows_packet(struct flows *flows, const struct skua_packet *pkt, uint64_t time_ns);
/* The one of these ends, or NULL. */
struct log_flow *flows_find(struct flows *flows, const struct skua_flow_key *key);
/* Begins one that only events tell of, unless it is there. */
struct log_flow *flows_get(struct flows *flows, const struct skua_flow_key *key, uint64_t born_ns);
/* One that is held back is told now. */
void flows_release(struct flows *flows, const struct skua_flow_key *key, struct log_flow *flow);
/* Some of those that are silent. */
void flows_tick(struct flows *flows, uint64_t now_ns);
void flows_finish(struct flows *flows);
/* The name of the flow that had these ends at that time: when it began. */
uint64_t flows_born_ns(struct flows *flows, const struct skua_flow_key *key, uint64_t time_ns);

#endif /* SKUA_LOGS_FLOWS_H */
