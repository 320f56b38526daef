// SPDX-License-Identifier: BSD-2-Clause
/* The network interfaces of this namespace and what becomes of them, by rtnetlink. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include "capture/link_message.h"
#include "capture/links.h"
#include "capture/netlink.h"

/* A message takes several kB of this; a node may start a hundred pods at once. */
#define LINKS_BACKLOG (4 << 20)

/* Datagrams taken in one poll, so that no storm of news keeps us from all else. */
#define LINKS_BATCH 1024

/* The kernel says when an answer lacks something because links changed meanwhile. */
#define LINKS_ATTEMPTS 5

struct watch {
	bool present;   /* as far as we know now */
	bool announced; /* told */
	bool replaced;  /* the one that was told is gone, this is another under its number */
	bool seen;      /* in the answer that we are reading */
};

struct links {
	struct netlink *news;     /* what the kernel tells unasked */
	struct netlink *requests; /* questions and answers */
	bool stale;               /* links may be missing or wrong: ask for all */
	bool addresses_stale;     /* the same of addresses */
	bool crowded;             /* there are links we had no room for */
	struct links_stats stats;
	/* In step; between polls all are present and told. */
	struct link now[LINKS_MAX];
	struct link told[LINKS_MAX];
	struct watch watches[LINKS_MAX];
	uint32_t count;
};

bool link_is_pair(const struct link *link)
{
	return !strcmp(link->kind, "veth") || !strcmp(link->kind, "netkit");
}

static uint32_t find(const struct links *links, int ifindex)
{
	uint32_t at = 0;

	while (at < links->count && links->now[at].ifindex != ifindex)
		at++;
	return at;
}

/* What is attached depends on these; where they change, it must be attached anew. */
static bool same_device(const struct link *a, const struct link *b)
{
	return a->type == b->type && !strcmp(a->kind, b->kind);
}

static void store(struct links *links, const struct link *link)
{
	uint32_t at = find(links, link->ifindex);
	struct watch *watch = &links->watches[at];
	bool addressed = false;

	if (at == LINKS_MAX) {
		links->stats.refused++;
		links->crowded = true;
		return;
	}
	if (at == links->count) {
		links->count++;
		*watch = (struct watch){ 0 };
	}
	if (watch->present && same_device(&links->now[at], link)) {
		addressed = links->now[at].addressed;
	} else {
		watch->replaced = watch->announced;
		links->addresses_stale = true;
	}
	watch->present = true;
	watch->seen = true;
	links->now[at] = *link;
	links->now[at].addressed = addressed;
}

/*
 * When one end of a pair moves, nothing is said of the other; and the first end
 * that is made is spoken of before the kernel knows where its other end is.
 */
static void take_link_news(struct links *links, const struct link *link, bool deleted)
{
	uint32_t at = find(links, link->ifindex);
	bool known = at < links->count && links->watches[at].present;

	if (link_is_pair(link) && known == deleted)
		links->stale = true;
	if (!deleted)
		store(links, link);
	else if (known)
		links->watches[at].present = false;
}

static void take_news(void *arg, const struct nlmsghdr *message)
{
	struct links *links = arg;
	struct link link;

	switch (message->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (!link_message_read(message, &link))
			take_link_news(links, &link, message->nlmsg_type == RTM_DELLINK);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		/* A link may have several, so what one message says does not suffice. */
		if (link_message_addressed(message))
			links->addresses_stale = true;
		break;
	}
}

static void take_link(void *arg, const struct nlmsghdr *message)
{
	struct link link;

	if (message->nlmsg_type == RTM_NEWLINK && !link_message_read(message, &link))
		store(arg, &link);
}

static void take_address(void *arg, const struct nlmsghdr *message)
{
	struct links *links = arg;
	int ifindex = message->nlmsg_type == RTM_NEWADDR ? link_message_addressed(message) : 0;
	uint32_t at = find(links, ifindex);

	if (ifindex && at < links->count)
		links->now[at].addressed = true;
}

/* 0: nothing more is waiting; -EAGAIN: there is. */
static int drain(struct links *links)
{
	struct pollfd more = { .fd = links_fd(links), .events = POLLIN };

	for (int i = 0; i < LINKS_BATCH; i++) {
		int err = netlink_take(links->news, take_news, links);

		if (err == -EAGAIN)
			return 0;
		if (err == -ENOBUFS) {
			links->stats.overruns++;
			links->stale = true;
		} else if (err) {
			return err;
		}
	}
	return poll(&more, 1, 0) > 0 ? -EAGAIN : 0;
}

static int ask_links(struct links *links)
{
	_Alignas(struct nlmsghdr) char space[64] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(space);
	int err;

	request->nlmsg_type = RTM_GETLINK;
	request->nlmsg_flags = NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifinfomsg));
	mnl_attr_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	links->crowded = false;
	for (uint32_t i = 0; i < links->count; i++)
		links->watches[i].seen = false;
	links->stats.dumps++;
	err = netlink_ask(links->requests, request, take_link, links);
	if (err)
		return err;
	for (uint32_t i = 0; i < links->count; i++)
		links->watches[i].present = links->watches[i].seen;
	links->stale = false;
	links->addresses_stale = true;
	return 0;
}

static int ask_addresses(struct links *links)
{
	_Alignas(struct nlmsghdr) char space[64] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(space);
	int err;

	request->nlmsg_type = RTM_GETADDR;
	request->nlmsg_flags = NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(request, sizeof(struct ifaddrmsg));
	for (uint32_t i = 0; i < links->count; i++)
		links->now[i].addressed = false;
	err = netlink_ask(links->requests, request, take_address, links);
	links->addresses_stale = err != 0;
	return err;
}

static int refresh(struct links *links)
{
	for (int i = 0; i < LINKS_ATTEMPTS; i++) {
		int err = links->stale ? ask_links(links) : 0;

		if (!err && links->addresses_stale)
			err = ask_addresses(links);
		if (err != -EINTR)
			return err;
	}
	return -EAGAIN; /* whatever changed meanwhile is news, so we will be called again */
}

/* The last one takes the free place, so that those present stay together. */
static void forget(struct links *links, uint32_t at)
{
	uint32_t last = --links->count;

	links->now[at] = links->now[last];
	links->told[at] = links->told[last];
	links->watches[at] = links->watches[last];
}

static void tell_gone(struct links *links, links_fn *tell, void *arg)
{
	for (uint32_t i = links->count; i-- > 0;) {
		struct watch *watch = &links->watches[i];
		struct link gone = links->told[i];
		bool told = watch->announced && (!watch->present || watch->replaced);

		if (!watch->present)
			forget(links, i);
		else if (watch->replaced)
			*watch = (struct watch){ .present = true };
		if (told)
			tell(arg, LINK_GONE, &gone);
	}
}

static void tell_rest(struct links *links, links_fn *tell, void *arg)
{
	for (uint32_t i = 0; i < links->count; i++) {
		bool announced = links->watches[i].announced;

		if (announced && !memcmp(&links->told[i], &links->now[i], sizeof(struct link)))
			continue;
		links->told[i] = links->now[i];
		links->watches[i].announced = true;
		tell(arg, announced ? LINK_CHANGED : LINK_APPEARED, &links->told[i]);
	}
}

int links_poll(struct links *links, links_fn *tell, void *arg)
{
	int err = drain(links);

	/* Older news would undo what a dump said: dump when all of it is read. */
	if (err)
		return err == -EAGAIN ? 0 : err;
	do {
		err = refresh(links);
		if (err)
			return err;
		tell_gone(links, tell, arg);
		/* Those that went may have left room for others. */
		links->stale = links->crowded && links->count < LINKS_MAX;
	} while (links->stale);
	tell_rest(links, tell, arg);
	return 0;
}

const struct link *links_known(const struct links *links, uint32_t *count)
{
	*count = links->count;
	return links->told;
}

struct counters_answer {
	struct link_counters counters;
	int err;
};

static void take_counters(void *arg, const struct nlmsghdr *message)
{
	struct counters_answer *to = arg;

	to->err = link_message_counters(message, &to->counters);
}

int links_counters(struct links *links, int ifindex, struct link_counters *out)
{
	_Alignas(struct nlmsghdr) char space[64] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(space);
	struct counters_answer got = { .err = -EBADMSG };
	struct if_stats_msg *stats;
	int err;

	request->nlmsg_type = RTM_GETSTATS;
	stats = mnl_nlmsg_put_extra_header(request, sizeof(*stats));
	stats->ifindex = (uint32_t)ifindex;
	stats->filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
	err = netlink_ask(links->requests, request, take_counters, &got);
	if (!err)
		err = got.err;
	if (!err)
		*out = got.counters;
	return err;
}

int links_open(struct links **out)
{
	unsigned groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
	struct links *links = calloc(1, sizeof(*links));
	int err;

	if (!links)
		return -ENOMEM;
	links->stale = true;
	err = netlink_open(&links->news, NETLINK_ROUTE, groups, LINKS_BACKLOG);
	if (!err)
		err = netlink_open(&links->requests, NETLINK_ROUTE, 0, 0);
	if (err)
		links_close(links);
	else
		*out = links;
	return err;
}

void links_close(struct links *links)
{
	if (!links)
		return;
	netlink_close(links->news);
	netlink_close(links->requests);
	free(links);
}

int links_fd(const struct links *links)
{
	return netlink_fd(links->news);
}

const struct links_stats *links_stats(const struct links *links)
{
	return &links->stats;
}
