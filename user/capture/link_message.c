// SPDX-License-Identifier: BSD-2-Clause
/* Reads one message of rtnetlink. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>
#include "capture/link_message.h"

static uint32_t read_u32(const struct nlattr *attr)
{
	return mnl_attr_validate(attr, MNL_TYPE_U32) < 0 ? 0 : mnl_attr_get_u32(attr);
}

/* Cut where it is longer than the kernel's own limit, which is ours. */
static void read_text(const struct nlattr *attr, char *to, size_t size)
{
	const char *text = mnl_attr_get_payload(attr);
	size_t length = strnlen(text, mnl_attr_get_payload_len(attr));

	if (length >= size)
		length = size - 1;
	memcpy(to, text, length);
	memset(to + length, 0, size - length);
}

static void read_info(const struct nlattr *info, struct link *link)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, info)
	{
		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND)
			read_text(attr, link->kind, sizeof(link->kind));
	}
}

static void read_xdp(const struct nlattr *xdp, struct link *link)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, xdp)
	{
		if (mnl_attr_get_type(attr) == IFLA_XDP_ATTACHED &&
		    mnl_attr_validate(attr, MNL_TYPE_U8) >= 0)
			link->xdp = mnl_attr_get_u8(attr) != XDP_ATTACHED_NONE;
	}
}

static void read_attribute(const struct nlattr *attr, struct link *link)
{
	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		read_text(attr, link->name, sizeof(link->name));
		break;
	case IFLA_MTU:
		link->mtu = read_u32(attr);
		break;
	case IFLA_MASTER:
		link->master = (int32_t)read_u32(attr);
		break;
	case IFLA_LINK_NETNSID:
		link->peer_elsewhere = true;
		break;
	case IFLA_LINKINFO:
		read_info(attr, link);
		break;
	case IFLA_XDP:
		read_xdp(attr, link);
		break;
	}
}

int link_message_read(const struct nlmsghdr *message, struct link *out)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr;
	struct link link = { 0 };

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info))
		return -EBADMSG;
	/* A bridge says in the same words that a port left, and the port lives on. */
	if (info->ifi_family != AF_UNSPEC)
		return -ENOMSG;
	link.ifindex = info->ifi_index;
	link.type = info->ifi_type;
	link.up = info->ifi_flags & IFF_UP;
	mnl_attr_for_each(attr, message, sizeof(*info))
	{
		/* Events of wireless drivers hold little else: the rest would look changed. */
		if (mnl_attr_get_type(attr) == IFLA_WIRELESS)
			return -ENOMSG;
		read_attribute(attr, &link);
	}
	if (link.ifindex <= 0 || !link.name[0])
		return -EBADMSG;
	*out = link;
	return 0;
}

int link_message_addressed(const struct nlmsghdr *message)
{
	const struct ifaddrmsg *address = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*address))
		return 0;
	/* Every link that is up has a link-local IPv6 address of its own accord. */
	if (address->ifa_family == AF_INET ||
	    (address->ifa_family == AF_INET6 && address->ifa_scope == RT_SCOPE_UNIVERSE))
		return (int)address->ifa_index;
	return 0;
}

int link_message_counters(const struct nlmsghdr *message, struct link_counters *out)
{
	const struct nlattr *attr;
	struct rtnl_link_stats64 stats = { 0 };

	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct if_stats_msg))
		return -EBADMSG;
	mnl_attr_for_each(attr, message, sizeof(struct if_stats_msg))
	{
		size_t length = mnl_attr_get_payload_len(attr);

		if (mnl_attr_get_type(attr) != IFLA_STATS_LINK_64)
			continue;
		/* Grows with the kernel's age; what we want is at the beginning. */
		if (length < offsetof(struct rtnl_link_stats64, rx_errors))
			break;
		memcpy(&stats, mnl_attr_get_payload(attr),
		       length < sizeof(stats) ? length : sizeof(stats));
		*out = (struct link_counters){ stats.rx_packets, stats.tx_packets, stats.rx_bytes,
					       stats.tx_bytes };
		return 0;
	}
	return -EBADMSG;
}
