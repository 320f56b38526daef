/* SPDX-License-Identifier: BSD-2-Clause */
/* The name of a flow in every line about it: a hash of its community id and its beginning. */
#ifndef SKUA_LOGS_IDENTITY_H
#define SKUA_LOGS_IDENTITY_H

#include "analyze/analyst.h"
#include "report/community_id.h"

#define IDENTITY_UID 18 /* "C", 16 letters and digits, and a zero */

struct identity {
	struct address src, dst; /* client, server; or who sent, and to whom */
	uint16_t sport, dport;
	uint8_t proto;
	uint64_t flow_id; /* below 2^53, so that JavaScript and jq keep it */
	char uid[IDENTITY_UID];
	char community_id[COMMUNITY_ID];
};

/* side: whose address is shown as src.  ICMP: type and code, in the place of ports. */
void identity_set(struct identity *identity, const struct skua_flow_key *key, unsigned side,
		  uint64_t born_ns);
void identity_set_icmp(struct identity *identity, const struct skua_flow_key *key, unsigned side,
		       uint64_t born_ns, uint8_t type, uint8_t code);

#endif /* SKUA_LOGS_IDENTITY_H */
