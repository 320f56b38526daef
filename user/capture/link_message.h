/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads one message of rtnetlink. */
#ifndef SKUA_CAPTURE_LINK_MESSAGE_H
#define SKUA_CAPTURE_LINK_MESSAGE_H

#include <linux/netlink.h>
#include "capture/links.h"

/*
 * RTM_NEWLINK, RTM_DELLINK.  Whether the link is addressed is not in there.
 * -ENOMSG: it is about something else than the link itself; -EBADMSG: too short.
 */
int link_message_read(const struct nlmsghdr *message, struct link *out);

/* RTM_NEWADDR, RTM_DELADDR: the link, if this address makes it addressed, else 0. */
int link_message_addressed(const struct nlmsghdr *message);

/* RTM_NEWSTATS.  -EBADMSG: they are not in there. */
int link_message_counters(const struct nlmsghdr *message, struct link_counters *out);

#endif /* SKUA_CAPTURE_LINK_MESSAGE_H */
