// SPDX-License-Identifier: BSD-2-Clause
/* Who talks to whom in an event, and whether it is housekeeping of the network. */
#include "track/talk.h"

struct talk talk_of(const struct skua_flow_key *key, unsigned client)
{
	bool high = client == SKUA_HIGH;
	const __u64 *from = high ? key->high : key->low, *to = high ? key->low : key->high;

	return (struct talk){
		.client = { .words = { from[0], from[1] } },
		.server = { .words = { to[0], to[1] } },
		.client_port = high ? key->high_port : key->low_port,
		.server_port = high ? key->low_port : key->high_port,
		.proto = key->proto,
	};
}

static bool is_known_protocol(const struct talk *talk)
{
	static const uint16_t udp[] = {
		67,   68,   546,  547, /* DHCP */
		5353, 5355, 1900,      /* mDNS, LLMNR, SSDP */
		137,  138,             /* NetBIOS names and browsing */
		520,  521,  646,  1985, 3222 /* RIP, RIPng, LDP, HSRP, GLBP */,
		3784, 3785, /* BFD */
	};
	static const uint8_t routing[] = { 2, 88, 89, 103, 112 }; /* IGMP EIGRP OSPF PIM VRRP */

	for (unsigned i = 0; i < sizeof(routing); i++)
		if (talk->proto == routing[i])
			return true;
	if (talk->proto == SKUA_TCP)
		return talk->server_port == 179; /* BGP */
	for (unsigned i = 0; talk->proto == SKUA_UDP && i < sizeof(udp) / sizeof(udp[0]); i++)
		if (talk->server_port == udp[i])
			return true;
	return false;
}

/* The mask is not known; inside, hosts whose number is 255 are rare, broadcasts common. */
static bool is_directed_broadcast(const struct talk *talk)
{
	return talk->proto == SKUA_UDP && address_is_ipv4(&talk->server) &&
	       talk->server.bytes[15] == 255 && address_is_private(&talk->server);
}

bool talk_is_housekeeping(const struct talk *talk)
{
	return address_equal(&talk->client, &talk->server) || address_is_multicast(&talk->server) ||
	       address_is_multicast(&talk->client) || is_directed_broadcast(talk) ||
	       is_known_protocol(talk);
}

bool talk_is_named(const struct fact_hello *hello)
{
	return hello->name[0] && (hello->connect || !hello->literal);
}
