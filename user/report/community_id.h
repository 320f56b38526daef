/* SPDX-License-Identifier: BSD-2-Clause */
/* Community ID version 1, seed 0: the name other tools give to the same conversation. */
#ifndef SKUA_REPORT_COMMUNITY_ID_H
#define SKUA_REPORT_COMMUNITY_ID_H

#include <stdint.h>
#include "base/address.h"

#define COMMUNITY_ID 31 /* "1:", 28 characters of base64 and a zero */

struct community_tuple {
	struct address src, dst;
	uint16_t sport; /* ICMP: the type */
	uint16_t dport; /* ICMP: the code */
	uint8_t proto;
};

/*
 * As published at github.com/corelight/community-id-spec: the same for both
 * directions of a conversation, and for an ICMP request and its reply.
 * Protocols without ports are hashed without them.  Returns to.
 */
const char *community_id_format(char to[COMMUNITY_ID], const struct community_tuple *tuple);

#endif /* SKUA_REPORT_COMMUNITY_ID_H */
