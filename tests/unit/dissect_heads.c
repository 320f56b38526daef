// SPDX-License-Identifier: BSD-2-Clause
/* A stream's beginning is found whatever happens to its segments on the way. */
#include "dissect/head.h"
#include "dissect_feed.h"
#include "dissect_hello.h"
#include "tap.h"

#define ISN 0xffffff00u /* the sequence number wraps inside each hello */
#define FIRST (ISN + 1)

static struct feed feed;
static struct bytes hello;

static void begin(void)
{
	feed_open(&feed, 8);
	feed_flags(&feed, SKUA_LOW, ISN, SKUA_SYN);
}

/* Part of the hello. */
static void send(size_t from, size_t to)
{
	feed_data(&feed, SKUA_LOW, FIRST + from, hello.at + from, to - from);
}

/* Ends the stream; whether one right hello was found. */
static bool found_one(void)
{
	bool good = feed.count == 1 && !strcmp(feed_hello(&feed, 0)->name, "example.com") &&
		    !strcmp(feed_hello(&feed, 0)->alpn, "h2") &&
		    strlen(feed_hello(&feed, 0)->ja4) == 36;

	feed_close(&feed);
	return good;
}

static void test_splits(void)
{
	unsigned in_order = 0, reversed = 0, again = 0, overlap = 0, blind = 0;
	size_t n = hello.length;

	for (size_t i = 1; i < n; i++) {
		begin();
		send(0, i);
		send(i, n);
		in_order += found_one();
		begin();
		send(i, n);
		send(0, i);
		reversed += found_one();
		begin();
		send(0, i);
		send(0, i);
		send(0, i / 2);
		send(i, n);
		send(0, n);
		again += found_one();
		begin();
		send(i / 2, i);
		send(0, i < n - 1 ? i + 1 : i);
		send(i / 3, n);
		overlap += found_one();
		feed_open(&feed, 8);
		send(0, i);
		send(i, n);
		blind += found_one();
	}
	ok(in_order == n - 1, "split at any byte");
	ok(reversed == n - 1, "the second part first");
	ok(again == n - 1, "retransmitted, whole and in part");
	ok(overlap == n - 1, "overlapping");
	ok(blind == n - 1, "without its SYN");
}

static void test_bytes(void)
{
	size_t n = hello.length;

	begin();
	for (size_t i = 0; i < n; i++)
		send(i, i + 1);
	ok(found_one(), "byte by byte");
	begin();
	for (size_t i = n; i-- > n - 6;)
		send(i, i + 1);
	send(0, n - 6);
	ok(found_one(), "backwards");
}

static void test_copies(void)
{
	uint8_t lie[100];

	memset(lie, 'x', sizeof(lie));
	begin();
	send(50, 120);
	feed_data(&feed, SKUA_LOW, FIRST + 40, lie, sizeof(lie));
	send(0, 40);
	send(40, hello.length);
	ok(!found_one(), "a lie that fills a hole first is believed");
	begin();
	send(40, hello.length);
	feed_data(&feed, SKUA_LOW, FIRST + 60, lie, sizeof(lie));
	send(0, 40);
	ok(found_one(), "a lie about what is already there is not");
}

static void test_once(void)
{
	begin();
	send(0, hello.length);
	for (int i = 0; i < 3; i++)
		send(0, hello.length);
	feed_flags(&feed, SKUA_LOW, ISN, SKUA_SYN);
	send(0, hello.length);
	ok(found_one(), "a hello is told once, however often it and its SYN are sent");
}

static void test_reuse(void)
{
	feed_open(&feed, 8);
	feed_flags(&feed, SKUA_LOW, 1000, SKUA_SYN);
	feed_text(&feed, SKUA_LOW, 1001, "SSH-2.0-x\r\n");
	feed_data(&feed, SKUA_LOW, 1012, hello.at, hello.length);
	ok(feed.count == 0, "behind something else nobody looks for a hello");
	feed_flags(&feed, SKUA_LOW, 5000, SKUA_SYN);
	feed_data(&feed, SKUA_LOW, 5001, hello.at, hello.length);
	ok(found_one(), "a new SYN begins anew");
	feed_open(&feed, 8);
	feed_flags(&feed, SKUA_LOW, 1000, SKUA_SYN);
	feed_text(&feed, SKUA_HIGH, 1, "SSH-2.0-x\r\n");
	feed_flags(&feed, SKUA_LOW, 5000, SKUA_SYN);
	feed_data(&feed, SKUA_HIGH, 700, hello.at, hello.length);
	ok(found_one(), "in both directions");
	feed_open(&feed, 8);
	feed_flags(&feed, SKUA_LOW, 1000, SKUA_SYN);
	feed_data(&feed, SKUA_LOW, 1001, hello.at, 100);
	feed_flags(&feed, SKUA_HIGH, 7000, SKUA_SYN | SKUA_ACK);
	feed_data(&feed, SKUA_LOW, 1101, hello.at + 100, hello.length - 100);
	ok(found_one(), "the other side's SYN-ACK does not");
	feed_open(&feed, 8);
	feed_cut(&feed, SKUA_LOW, 1000, SKUA_SYN, hello.at, 100, 100);
	feed_data(&feed, SKUA_LOW, 1101, hello.at + 100, hello.length - 100);
	ok(found_one(), "a SYN may bring the first bytes");
}

static void test_cut(void)
{
	const struct heads_counters *counters;

	begin();
	feed_cut(&feed, SKUA_LOW, FIRST, SKUA_ACK, hello.at, hello.length, hello.length - 1);
	counters = &dissect_counters(feed.dissect)->heads;
	ok(feed.count == 1 && !strcmp(feed_hello(&feed, 0)->name, "example.com") &&
		   !feed_hello(&feed, 0)->ja4[0],
	   "a hello that was cut still tells its name, but no JA4");
	ok(counters->cut == 1, "and is counted");
	feed_close(&feed);
	begin();
	feed_cut(&feed, SKUA_LOW, FIRST, SKUA_ACK, hello.at, hello.length, 60);
	send(0, hello.length);
	ok(feed.count == 0, "cut before the name it tells nothing, and is not waited for");
	feed_close(&feed);
	begin();
	send(0, 20);
	feed_cut(&feed, SKUA_LOW, FIRST + 20, SKUA_ACK, hello.at + 20, hello.length - 20,
		 hello.length - 30);
	ok(feed.count == 1 && !strcmp(feed_hello(&feed, 0)->name, "example.com"),
	   "a second segment may be cut as well");
	feed_close(&feed);
	begin();
	feed_cut(&feed, SKUA_LOW, FIRST, SKUA_ACK, NULL, hello.length, 0);
	ok(feed.count == 0, "payload of which nothing was captured is no payload");
	feed_close(&feed);
}

static void test_full(void)
{
	static char request[20000] = "GET / HTTP/1.1\r\nCookie: ";
	const struct heads_counters *counters;

	memset(request + strlen(request), 'c', sizeof(request) - 1000);
	begin();
	for (uint32_t i = 0; i < 16000; i += 1000)
		feed_data(&feed, SKUA_LOW, FIRST + i, request + i, 1000);
	feed_text(&feed, SKUA_LOW, FIRST + 16000, "\r\nHost: a.b\r\n");
	counters = &dissect_counters(feed.dissect)->heads;
	ok(feed.count == 0 && counters->full == 1, "beyond 8 KiB nobody waits for a name");
	feed_close(&feed);
	begin();
	feed_data(&feed, SKUA_LOW, FIRST, request, HEAD_BYTES);
	counters = &dissect_counters(feed.dissect)->heads;
	ok(counters->full == 1 && counters->evicted == 0, "nor does a large segment take a place");
	feed_close(&feed);
}

static void test_missing(void)
{
	const struct heads_counters *counters;

	begin();
	for (uint32_t i = 1; i < 40; i++)
		feed_data(&feed, SKUA_LOW, FIRST + i * 1000, hello.at, 100);
	counters = &dissect_counters(feed.dissect)->heads;
	ok(counters->missing == 1, "a beginning that never comes is given up, once");
	feed_close(&feed);
	begin();
	for (uint32_t i = 0; i < 10; i++)
		feed_data(&feed, SKUA_LOW, FIRST + 1000 + 100 * i, hello.at, 10);
	counters = &dissect_counters(feed.dissect)->heads;
	ok(counters->crowded == 2, "more than eight pieces with holes are refused and counted");
	send(0, hello.length);
	ok(found_one(), "and the hello is found nevertheless");
}

static void start_stream(unsigned port)
{
	feed_key(&feed, SKUA_TCP, port, 443);
	feed_flags(&feed, SKUA_LOW, ISN, SKUA_SYN);
	send(0, 100);
}

static void use_stream(unsigned port, size_t from, size_t to)
{
	feed_key(&feed, SKUA_TCP, port, 443);
	send(from, to);
}

/* Who waits is evicted in the order of the last segment. */
static void test_age(void)
{
	feed_open(&feed, 8);
	for (unsigned port = 1; port <= 50; port++) {
		start_stream(port);
		use_stream(1, 100, 100 + port);
	}
	use_stream(1, 100, hello.length);
	ok(found_one(), "who still gets segments is not evicted");
	feed_open(&feed, 8);
	for (unsigned port = 1; port <= 8; port++) {
		start_stream(port);
		use_stream(port, 100, 110);
	}
	start_stream(9);
	start_stream(10);
	use_stream(9, 100, hello.length);
	ok(found_one(), "nor is who came last");
	feed_open(&feed, 8);
	feed_text(&feed, SKUA_LOW, FIRST - 9, "SSH-2.0-x");
	for (unsigned port = 1; port <= 200 * HEADS_STREAMS; port++) {
		start_stream(port);
		use_stream(50000, 0, 10);
	}
	use_stream(50000, 0, hello.length);
	ok(feed.count == 0, "nor is a stream that is still used");
	feed_close(&feed);
}

/* SYNs push out streams that wait; their heads are free then. */
static void test_release(void)
{
	const struct heads_counters *counters;

	feed_open(&feed, 8);
	for (unsigned port = 1; port <= 8; port++)
		start_stream(port);
	for (unsigned port = 1000; port < 1000 + 30 * HEADS_STREAMS; port++) {
		feed_key(&feed, SKUA_TCP, port, 443);
		feed_flags(&feed, SKUA_LOW, ISN, SKUA_SYN);
	}
	for (unsigned port = 1; port <= 8; port++)
		start_stream(port);
	counters = &dissect_counters(feed.dissect)->heads;
	ok(counters->streams_evicted > 300 && counters->evicted == 0,
	   "a stream that is evicted gives its head back");
	feed_close(&feed);
}

static void test_eviction(void)
{
	const struct heads_counters *counters = NULL;
	unsigned found = 0;

	feed_open(&feed, 8);
	for (unsigned port = 1000; port < 1020; port++)
		start_stream(port);
	counters = &dissect_counters(feed.dissect)->heads;
	ok(counters->evicted == 12, "when all heads wait, each new one evicts another, counted");
	for (unsigned port = 1000; port < 1020; port++) {
		feed_key(&feed, SKUA_TCP, port, 443);
		send(100, hello.length);
	}
	for (unsigned i = 0; i < feed.count && i < FEED_FACTS; i++)
		found += feed.facts[i].hello.key.low_port >= 1010;
	ok(feed.count == 8 && found >= 6, "those that stayed, mostly the latest, are found");
	feed_close(&feed);

	feed_open(&feed, 8);
	for (unsigned port = 1; port <= 8 * HEADS_STREAMS + 100; port++)
		start_stream(port);
	counters = &dissect_counters(feed.dissect)->heads;
	ok(counters->streams_evicted == 100, "streams are evicted as well, and counted");
	send(100, hello.length);
	ok(found_one(), "and the latest is not among them");
}

int main(void)
{
	put_hello(&hello, "example.com", 300);
	test_splits();
	test_bytes();
	test_copies();
	test_once();
	test_reuse();
	test_cut();
	test_full();
	test_missing();
	test_eviction();
	test_age();
	test_release();
	return done();
}
