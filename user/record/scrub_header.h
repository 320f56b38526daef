/* SPDX-License-Identifier: BSD-2-Clause */
/* Single headers: addresses replaced, what else may hold one blanked, checksums mended. */
#ifndef SKUA_RECORD_SCRUB_HEADER_H
#define SKUA_RECORD_SCRUB_HEADER_H

#include "skua/packet.h"
#include "skua/link.h"
#include "record/scrub.h"

struct walk {
	const struct scrub *scrub;
	struct skua_frame frame;
	uint8_t *bytes; /* of the frame, to write to */
	uint32_t captured;
};

/* None of these does anything when addresses are to stay. */
void scrub_mac(const struct walk *walk, uint8_t *at);
void scrub_ipv4(const struct walk *walk, uint8_t *at);
void scrub_ipv6(const struct walk *walk, uint8_t *at);
/* False: the header is not all there, and nothing was changed. */
bool scrub_link(const struct walk *walk, enum skua_link link, uint32_t offset);
/* Headers that the parser went through, from at to end.  Options become "no operation"; what
 * extension headers hold becomes zero, which is padding. */
void scrub_ipv4_header(const struct walk *walk, uint32_t at, uint32_t end);
void scrub_ipv6_header(const struct walk *walk, uint32_t at, uint32_t end);
/* Multipath TCP tells other addresses of a host. */
void scrub_tcp_options(const struct walk *walk, uint32_t at, uint32_t end);

/* What the checksum of a transport header covers, as far as it was captured. */
struct covered {
	uint32_t checksum_at; /* 0: there is none to mend */
	uint32_t from, to;    /* from the transport header on */
	uint32_t addresses, address_bytes;
	bool zero_is_none; /* UDP: 0 says that there is no checksum */
	uint16_t sum;
};

/* ip: offset of the header that pkt stands behind. */
struct covered covered_by_checksum(const struct walk *walk, const struct skua_packet *pkt,
				   uint32_t ip);
/* Whatever changed since in what it covers. */
void mend_checksum(const struct walk *walk, const struct covered *before);

#endif /* SKUA_RECORD_SCRUB_HEADER_H */
