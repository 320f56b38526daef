/* SPDX-License-Identifier: BSD-2-Clause */
/* A socket to the kernel's tables: questions with their answers, and news. */
#ifndef SKUA_CAPTURE_NETLINK_H
#define SKUA_CAPTURE_NETLINK_H

#include <linux/netlink.h>

struct netlink;

typedef void netlink_fn(void *arg, const struct nlmsghdr *message);

/*
 * protocol: NETLINK_ROUTE, NETLINK_GENERIC...  groups: RTMGRP_* to have news
 * of, 0 for questions.  backlog: bytes of news kept for us.
 */
int netlink_open(struct netlink **out, int protocol, unsigned groups, int backlog);
void netlink_close(struct netlink *netlink);
int netlink_fd(const struct netlink *netlink);

/*
 * Gives each message of the answer.  -EINTR: some may be missing, for the tables
 * changed while they were read; -ETIMEDOUT; or what the kernel refused with.
 */
int netlink_ask(struct netlink *netlink, struct nlmsghdr *request, netlink_fn *each, void *arg);

/*
 * Gives the messages of one datagram, without waiting.  -EAGAIN: there is none;
 * -ENOBUFS: news was lost before this, go on taking.
 */
int netlink_take(struct netlink *netlink, netlink_fn *each, void *arg);

#endif /* SKUA_CAPTURE_NETLINK_H */
