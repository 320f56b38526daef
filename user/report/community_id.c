// SPDX-License-Identifier: BSD-2-Clause
/* Community ID version 1, seed 0. */
#include <nettle/sha1.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include "report/community_id.h"

enum { ICMP = 1, TCP = 6, UDP = 17, ICMPV6 = 58, SCTP = 132 };

/* Requests and their replies; the specification takes the list from Zeek. */
static const struct {
	uint8_t proto, request, reply;
} dialogues[] = {
	{ ICMP, 8, 0 },       /* echo */
	{ ICMP, 13, 14 },     /* timestamp */
	{ ICMP, 15, 16 },     /* information */
	{ ICMP, 10, 9 },      /* router solicitation, advertisement */
	{ ICMP, 17, 18 },     /* address mask */
	{ ICMPV6, 128, 129 }, /* echo */
	{ ICMPV6, 133, 134 }, /* router solicitation, advertisement */
	{ ICMPV6, 135, 136 }, /* neighbour solicitation, advertisement */
	{ ICMPV6, 130, 131 }, /* multicast listener query, report */
	{ ICMPV6, 139, 140 }, /* node information */
	{ ICMPV6, 144, 145 }, /* home agent address discovery */
};

/* The type of the answer stands in for the code; false: this type has no answer. */
static bool icmp_answer(struct community_tuple *tuple)
{
	for (unsigned i = 0; i < sizeof(dialogues) / sizeof(dialogues[0]); i++) {
		bool request = tuple->sport == dialogues[i].request;

		if (tuple->proto != dialogues[i].proto ||
		    (!request && tuple->sport != dialogues[i].reply))
			continue;
		tuple->dport = request ? dialogues[i].reply : dialogues[i].request;
		return true;
	}
	return false;
}

static void order(struct community_tuple *tuple)
{
	int before = memcmp(tuple->src.bytes, tuple->dst.bytes, 16);

	if (before > 0 || (!before && tuple->sport > tuple->dport))
		*tuple = (struct community_tuple){ .src = tuple->dst,
						   .dst = tuple->src,
						   .sport = tuple->dport,
						   .dport = tuple->sport,
						   .proto = tuple->proto };
}

const char *community_id_format(char to[COMMUNITY_ID], const struct community_tuple *tuple)
{
	struct community_tuple t = *tuple;
	bool icmp = t.proto == ICMP || t.proto == ICMPV6;
	bool ports = icmp || t.proto == TCP || t.proto == UDP || t.proto == SCTP;
	bool ipv4 = address_is_ipv4(&t.src) && address_is_ipv4(&t.dst);
	unsigned skip = ipv4 ? 12 : 0;
	uint8_t tail[6], digest[SHA1_DIGEST_SIZE];
	static const uint8_t seed[2];
	struct sha1_ctx hash;

	if (!icmp || icmp_answer(&t))
		order(&t);
	tail[0] = t.proto;
	tail[1] = 0;
	tail[2] = t.sport >> 8;
	tail[3] = t.sport & 0xff;
	tail[4] = t.dport >> 8;
	tail[5] = t.dport & 0xff;
	sha1_init(&hash);
	sha1_update(&hash, sizeof(seed), seed);
	sha1_update(&hash, 16 - skip, t.src.bytes + skip);
	sha1_update(&hash, 16 - skip, t.dst.bytes + skip);
	sha1_update(&hash, ports ? sizeof(tail) : 2, tail);
	sha1_digest(&hash, sizeof(digest), digest);
	memcpy(to, "1:", 2);
	sodium_bin2base64(to + 2, COMMUNITY_ID - 2, digest, sizeof(digest),
			  sodium_base64_VARIANT_ORIGINAL);
	return to;
}
