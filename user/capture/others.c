// SPDX-License-Identifier: BSD-2-Clause
/* Asks the kernel who else is attached; see others.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "capture/hook_link.h"
#include "capture/netlink.h"
#include "capture/others.h"

struct question {
	int ifindex;
	others_fn *tell;
	void *arg;
	struct other other; /* what the places fill in */
};

const char *others_place_name(enum others_place place)
{
	static const char *const names[OTHERS_PLACES] = {
		[OTHERS_XDP] = "xdp",
		[OTHERS_XDP_GENERIC] = "xdp-generic",
		[OTHERS_XDP_OFFLOADED] = "xdp-offloaded",
		[OTHERS_TCX_IN] = "tcx ingress",
		[OTHERS_TCX_OUT] = "tcx egress",
		[OTHERS_CLSACT_IN] = "clsact ingress",
		[OTHERS_CLSACT_OUT] = "clsact egress",
	};

	return names[place];
}

/* Stays empty without the right to look at programs. */
static void name_program(struct other *other)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(other->id);

	other->name[0] = 0;
	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &size))
		snprintf(other->name, sizeof(other->name), "%s", info.name);
	close(fd);
}

static void tell_program(struct question *q, enum others_place place, unsigned order, uint32_t id)
{
	if (!id)
		return;
	q->other = (struct other){ .place = place, .order = order, .id = id };
	name_program(&q->other);
	q->tell(q->arg, &q->other);
}

static int list_xdp(struct question *q)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, found);
	int err = bpf_xdp_query(q->ifindex, 0, &found);

	if (err)
		return err;
	tell_program(q, OTHERS_XDP, 1, found.drv_prog_id);
	tell_program(q, OTHERS_XDP_GENERIC, 1, found.skb_prog_id);
	tell_program(q, OTHERS_XDP_OFFLOADED, 1, found.hw_prog_id);
	return 0;
}

static int list_tcx(struct question *q, enum hook_link_type type, enum others_place place)
{
	uint32_t ids[OTHERS_PLACE_MAX] = { 0 }, count = OTHERS_PLACE_MAX;
	int err = hook_link_query(q->ifindex, type, ids, &count);

	if (err)
		return hook_link_lacks_tcx(err) ? 0 : err;
	for (uint32_t i = 0; i < count; i++)
		tell_program(q, place, i + 1, ids[i]);
	return 0;
}

static int read_bpf(const struct nlattr *attribute, void *arg)
{
	struct other *other = arg;

	if (mnl_attr_get_type(attribute) == TCA_BPF_ID &&
	    !mnl_attr_validate(attribute, MNL_TYPE_U32))
		other->id = mnl_attr_get_u32(attribute);
	if (mnl_attr_get_type(attribute) == TCA_BPF_NAME &&
	    !mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING))
		snprintf(other->name, sizeof(other->name), "%s", mnl_attr_get_str(attribute));
	return MNL_CB_OK;
}

static int read_filter(const struct nlattr *attribute, void *arg)
{
	struct other *other = arg;

	if (mnl_attr_get_type(attribute) == TCA_KIND && !other->name[0] &&
	    !mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING))
		snprintf(other->name, sizeof(other->name), "%s", mnl_attr_get_str(attribute));
	if (mnl_attr_get_type(attribute) == TCA_OPTIONS && !strcmp(other->name, "bpf"))
		mnl_attr_parse_nested(attribute, read_bpf, other);
	return MNL_CB_OK;
}

/* The kernel dumps by priority, as the filters run; a chain has an entry without a handle, too. */
static void on_filter(void *arg, const struct nlmsghdr *message)
{
	struct question *q = arg;
	const struct tcmsg *tc = mnl_nlmsg_get_payload(message);
	unsigned order = q->other.order;

	if (message->nlmsg_type != RTM_NEWTFILTER ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*tc) || !tc->tcm_handle)
		return;
	q->other = (struct other){ .place = q->other.place,
				   .order = order + 1,
				   .priority = TC_H_MAJ(tc->tcm_info) >> 16 };
	mnl_attr_parse(message, sizeof(*tc), read_filter, &q->other);
	q->tell(q->arg, &q->other);
}

static int list_filters(struct question *q, struct netlink *netlink, uint32_t minor,
			enum others_place place)
{
	char buffer[MNL_NLMSG_HDRLEN + sizeof(struct tcmsg)] __attribute__((aligned(8)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct tcmsg *tc = mnl_nlmsg_put_extra_header(request, sizeof(*tc));
	int err;

	request->nlmsg_type = RTM_GETTFILTER;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = q->ifindex;
	tc->tcm_parent = TC_H_MAKE(TC_H_CLSACT, minor);
	q->other = (struct other){ .place = place };
	err = netlink_ask(netlink, request, on_filter, q);
	/* No such qdisc: no filters. */
	return err == -EINVAL || err == -ENOENT ? 0 : err;
}

int others_list(int ifindex, others_fn *tell, void *arg)
{
	struct question q = { .ifindex = ifindex, .tell = tell, .arg = arg };
	struct netlink *netlink = NULL;
	int errors[5] = { 0 };

	/* One after the other: who stands first is told first. */
	errors[0] = list_xdp(&q);
	errors[1] = list_tcx(&q, HOOK_LINK_TCX_INGRESS, OTHERS_TCX_IN);
	errors[2] = list_tcx(&q, HOOK_LINK_TCX_EGRESS, OTHERS_TCX_OUT);
	errors[3] = netlink_open(&netlink, NETLINK_ROUTE, 0, 0);
	if (!errors[3]) {
		errors[3] = list_filters(&q, netlink, TC_H_MIN_INGRESS, OTHERS_CLSACT_IN);
		errors[4] = list_filters(&q, netlink, TC_H_MIN_EGRESS, OTHERS_CLSACT_OUT);
	}
	netlink_close(netlink);
	for (unsigned i = 0; i < 5; i++)
		if (errors[i])
			return errors[i];
	return 0;
}
