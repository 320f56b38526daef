// SPDX-License-Identifier: BSD-2-Clause
/* Remembers when payload of a conversation was seen last. */
#include <stdlib.h>
#include "skua/hash.h"
#include "record/opening.h"

#define FLOWS 65536 /* a conversation in the place of another counts as a new one */
#define EXCHANGE_GAP_NS 500000000ull /* as skua_config.exchange_gap_ns */

struct flow {
	uint64_t payload_ns;
	uint32_t tag;
	uint32_t isn; /* of the client */
};

struct opening {
	struct flow flows[FLOWS];
};

struct opening *opening_open(void)
{
	return calloc(1, sizeof(struct opening));
}

void opening_close(struct opening *opening)
{
	free(opening);
}

bool opening_sees(struct opening *opening, const struct skua_sample_event *event)
{
	uint32_t hash = skua_hash(&event->head.key, sizeof(event->head.key), 0);
	struct flow *flow = &opening->flows[hash % FLOWS];
	bool high = event->flags & SKUA_SAMPLE_CLIENT_HIGH;
	bool by_client = event->sender == (high ? SKUA_HIGH : SKUA_LOW);
	bool known = flow->tag == hash && flow->payload_ns;
	bool syn = (event->tcp_flags & (SKUA_SYN | SKUA_ACK)) == SKUA_SYN, begins;

	if (syn)
		begins = !known || flow->isn != event->seq;
	else
		begins = by_client && event->payload &&
			 (!known || event->head.time_ns >= flow->payload_ns + EXCHANGE_GAP_NS);
	if (!known || event->payload || syn)
		flow->payload_ns = event->head.time_ns;
	flow->tag = hash;
	if (syn)
		flow->isn = event->seq;
	return begins;
}
