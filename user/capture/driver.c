// SPDX-License-Identifier: BSD-2-Clause
/* Asks ethtool's ioctl and the netdev family of generic netlink; see driver.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "capture/driver.h"
#include "capture/netlink.h"

/* From Linux 6.3's uapi (netdev.h); Debian 12's headers are older. */
#define NETDEV_FAMILY "netdev"
#define NETDEV_CMD_GET 1
#define NETDEV_ATTR_IFINDEX 1
#define NETDEV_ATTR_XDP_FEATURES 3
#define NETDEV_XDP_BASIC 1

static int ask_ethtool(struct driver *out, const char *ifname)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ethtool_value flags = { .cmd = ETHTOOL_GFLAGS };
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;

	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	request.ifr_data = (char *)&info;
	if (!ioctl(fd, SIOCETHTOOL, &request))
		snprintf(out->name, sizeof(out->name), "%.31s", info.driver);
	else if (errno != EOPNOTSUPP)
		err = -errno;
	request.ifr_data = (char *)&flags;
	if (!ioctl(fd, SIOCETHTOOL, &request))
		out->lro = flags.data & ETH_FLAG_LRO ? DRIVER_YES : DRIVER_NO;
	close(fd);
	return err;
}

static int on_attribute(const struct nlattr *attribute, void *arg)
{
	struct driver *out = arg;

	if (mnl_attr_get_type(attribute) == NETDEV_ATTR_XDP_FEATURES &&
	    !mnl_attr_validate(attribute, MNL_TYPE_U64))
		out->native_xdp =
			mnl_attr_get_u64(attribute) & NETDEV_XDP_BASIC ? DRIVER_YES : DRIVER_NO;
	return MNL_CB_OK;
}

static void on_device(void *arg, const struct nlmsghdr *message)
{
	mnl_attr_parse(message, sizeof(struct genlmsghdr), on_attribute, arg);
}

static int on_family_attribute(const struct nlattr *attribute, void *arg)
{
	uint16_t *family = arg;

	if (mnl_attr_get_type(attribute) == CTRL_ATTR_FAMILY_ID &&
	    !mnl_attr_validate(attribute, MNL_TYPE_U16))
		*family = mnl_attr_get_u16(attribute);
	return MNL_CB_OK;
}

static void on_family(void *arg, const struct nlmsghdr *message)
{
	mnl_attr_parse(message, sizeof(struct genlmsghdr), on_family_attribute, arg);
}

static struct nlmsghdr *put_request(char *buffer, uint16_t family, uint8_t command)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic = mnl_nlmsg_put_extra_header(request, sizeof(*generic));

	request->nlmsg_type = family;
	generic->cmd = command;
	generic->version = 1;
	return request;
}

/* Kernels before 6.3 do not know the family: -ENOENT. */
static int ask_netdev(struct driver *out, int ifindex)
{
	char buffer[256] __attribute__((aligned(8)));
	struct netlink *netlink = NULL;
	struct nlmsghdr *request;
	uint16_t family = 0;
	int err = netlink_open(&netlink, NETLINK_GENERIC, 0, 0);

	if (!err) {
		request = put_request(buffer, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
		mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY);
		err = netlink_ask(netlink, request, on_family, &family);
	}
	if (!err) {
		request = put_request(buffer, family, NETDEV_CMD_GET);
		mnl_attr_put_u32(request, NETDEV_ATTR_IFINDEX, ifindex);
		err = netlink_ask(netlink, request, on_device, out);
	}
	netlink_close(netlink);
	return err;
}

int driver_ask(struct driver *out, int ifindex, const char *ifname)
{
	struct driver found = { .name = "" };
	int err = ask_ethtool(&found, ifname), unknown = ask_netdev(&found, ifindex);

	*out = found;
	return err ? err : unknown == -ENOENT ? 0 : unknown;
}
