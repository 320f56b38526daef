// SPDX-License-Identifier: BSD-2-Clause
/* Names of flows: the same in every run, on every machine, in both formats. */
#include <sodium.h>
#include <string.h>
#include "logs/identity.h"

#define JAVASCRIPT_BITS 53

static uint64_t read_u64(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* Eight letters of 62 hold 47 bits of each half. */
static void write_uid(char to[IDENTITY_UID], const uint8_t digest[16])
{
	static const char letters[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char *at = to;

	*at++ = 'C';
	for (unsigned half = 0; half < 2; half++) {
		uint64_t value = read_u64(digest + 8 * half);

		for (unsigned i = 0; i < 8; i++) {
			*at++ = letters[value % 62];
			value /= 62;
		}
	}
	*at = '\0';
}

/* sport, dport: of the community id, which has them for ICMP, too. */
static void name(struct identity *identity, uint16_t sport, uint16_t dport, uint64_t born_ns)
{
	const struct community_tuple tuple = { identity->src, identity->dst, sport, dport,
					       identity->proto };
	uint8_t seed[COMMUNITY_ID + 8] = { 0 }, digest[16];

	community_id_format(identity->community_id, &tuple);
	memcpy(seed, identity->community_id, COMMUNITY_ID);
	for (unsigned i = 0; i < 8; i++)
		seed[COMMUNITY_ID + i] = born_ns >> (8 * i);
	crypto_generichash(digest, sizeof(digest), seed, sizeof(seed), NULL, 0);
	identity->flow_id = read_u64(digest) >> (64 - JAVASCRIPT_BITS);
	write_uid(identity->uid, digest);
}

static void set_ends(struct identity *identity, const struct skua_flow_key *key, unsigned side)
{
	const struct item_place place = { .key = *key, .sender = side };
	struct analyst_ends ends = analyst_ends_of(&place);

	*identity = (struct identity){ .src = ends.src,
				       .dst = ends.dst,
				       .sport = ends.sport,
				       .dport = ends.dport,
				       .proto = key->proto };
}

void identity_set(struct identity *identity, const struct skua_flow_key *key, unsigned side,
		  uint64_t born_ns)
{
	set_ends(identity, key, side);
	name(identity, identity->sport, identity->dport, born_ns);
}

void identity_set_icmp(struct identity *identity, const struct skua_flow_key *key, unsigned side,
		       uint64_t born_ns, uint8_t type, uint8_t code)
{
	set_ends(identity, key, side);
	identity->sport = type;
	identity->dport = code;
	name(identity, type, code, born_ns);
}
