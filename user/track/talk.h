/* SPDX-License-Identifier: BSD-2-Clause */
/* Who talks to whom in an event, and whether it is housekeeping of the network. */
#ifndef SKUA_TRACK_TALK_H
#define SKUA_TRACK_TALK_H

#include <stdbool.h>
#include <stdint.h>
#include "skua/flow.h"
#include "base/address.h"
#include "dissect/fact.h"

struct talk {
	struct address client, server;
	uint16_t client_port, server_port;
	uint8_t proto;
};

/* client: enum skua_side. */
struct talk talk_of(const struct skua_flow_key *key, unsigned client);
/*
 * Multicast, broadcast, discovery, address assignment and routing: regular by
 * design, spoken to nobody in particular or to the next hop only.  And what a
 * host says to itself.
 */
bool talk_is_housekeeping(const struct talk *talk);
/* Does a hello name somebody by more than the address it goes to?  (A proxy is told addresses.) */
bool talk_is_named(const struct fact_hello *hello);

#endif /* SKUA_TRACK_TALK_H */
