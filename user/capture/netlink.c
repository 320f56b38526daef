// SPDX-License-Identifier: BSD-2-Clause
/* A socket to the kernel: questions with their answers, and news; see netlink.h. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "capture/netlink.h"

#define NETLINK_DATAGRAM 32768 /* what the kernel puts into one at most */

struct netlink {
	struct mnl_socket *socket;
	uint32_t sequence;
	_Alignas(struct nlmsghdr) char buffer[NETLINK_DATAGRAM];
};

/* Bytes of one datagram, or -errno. */
static int receive(struct netlink *netlink, int flags)
{
	struct sockaddr_nl sender = { 0 };
	socklen_t size = sizeof(sender);
	ssize_t length = recvfrom(netlink_fd(netlink), netlink->buffer, sizeof(netlink->buffer),
				  flags | MSG_TRUNC, (struct sockaddr *)&sender, &size);

	if (length < 0)
		return -errno;
	if ((size_t)length > sizeof(netlink->buffer))
		return -ENOBUFS;                /* cut: as good as lost */
	return sender.nl_pid ? 0 : (int)length; /* other processes could write to us, too */
}

/* 1: that was the last one; 0: more will come; -errno: what the kernel refused with. */
static int answer(const struct nlmsghdr *message, netlink_fn *each, void *arg)
{
	int err = 0;

	if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
		if (mnl_nlmsg_get_payload_len(message) >= sizeof(err))
			memcpy(&err, mnl_nlmsg_get_payload(message), sizeof(err));
		return err < 0 ? err : 1;
	}
	each(arg, message);
	return !(message->nlmsg_flags & NLM_F_MULTI);
}

int netlink_ask(struct netlink *netlink, struct nlmsghdr *request, netlink_fn *each, void *arg)
{
	bool interrupted = false;
	int result = 0;

	request->nlmsg_flags |= NLM_F_REQUEST;
	request->nlmsg_seq = ++netlink->sequence;
	if (mnl_socket_sendto(netlink->socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (!result) {
		int left = receive(netlink, 0);

		if (left == -EINTR)
			continue; /* a signal */
		if (left < 0)
			return left == -EAGAIN ? -ETIMEDOUT : left;
		for (const struct nlmsghdr *message = (void *)netlink->buffer;
		     !result && mnl_nlmsg_ok(message, left);
		     message = mnl_nlmsg_next(message, &left)) {
			if (message->nlmsg_seq != netlink->sequence)
				continue; /* of a question we gave up */
			interrupted |= message->nlmsg_flags & NLM_F_DUMP_INTR;
			result = answer(message, each, arg);
		}
	}
	if (result < 0)
		return result;
	return interrupted ? -EINTR : 0;
}

int netlink_take(struct netlink *netlink, netlink_fn *each, void *arg)
{
	int left = receive(netlink, MSG_DONTWAIT);

	if (left < 0)
		return left;
	for (const struct nlmsghdr *message = (void *)netlink->buffer; mnl_nlmsg_ok(message, left);
	     message = mnl_nlmsg_next(message, &left))
		each(arg, message);
	return 0;
}

int netlink_open(struct netlink **out, int protocol, unsigned groups, int backlog)
{
	struct netlink *netlink = calloc(1, sizeof(*netlink));
	struct timeval patience = { .tv_sec = 2 };
	int err = 0, fd;

	if (!netlink)
		return -ENOMEM;
	netlink->socket = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	if (!netlink->socket || mnl_socket_bind(netlink->socket, groups, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		goto out;
	}
	fd = netlink_fd(netlink);
	/* Beyond the limit for all only with CAP_NET_ADMIN; less than wanted serves, too. */
	if (backlog && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &backlog, sizeof(backlog)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &backlog, sizeof(backlog));
	/* The kernel answers within the call; but nothing may wait for ever. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		err = -errno;
out:
	if (err)
		netlink_close(netlink);
	else
		*out = netlink;
	return err;
}

void netlink_close(struct netlink *netlink)
{
	if (!netlink)
		return;
	if (netlink->socket)
		mnl_socket_close(netlink->socket);
	free(netlink);
}

int netlink_fd(const struct netlink *netlink)
{
	return mnl_socket_get_fd(netlink->socket);
}
