// SPDX-License-Identifier: BSD-2-Clause
/*
 * Any bytes as a frame to be scrubbed, in memory of just its size.  What stays
 * must parse as before, but for the addresses, and those must be the mapped
 * ones.  Input: link type, what to do, then the frame.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "skua/parse.h"
#include "record/scrub.h"

#define LINKS 6 /* one of them is none */
#define HEAD 2

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool good)
{
	if (!good)
		abort();
}

static void map(struct anonymizer *anonymizer, const struct skua_packet *pkt, __u64 address[2])
{
	uint8_t *at = (uint8_t *)address;

	if (pkt->ethertype == SKUA_ETH_IPV4)
		anonymizer_ipv4(anonymizer, at + 12);
	else
		anonymizer_ipv6(anonymizer, at);
}

static void compare(struct anonymizer *anonymizer, struct skua_packet *before,
		    const struct skua_packet *after)
{
	if (anonymizer) {
		map(anonymizer, before, before->src);
		map(anonymizer, before, before->dst);
	}
	check(!memcmp(before->src, after->src, 16) && !memcmp(before->dst, after->dst, 16));
	check(before->proto == after->proto && before->sport == after->sport &&
	      before->dport == after->dport && before->payload == after->payload &&
	      before->payload_at == after->payload_at && before->fragment == after->fragment &&
	      before->icmp_type == after->icmp_type && before->tcp_flags == after->tcp_flags);
}

static void scrub_once(struct anonymizer *anonymizer, bool keep_payload, int link,
		       const uint8_t *bytes, uint32_t size)
{
	const struct scrub scrub = { .anonymizer = anonymizer, .keep_payload = keep_payload };
	uint8_t *copy = malloc(size + !size);
	struct skua_frame frame = { bytes, bytes + size, size };
	struct skua_parsed before, after;
	uint32_t keep, length = size + 100;

	memcpy(copy, bytes, size);
	keep = scrub_frame(&scrub, copy, size, length, link);
	check(keep <= size);
	if (link >= 0 && !skua_parse(&frame, length, (enum skua_link)link, false, &before)) {
		frame = (struct skua_frame){ copy, copy + keep, keep };
		if (!skua_parse(&frame, length, (enum skua_link)link, false, &after))
			compare(anonymizer, &before.pkt, &after.pkt);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct anonymizer *anonymizer;
	int link;

	if (!anonymizer)
		check(sodium_init() >= 0 &&
		      !anonymizer_open(&anonymizer, "a secret of enough bytes", 24));
	if (size < HEAD || size > 65536)
		return 0;
	link = bytes[0] % LINKS;
	scrub_once(bytes[1] & 1 ? anonymizer : NULL, bytes[1] & 2, link < LINKS - 1 ? link : -1,
		   bytes + HEAD, (uint32_t)(size - HEAD));
	return 0;
}
