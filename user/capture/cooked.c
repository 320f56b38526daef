// SPDX-License-Identifier: BSD-2-Clause
/* Linux cooked frames: which interface, which way, how long. */
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include "capture/cooked.h"

#define IFINDEX_AT 4
#define HARDWARE_AT 8
#define TYPE_AT 10
#define ETHERNET_HEADER 14

/* Hardware whose frames say something else than an ethertype. */
static bool is_followed(uint16_t hardware)
{
	static const uint16_t others[] = { ARPHRD_NETLINK, ARPHRD_FRAD, ARPHRD_IEEE80211,
					   ARPHRD_IEEE80211_PRISM, ARPHRD_IEEE80211_RADIOTAP };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i] == hardware)
			return false;
	return true;
}

bool cooked_read(struct cooked *to, const uint8_t *bytes, uint32_t captured, uint32_t length)
{
	uint16_t hardware;

	if (captured < COOKED_HEADER || length < COOKED_HEADER)
		return false;
	hardware = skua_be16(bytes + HARDWARE_AT);
	to->ifindex = skua_be32(bytes + IFINDEX_AT);
	to->outgoing = bytes[TYPE_AT] == PACKET_OUTGOING;
	to->followed = is_followed(hardware);
	to->length = length - COOKED_HEADER;
	if (hardware == ARPHRD_ETHER || hardware == ARPHRD_LOOPBACK)
		to->length += ETHERNET_HEADER;
	return true;
}

int cooked_origin(const struct cooked *cooked, enum skua_role role)
{
	return role == SKUA_ROLE_TAP ? -1 : (int)skua_role_origin(role, cooked->outgoing);
}

static int by_ifindex(const void *a, const void *b)
{
	uint32_t x = ((const struct cooked_interface *)a)->ifindex;
	uint32_t y = ((const struct cooked_interface *)b)->ifindex;

	return (x > y) - (x < y);
}

void cooked_sort(struct cooked_interface *interfaces, size_t count)
{
	if (count)
		qsort(interfaces, count, sizeof(*interfaces), by_ifindex);
}

const struct cooked_interface *cooked_find(const struct cooked_interface *interfaces, size_t count,
					   uint32_t ifindex)
{
	const struct cooked_interface wanted = { .ifindex = ifindex };

	return count ? bsearch(&wanted, interfaces, count, sizeof(*interfaces), by_ifindex) : NULL;
}

unsigned short cooked_program(struct sock_filter to[COOKED_PROGRAM],
			      const struct cooked_interface *interfaces, size_t count,
			      uint32_t snaplen)
{
	unsigned short n = 0;

	if (count <= COOKED_PROGRAM_INTERFACES) {
		to[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						       SKF_AD_OFF + SKF_AD_IFINDEX);
		for (size_t i = 0; i < count; i++) /* behind the ones to come, and the refusal */
			to[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							       interfaces[i].ifindex,
							       (__u8)(count - i), 0);
		to[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	}
	to[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, snaplen);
	return n;
}
