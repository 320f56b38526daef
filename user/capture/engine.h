/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The native engine: what the kernel programs do with maps, done with tables,
 * by the same code (skua/observe.h).  It sees one frame after the other and
 * says events; it knows neither files nor detectors.  One thread.
 */
#ifndef SKUA_CAPTURE_ENGINE_H
#define SKUA_CAPTURE_ENGINE_H

#include <stdint.h>
#include "skua/armed.h"
#include "skua/config.h"
#include "skua/counter.h"
#include "skua/local.h"
#include "base/address.h"
#include "base/table.h"
#include "capture/source.h"

struct engine;

/* May change the payload that a packet has, before it is accounted. */
typedef void engine_payload_fn(void *arg, struct skua_packet *pkt, uint64_t time_ns);

struct engine_options {
	struct skua_config config;
	uint32_t flows;   /* entries of each of the two flow tables */
	uint32_t pending; /* attempts beyond the first of each source */
	uint32_t sources;
	const struct network *locals; /* our side; none: private addresses; the caller's */
	unsigned local_count;
	engine_payload_fn *payload; /* of the native engine only; may be NULL */
	void *payload_arg;
};

/* The defaults of the kernel maps (sizes and reasons: the two tables, the flood). */
#define ENGINE_OPTIONS_DEFAULT                                                                     \
	{                                                                                          \
		.config = SKUA_CONFIG_DEFAULT, .flows = 65536, .pending = 16384, .sources = 65536  \
	}

struct engine_frame {
	const uint8_t *bytes;
	uint32_t captured;
	uint32_t length; /* on the wire */
	uint32_t ifindex;
	uint64_t time_ns;
	enum skua_link link;
	int origin; /* enum skua_origin, or < 0: by address */
};

/* 0 or -ENOMEM.  Events are delivered while engine_frame(), engine_tick() and engine_stop() run. */
int engine_open(struct engine **out, const struct engine_options *options, source_event_fn *deliver,
		void *arg);
void engine_close(struct engine *engine);
/* Returns the packet, borrowed until the next call, or NULL when there is none to follow. */
const struct skua_packet *engine_frame(struct engine *engine, const struct engine_frame *frame);
/* Packet time has reached the whole second now_s: say what silence decides. */
void engine_tick(struct engine *engine, uint64_t now_s);
/* The first second at which a tick will find something; UINT64_MAX: none. */
uint64_t engine_next(const struct engine *engine);
/* Say the totals of every flow that is left, and forget it. */
void engine_stop(struct engine *engine, uint64_t now_ns);

/* Samples every packet of these until then, in packet time; 0: no longer.  0. */
int engine_arm(struct engine *engine, const struct skua_armed_key *key, uint64_t until_ns);
/* As armed.h has it. */
uint64_t engine_arms_given_up(const struct engine *engine);

/* Who sent a packet, as its addresses tell. */
enum skua_origin engine_origin(const struct skua_locals *locals, const struct skua_packet *pkt);
const uint64_t *engine_counters(const struct engine *engine); /* SKUA_COUNTERS rows */
const struct table *engine_table(const struct engine *engine, enum skua_table which);

#endif /* SKUA_CAPTURE_ENGINE_H */
