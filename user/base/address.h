/* SPDX-License-Identifier: BSD-2-Clause */
/* A network address: 16 bytes as sent, IPv4 v4-mapped (RFC 4291, 2.5.5.2). */
#ifndef SKUA_BASE_ADDRESS_H
#define SKUA_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Aligned like the addresses in skua_flow_key, so that one can be copied onto the other. */
struct address {
	union {
		uint64_t words[2];
		uint8_t bytes[16];
	};
};

#define ADDRESS_TEXT 46 /* room for any address as text, the final zero included */

/* bytes: 16, as in the keys of events. */
struct address address_from(const void *bytes);
bool address_is_ipv4(const struct address *address);
bool address_equal(const struct address *a, const struct address *b);
/* Dotted or RFC 5952 text; returns to. */
const char *address_format(const struct address *address, char to[ADDRESS_TEXT]);
/* "10.0.0.1" or "2001:db8::1": 0 or -EINVAL. */
int address_parse(struct address *address, const char *text);

/* 0.0.0.0, 255.255.255.255, 224/4, ff00::/8: nobody's own address. */
bool address_is_multicast(const struct address *address);
/* Private (RFC 1918, 4193), link-local, loopback, shared (RFC 6598): inside by default. */
bool address_is_private(const struct address *address);

struct network {
	struct address address;
	unsigned prefix; /* 0..128, of the v4-mapped form */
};

/* "10.0.0.0/8", "2001:db8::/32" or a bare address: 0 or -EINVAL. */
int network_parse(struct network *network, const char *text);
bool network_contains(const struct network *network, const struct address *address);
/* Any of count networks. */
bool networks_contain(const struct network *networks, unsigned count,
		      const struct address *address);
/* Our side: one of the networks told, or when none is, private. */
bool address_is_local(const struct address *address, const struct network *networks,
		      unsigned count);

#endif /* SKUA_BASE_ADDRESS_H */
