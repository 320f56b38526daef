// SPDX-License-Identifier: BSD-2-Clause
/* clsact filters through libbpf, and netlink for what it does not ask. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <bpf/libbpf.h>
#include "capture/hook_clsact.h"

/* By which the next agent knows a filter as ours. */
#define HANDLE 0x736b7561
/* A priority holds one kind of classifier: if the first is another's, the next. */
#define PRIORITIES 16

int hook_clsact_attach(int ifindex, bool egress, int program, uint32_t *priority, bool *made)
{
	LIBBPF_OPTS(bpf_tc_hook, qdisc, .ifindex = ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = egress ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	int err = bpf_tc_hook_create(&qdisc);

	if (!err)
		*made = true;
	else if (err != -EEXIST)
		return err;
	for (uint32_t at = 1; at <= PRIORITIES; at++) {
		LIBBPF_OPTS(bpf_tc_opts, filter, .handle = HANDLE, .priority = at,
			    .prog_fd = program, .flags = BPF_TC_F_REPLACE);

		err = bpf_tc_attach(&hook, &filter);
		if (!err) {
			*priority = at;
			return 0;
		}
	}
	return err;
}

void hook_clsact_detach(int ifindex, bool egress, uint32_t priority)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = egress ? BPF_TC_EGRESS : BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, filter, .handle = HANDLE, .priority = priority);

	bpf_tc_detach(&hook, &filter);
}

static int count_filter(const struct nlmsghdr *message, void *arg)
{
	bool *found = arg;

	(void)message;
	*found = true;
	return MNL_CB_OK;
}

/* true as well when the kernel does not tell. */
static bool has_filters(struct mnl_socket *socket, int ifindex, uint32_t parent)
{
	char buffer[MNL_SOCKET_BUFFER_SIZE * 4];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct tcmsg *tc = mnl_nlmsg_put_extra_header(request, sizeof(*tc));
	bool found = false;
	int n, more = MNL_CB_OK;

	request->nlmsg_type = RTM_GETTFILTER;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = ifindex;
	tc->tcm_parent = parent;
	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return true;
	while (more == MNL_CB_OK) {
		n = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (n < 0)
			return true;
		more = mnl_cb_run(buffer, n, 0, 0, count_filter, &found);
	}
	return found || more < 0;
}

void hook_clsact_remove(int ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, both, .ifindex = ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);

	if (!socket)
		return;
	if (!mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) &&
	    !has_filters(socket, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)) &&
	    !has_filters(socket, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)))
		bpf_tc_hook_destroy(&both);
	mnl_socket_close(socket);
}
