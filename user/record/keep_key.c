// SPDX-License-Identifier: BSD-2-Clause
/* Makes the key of a pair from that of a conversation. */
#include <string.h>
#include "record/keep_key.h"
#include "skua/packet.h"

static bool has_ports(uint8_t proto)
{
	return proto == SKUA_TCP || proto == SKUA_UDP || proto == SKUA_SCTP;
}

struct keep_key keep_key_make(const struct skua_flow_key *from, unsigned client)
{
	struct keep_key key;

	memset(&key, 0, sizeof(key));
	key.low = address_from(from->low);
	key.high = address_from(from->high);
	key.proto = from->proto;
	if (has_ports(from->proto))
		key.port = client == SKUA_HIGH ? from->low_port : from->high_port;
	return key;
}

struct keep_key keep_key_of(const struct skua_sample_event *event)
{
	return keep_key_make(&event->head.key,
			     event->flags & SKUA_SAMPLE_CLIENT_HIGH ? SKUA_HIGH : SKUA_LOW);
}
