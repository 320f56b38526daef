/* SPDX-License-Identifier: BSD-2-Clause */
/* What the recorder takes for one pair: both directions of all conversations with one service. */
#ifndef SKUA_RECORD_KEEP_KEY_H
#define SKUA_RECORD_KEEP_KEY_H

#include "base/address.h"
#include "skua/event.h"

struct keep_key {
	struct address low, high; /* in the order of skua_flow_key */
	uint16_t port;            /* of the server; 0: the protocol has none */
	uint8_t proto;
	uint8_t reserved[5];
};

/* client: enum skua_side. */
struct keep_key keep_key_make(const struct skua_flow_key *from, unsigned client);
struct keep_key keep_key_of(const struct skua_sample_event *event);

#endif /* SKUA_RECORD_KEEP_KEY_H */
