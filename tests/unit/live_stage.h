/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel programs on loopback of a namespace of our own, and what is read of them. */
#ifndef TESTS_LIVE_STAGE_H
#define TESTS_LIVE_STAGE_H

#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "capture/hook.h"
#include "capture/live.h"
#include "capture/watched_map.h"

#define MS 1000000ull
#define PATIENCE_NS (30 * SKUA_SECOND_NS) /* longer than any machine that still does something */
#define ENTRIES 4096

static struct loader *loader;
static struct live *live;
static struct hooks hooks;
static struct watched_map map;
static unsigned dns, contacts, ticks, armed_samples;
static uint64_t dns_ns;

/* The clock of what is tested: the kernel's, and so many seconds that it slept. */
static unsigned slept_s;

int clock_gettime(clockid_t clock, struct timespec *now)
{
	int err = (int)syscall(SYS_clock_gettime, clock, now);

	now->tv_sec += slept_s;
	return err;
}

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * SKUA_SECOND_NS + now.tv_nsec;
}

static void on_event(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 at_ns)
{
	(void)arg, (void)bytes, (void)at_ns;
	if (!event) {
		ticks++;
	} else if (event->kind == SKUA_EVENT_DNS) {
		dns++;
		dns_ns = event->time_ns;
	} else if (event->kind == SKUA_EVENT_SAMPLE) {
		armed_samples += (((const struct skua_sample_event *)event)->flags &
				  SKUA_SAMPLE_WHY) == SKUA_SAMPLE_ARMED;
	} else if (event->kind == SKUA_EVENT_CONTACT) {
		contacts++;
	}
}

static int lo_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), err = ioctl(fd, SIOCSIFFLAGS, &request);

	close(fd);
	return err;
}

static int start(void)
{
	struct loader_options options = { .engine = ENGINE_OPTIONS_DEFAULT, .ring_bytes = 1 << 16 };
	const struct hook_options hook = { .choice = HOOK_AUTO, .sent_only = true };
	struct live_options open = { .engine = options.engine };
	char error[LOADER_ERROR_SIZE];
	int ifindex = 1, err;

	options.engine.flows = options.engine.pending = options.engine.sources = ENTRIES;
	open.engine = options.engine;
	err = loader_open(&loader, &options, error);
	if (err) {
		printf("# %s\n", error);
		return err;
	}
	map = (struct watched_map){ loader_map_fd(loader, LOADER_LINKS),
				    loader_map_fd(loader, LOADER_LINKS_FAR) };
	if (watched_map_set(&map, ifindex, SKUA_ROLE_TAP, SKUA_LINK_ETHERNET) ||
	    loader_set_clock(loader) || hooks_attach(&hooks, ifindex, loader, &hook))
		return -1;
	loader_renew(loader, UINT64_MAX);
	for (int i = 0; i < LOADER_MAPS; i++)
		open.fds[i] = dup(loader_map_fd(loader, i));
	return live_open(&live, &open);
}

/* A DNS query for a name of one label, to a port nobody listens on. */
static void ask(int fd, uint16_t id)
{
	unsigned char query[] = { id >> 8, id, 1,   0,   0,   1,   0, 0, 0, 0, 0,
				  0,       4,  's', 'k', 'u', 'a', 0, 0, 1, 0, 1 };
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(53),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	sendto(fd, query, sizeof(query), 0, (const struct sockaddr *)&to, sizeof(to));
}

static void poll_live(int ms)
{
	struct source *source = live_source(live);
	struct pollfd wait = { .fd = source->wait_fd, .events = POLLIN };

	poll(&wait, 1, ms);
	source->poll(source, on_event, NULL);
}

/* Until a counter is as large as wanted: when this machine is busy, what was sent comes later. */
static bool comes_to(const unsigned *count, unsigned wanted)
{
	const uint64_t end_ns = now_ns(CLOCK_MONOTONIC) + PATIENCE_NS;

	do
		poll_live(100);
	while (*count < wanted && now_ns(CLOCK_MONOTONIC) < end_ns);
	return *count >= wanted;
}

/* Until a look finds nothing new in any of them. */
static void settle(void)
{
	uint64_t before, after = 0, bytes;

	do {
		before = after;
		poll_live(100);
		live_link(live, 1, &after, &bytes);
	} while (after != before);
}

#endif /* TESTS_LIVE_STAGE_H */
