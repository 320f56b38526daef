// SPDX-License-Identifier: BSD-2-Clause
/* The kernel programs on loopback of a namespace of our own: what is sent comes as events, in time,
 * and the sums add up.  Needs root. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <bpf/bpf.h>
#include "capture/live.h"
#include "live_stage.h"
#include "tap.h"

#define WAIT_NS (20 * MS) /* longer must no event wait */
#define IN_TIME 10        /* of 40 at least: others run on this machine as well */

/* The reader looks on its own clock, so an event waits no longer than a look takes to come. */
static void test_latency(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), late = 0;
	uint64_t worst_ns = 0, apart_ns, now;

	for (unsigned i = 0; i < 40; i++) {
		uint64_t sent_ns = now_ns(CLOCK_MONOTONIC), waited_ns;

		ask(fd, i);
		comes_to(&dns, dns + 1);
		waited_ns = now_ns(CLOCK_MONOTONIC) - sent_ns;
		late += waited_ns > WAIT_NS;
		worst_ns = waited_ns > worst_ns ? waited_ns : worst_ns;
	}
	printf("# figure: of 40 events the slowest came after %.1f ms, %d after more than 20\n",
	       worst_ns / 1e6, late);
	ok(dns == 40, "each query that was sent is one event");
	ok(40 - late >= IN_TIME,
	   "none waits longer than 20 ms, but for what others do to this machine");
	now = now_ns(CLOCK_REALTIME);
	apart_ns = now > dns_ns ? now - dns_ns : dns_ns - now;
	ok(apart_ns < PATIENCE_NS, "its time is Unix time");
	close(fd);
}

/* Why the reader needs a clock: the programs wake nobody. */
static void test_no_wakeup(void)
{
	int epoll = epoll_create1(0), fd = socket(AF_INET, SOCK_DGRAM, 0);
	int ring = loader_map_fd(loader, LOADER_EVENTS);
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	unsigned before = dns;

	epoll_ctl(epoll, EPOLL_CTL_ADD, ring, &event);
	epoll_wait(epoll, &event, 1, 0);
	for (unsigned i = 0; i < 40; i++)
		ask(fd, 100 + i);
	ok(epoll_wait(epoll, &event, 1, 200) == 0,
	   "waiting for the ring alone would wait for ever");
	ok(comes_to(&dns, before + 40) && dns == before + 40, "although all of it is there");
	close(fd);
	close(epoll);
}

/* 4,097 would have the place of 1, which is taken: it gets another. */
static void test_places(void)
{
	const int same = 1 + SKUA_WATCHED_PLACES;
	uint64_t packets, bytes, before;

	live_link(live, 1, &before, &bytes);
	ok(!live_link(live, same, &packets, &bytes), "whose place is another's is not known by it");
	ok(!watched_map_set(&map, same, SKUA_ROLE_UPLINK, SKUA_LINK_ETHERNET) &&
		   live_link(live, same, &packets, &bytes) && packets == 0,
	   "it can be watched, and has its own count");
	watched_map_delete(&map, same);
	ok(!live_link(live, same, &packets, &bytes) && live_link(live, 1, &packets, &bytes) &&
		   packets == before,
	   "when it goes, the other stays");
}

/* A full ring loses events, and says how many. */
static void test_full(void)
{
	uint64_t before[SKUA_COUNTERS], after[SKUA_COUNTERS], packets, bytes, lost, sum = 0;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	unsigned seen;

	settle();
	seen = dns;
	live_counters(live, before);
	for (unsigned i = 0; i < 2000; i++)
		ask(fd, i);
	settle();
	live_counters(live, after);
	lost = live_samples_lost(live);
	seen = dns - seen;
	ok(lost && lost == after[SKUA_COUNT_LOST_SAMPLE] + after[SKUA_COUNT_SAMPLE_REFUSED],
	   "samples that were lost or refused are told in one number");
	ok(after[SKUA_COUNT_LOST_RING] > before[SKUA_COUNT_LOST_RING],
	   "a ring of 64 kB does not hold 2,000 queries");
	ok(seen + after[SKUA_COUNT_LOST_RING] - before[SKUA_COUNT_LOST_RING] >= 2000,
	   "what was lost and what came are no fewer than what was sent");
	for (int i = 0; i <= SKUA_COUNT_LOST_TABLE; i++)
		sum += after[i];
	ok(live_link(live, 1, &packets, &bytes) && packets == sum,
	   "every packet of the interface is in one row of the sums");
	ok(!live_link(live, 2, &packets, &bytes), "another interface is not known");
	test_places();
	close(fd);
}

/* Datagrams to a port nobody listens on, beyond what is sampled of a flow. */
static unsigned armed_of(int fd, unsigned count)
{
	static const char bytes[1000];
	const struct sockaddr_in to = { .sin_family = AF_INET,
					.sin_port = htons(9),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	settle();
	armed_samples = 0;
	for (unsigned i = 0; i < count; i++) {
		sendto(fd, bytes, sizeof(bytes), 0, (const struct sockaddr *)&to, sizeof(to));
		poll_live(20);
	}
	settle();
	return armed_samples;
}

/* By Unix time, through descriptors that need no privilege. */
static void test_armed(void)
{
	const __u8 loopback[16] = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct skua_armed_key key;
	uint64_t end_ns;
	__u64 host[2];
	bool gone;

	memcpy(host, loopback, sizeof(host));
	skua_armed_pair(&key, host, host);
	ok(!armed_of(fd, 60), "what nobody armed is not sampled beyond its share");
	ok(!live_arm(live, &key, now_ns(CLOCK_REALTIME) + 60 * SKUA_SECOND_NS) &&
		   armed_of(fd, 10) >= 10,
	   "every packet of what is armed is");
	ok(!live_arm(live, &key, 1) && !armed_of(fd, 10),
	   "one armed up to a time long past is not");
	live_arm(live, &key, now_ns(CLOCK_REALTIME) + 300 * MS);
	poll_live(400);
	usleep(400000);
	ok(!armed_of(fd, 10), "nor one whose time is over");
	end_ns = now_ns(CLOCK_MONOTONIC) + PATIENCE_NS;
	while (!(gone = bpf_map_get_next_key(loader_map_fd(loader, LOADER_ARMED), NULL, &key)) &&
	       now_ns(CLOCK_MONOTONIC) < end_ns)
		poll_live(20); /* the next tick clears it */
	ok(gone, "whose entry is deleted soon");
	close(fd);
}

/* Programs that nobody listens to rest. */
static void test_lease(void)
{
	uint64_t before = 0, after = 0, bytes, end_ns;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	settle();
	loader_renew(loader, 1);
	live_link(live, 1, &before, &bytes);
	ask(fd, 1);
	settle();
	live_link(live, 1, &after, &bytes);
	ok(before && before == after, "without an agent the programs rest");
	loader_renew(loader, UINT64_MAX);
	end_ns = now_ns(CLOCK_MONOTONIC) + PATIENCE_NS;
	do {
		ask(fd, 2);
		poll_live(20);
		live_link(live, 1, &after, &bytes);
	} while (after == before && now_ns(CLOCK_MONOTONIC) < end_ns);
	ok(after > before, "and go on when there is one");
	close(fd);
}

static int talk_fd;
static unsigned talk_left;

/* Each event is answered at once by something that is another. */
static void on_talk(void *arg, const struct skua_event *event, const __u8 *bytes, __u64 at_ns)
{
	on_event(arg, event, bytes, at_ns);
	if (event && event->kind == SKUA_EVENT_DNS && talk_left)
		ask(talk_fd, talk_left--);
}

static int begin_again(void)
{
	struct live_options open = { .engine = ENGINE_OPTIONS_DEFAULT, .adopted = true };

	live_source(live)->close(live_source(live));
	open.engine.flows = open.engine.pending = open.engine.sources = ENTRIES;
	for (int i = 0; i < LOADER_MAPS; i++)
		open.fds[i] = dup(loader_map_fd(loader, i));
	return live_open(&live, &open);
}

/* Programs that stay attached, as those of --pin do, and hosts that never rest. */
static void test_endless(void)
{
	talk_fd = socket(AF_INET, SOCK_DGRAM, 0);
	poll_live(100);
	talk_left = 200000;
	ask(talk_fd, 0);
	ok(!live_stop(live, true, on_talk, NULL) && talk_left,
	   "who stops does not read for ever what goes on");
	talk_left = 0;
	close(talk_fd);
	ok(!begin_again(), "and somebody else goes on there");
	poll_live(100);
}

/* The machine slept, and the first thing it hears is that it shall end. */
static void test_sleep(void)
{
	struct live_totals totals;

	poll_live(100);
	ticks = 0;
	slept_s = 2000;
	live_stop(live, true, on_event, NULL);
	live_totals(live, &totals);
	ok(ticks < 100 && totals.skipped_ticks > 1900,
	   "seconds that nobody was awake in are skipped and counted at the end as well");
	slept_s = 0;
	ok(!begin_again(), "then somebody goes on");
}

/* 127.0.0.1 port 9 refuses; 127.0.0.2 does not answer, for the query above was for nobody. */
static void test_end(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct live_totals totals;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	contacts = 0;
	connect(fd, (const struct sockaddr *)&to, sizeof(to));
	ok(comes_to(&contacts, 1), "a refused connect is a contact");
	ticks = 0;
	hooks_detach(&hooks, false);
	ok(!live_stop(live, false, on_event, NULL) && ticks > 60,
	   "at the end the clock goes on for a minute");
	live_totals(live, &totals);
	ok(!totals.present[SKUA_TABLE_OUT] && !totals.present[SKUA_TABLE_IN],
	   "and every flow has been said");
	ok(!totals.evicted[SKUA_TABLE_OUT] && !totals.evicted[SKUA_TABLE_SOURCES],
	   "nothing was evicted");
	close(fd);
}

int main(void)
{
	int err;

	if (geteuid() || unshare(CLONE_NEWNET) || lo_up()) {
		printf("1..0 # SKIP a namespace of our own needs root\n");
		return 0;
	}
	err = start();
	if (err == -EPERM) {
		printf("1..0 # SKIP loading BPF programs is not permitted here\n");
		return 0;
	}
	ok(!err, "the programs load and attach");
	if (err)
		return done();
	test_latency();
	test_no_wakeup();
	test_full();
	test_armed();
	test_lease();
	test_endless();
	test_sleep();
	test_end();
	live_source(live)->close(live_source(live));
	loader_close(loader);
	return done();
}
