// SPDX-License-Identifier: BSD-2-Clause
/* clsact filters through libbpf, and netlink for what it does not ask. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <bpf/libbpf.h>
#include "capture/hook_clsact.h"

/* By which the next agent knows a filter as ours, and whether the qdisc under it is. */
#define HANDLE_MADE 0x736b7561
#define HANDLE_FOUND 0x736b7562
/* A priority holds one kind of classifier: if the first is another's, the next. */
#define PRIORITIES 16

int hook_clsact_claim(int ifindex)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), n, err;

	if (fd < 0)
		return -errno;
	/* Abstract: behind a zero, and in no file system. */
	n = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "skua-clsact-%d", ifindex);
	if (!bind(fd, (struct sockaddr *)&name, offsetof(struct sockaddr_un, sun_path) + 1 + n))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

static struct bpf_tc_hook hook_of(int ifindex, bool egress)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex,
		    .attach_point = egress ? BPF_TC_EGRESS : BPF_TC_INGRESS);

	return hook;
}

static bool is_there(const struct bpf_tc_hook *hook, uint32_t handle, uint32_t priority)
{
	LIBBPF_OPTS(bpf_tc_opts, filter, .handle = handle, .priority = priority);

	return !bpf_tc_query(hook, &filter);
}

static int attach_at(const struct bpf_tc_hook *hook, int program, uint32_t priority, bool *made)
{
	LIBBPF_OPTS(bpf_tc_opts, filter, .priority = priority, .prog_fd = program,
		    .flags = BPF_TC_F_REPLACE);

	*made |= is_there(hook, HANDLE_MADE, priority);
	filter.handle = *made ? HANDLE_MADE : HANDLE_FOUND;
	return bpf_tc_attach(hook, &filter);
}

int hook_clsact_attach(int ifindex, bool egress, int program, uint32_t *priority, bool *made)
{
	LIBBPF_OPTS(bpf_tc_hook, qdisc, .ifindex = ifindex,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);
	const struct bpf_tc_hook hook = hook_of(ifindex, egress);
	int err = bpf_tc_hook_create(&qdisc);

	if (!err)
		*made = true;
	else if (err != -EEXIST)
		return err;
	for (uint32_t at = 1; at <= PRIORITIES; at++) {
		err = attach_at(&hook, program, at, made);
		if (!err) {
			*priority = at;
			return 0;
		}
	}
	return err;
}

static void detach(const struct bpf_tc_hook *hook, uint32_t handle, uint32_t priority)
{
	LIBBPF_OPTS(bpf_tc_opts, filter, .handle = handle, .priority = priority);

	bpf_tc_detach(hook, &filter);
}

void hook_clsact_detach(int ifindex, bool egress, uint32_t priority, bool made)
{
	const struct bpf_tc_hook hook = hook_of(ifindex, egress);

	detach(&hook, made ? HANDLE_MADE : HANDLE_FOUND, priority);
}

void hook_clsact_clean(int ifindex)
{
	bool made = false;

	for (uint32_t at = 1; at <= PRIORITIES; at++) {
		for (int egress = 0; egress < 2; egress++) {
			const struct bpf_tc_hook hook = hook_of(ifindex, egress);

			if (is_there(&hook, HANDLE_MADE, at)) {
				detach(&hook, HANDLE_MADE, at);
				made = true;
			}
			if (is_there(&hook, HANDLE_FOUND, at))
				detach(&hook, HANDLE_FOUND, at);
		}
	}
	if (made)
		hook_clsact_remove(ifindex);
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
