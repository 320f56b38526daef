// SPDX-License-Identifier: BSD-2-Clause
/* Samples of conversations become the facts that they tell, and no others. */
#include "dissect_feed.h"
#include "dissect_hello.h"
#include "tap.h"

static struct feed feed;

static bool name_is(unsigned i, const char *name)
{
	return !strcmp(feed_hello(&feed, i)->name, name);
}

static void test_tls(void)
{
	const struct fact_hello *fact;
	struct bytes hello = { 0 };

	put_hello(&hello, "Example.com", 0);
	feed_open(&feed, 8);
	feed_key(&feed, SKUA_TCP, 50000, 9001);
	feed_data(&feed, SKUA_LOW, 1, hello.at, hello.length);
	fact = feed_hello(&feed, 0);
	ok(feed.count == 1 && fact->tls && !fact->connect && name_is(0, "example.com"),
	   "a ClientHello on any port is told");
	ok(fact->client == SKUA_LOW &&
		   !memcmp(&fact->key, &feed.sample.head.key, sizeof(fact->key)),
	   "with its conversation and who spoke");
	ok(feed.facts[0].time_ns == 1000, "and when");
	ok(!strcmp(fact->ja4, HELLO_JA4) && !strcmp(fact->alpn, "h2"), "and JA4 and ALPN");
	feed_key(&feed, SKUA_TCP, 443, 50000);
	feed_data(&feed, SKUA_HIGH, 1, hello.at, hello.length);
	ok(feed.count == 2 && feed_hello(&feed, 1)->client == SKUA_HIGH,
	   "who says hello is the client, whatever the ports");
	ok(dissect_counters(feed.dissect)->hellos == 2, "facts are counted");
	feed_key(&feed, SKUA_TCP, 50001, 443);
	feed.of_server = true;
	feed_data(&feed, SKUA_HIGH, 1, hello.at, hello.length);
	ok(feed.count == 2, "what the server of a handshake says names nobody");
	feed_close(&feed);
}

/* RFC 8446, 4.1.4 */
static void test_retry(void)
{
	struct bytes first = { 0 }, second = { 0 };

	put_hello(&first, "example.com", 0);
	put(&second, "\x14\x03\x03\0\x01\x01", 6);
	put_hello(&second, "example.com", 50);
	feed_open(&feed, 8);
	feed_data(&feed, SKUA_LOW, 1, first.at, first.length);
	feed_data(&feed, SKUA_LOW, 1 + first.length, second.at, 6);
	feed_data(&feed, SKUA_LOW, 7 + first.length, second.at + 6, second.length - 6);
	ok(feed.count == 2 && strcmp(feed_hello(&feed, 0)->ja4, feed_hello(&feed, 1)->ja4),
	   "a second ClientHello is told with its own JA4");
	feed_data(&feed, SKUA_LOW, 1 + first.length + second.length, first.at, first.length);
	ok(feed.count == 2, "a third is not");
	feed_close(&feed);
	feed_open(&feed, 8);
	feed_data(&feed, SKUA_LOW, 1, first.at, first.length);
	feed_text(&feed, SKUA_LOW, 1 + first.length, "GET / HTTP/1.1\r\nHost: a.b\r\n");
	ok(feed.count == 1, "behind a ClientHello nobody looks for HTTP");
	feed_close(&feed);
}

static void test_http(void)
{
	static const char text[] = "GET / HTTP/1.1\r\nHost: A.b:80\r\n\r\n";
	unsigned found = 0;

	for (size_t i = 1; i < sizeof(text) - 5; i++) {
		feed_open(&feed, 8);
		feed_data(&feed, SKUA_LOW, 1, text, i);
		feed_data(&feed, SKUA_LOW, 1 + i, text + i, sizeof(text) - 1 - i);
		found += feed.count == 1 && name_is(0, "a.b") && !feed_hello(&feed, 0)->tls &&
			 !feed_hello(&feed, 0)->ja4[0];
		feed_close(&feed);
	}
	ok(found == sizeof(text) - 6, "a request split at any byte is told once");
	feed_open(&feed, 8);
	feed_text(&feed, SKUA_LOW, 1, "GET / HTTP/1.1\r\nHost: 192.0.2.1:8080\r\n\r\n");
	ok(name_is(0, "192.0.2.1") && feed_hello(&feed, 0)->literal, "an address is told for one");
	feed_close(&feed);
	feed_open(&feed, 8);
	feed_text(&feed, SKUA_LOW, 1, "GET / HTTP/1.0\r\n\r\n");
	ok(feed.count == 1 && name_is(0, "") && !feed_hello(&feed, 0)->literal,
	   "a request without a name is told as well");
	feed_close(&feed);
}

#define CONNECT "CONNECT a.b:443 HTTP/1.1\r\nHost: a.b\r\n\r\n"

static void test_connect(void)
{
	struct bytes stream = { 0 };
	unsigned found = 0;

	put(&stream, CONNECT, strlen(CONNECT));
	put_hello(&stream, "c.d", 0);
	for (size_t i = 1; i <= stream.length; i++) {
		feed_open(&feed, 8);
		feed_data(&feed, SKUA_LOW, 1, stream.at, i);
		feed_text(&feed, SKUA_HIGH, 1, "HTTP/1.1 200 OK\r\n\r\n");
		feed_data(&feed, SKUA_LOW, 1 + i, stream.at + i, stream.length - i);
		found += feed.count == 2 && feed_hello(&feed, 0)->connect && name_is(0, "a.b") &&
			 feed_hello(&feed, 1)->tls && name_is(1, "c.d") &&
			 !feed_hello(&feed, 1)->connect;
		feed_close(&feed);
	}
	ok(found == stream.length, "CONNECT and the hello behind it are two, split at any byte");
	found = 0;
	for (size_t i = 1; i < stream.length - 20; i++) {
		feed_open(&feed, 8);
		feed_data(&feed, SKUA_LOW, 1, stream.at, i);
		feed_data(&feed, SKUA_LOW, 1 + i, stream.at + i, 20);
		feed_data(&feed, SKUA_LOW, 1, stream.at, i + 10);
		feed_data(&feed, SKUA_LOW, 11 + i, stream.at + 10 + i, stream.length - i - 10);
		found += feed.count == 2 && name_is(0, "a.b") && name_is(1, "c.d");
		feed_close(&feed);
	}
	ok(found == stream.length - 21, "in three parts that overlap as well");
	feed_open(&feed, 8);
	for (uint32_t i = 0; i < 6; i++)
		feed_text(&feed, SKUA_LOW, 1 + i * strlen(CONNECT), CONNECT);
	ok(feed.count == 4, "a client that only asks for tunnels is heard four times");
	feed_close(&feed);
}

static void test_endless(void)
{
	static char request[9000] = "CONNECT a.b:443 HTTP/1.1\r\nX: ";

	memset(request + strlen(request), 'x', sizeof(request) - 1 - strlen(request));
	feed_open(&feed, 8);
	feed_data(&feed, SKUA_LOW, 1, request, 1000);
	ok(feed.count == 0, "CONNECT is told when its head ends");
	feed_data(&feed, SKUA_LOW, 1001, request + 1000, 8000);
	ok(feed.count == 1 && name_is(0, "a.b"), "or when it is longer than anybody waits for");
	feed_close(&feed);
}

static bool tells_nothing(const char *text)
{
	unsigned count;

	feed_open(&feed, 8);
	feed_text(&feed, SKUA_LOW, 1, text);
	feed_text(&feed, SKUA_LOW, 1 + strlen(text), "GET / HTTP/1.1\r\nHost: a.b\r\n\r\n");
	count = feed.count;
	feed_close(&feed);
	return !count;
}

static void test_others(void)
{
	struct bytes hello = { 0 };

	put_hello(&hello, "a.b", 0);
	ok(tells_nothing("SSH-2.0-x\r\n"), "SSH tells nothing");
	ok(tells_nothing("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "nor does HTTP/2 by prior knowledge");
	ok(tells_nothing("HTTP/1.1 200 OK\r\n\r\n"), "nor does a server's answer");
	feed_open(&feed, 8);
	hello.at[5] = 2;
	feed_data(&feed, SKUA_HIGH, 1, hello.at, hello.length);
	hello.at[5] = 1;
	feed_key(&feed, SKUA_UDP, 50000, 443);
	feed_data(&feed, SKUA_LOW, 1, hello.at, hello.length);
	feed_key(&feed, SKUA_TCP, 0, 0);
	feed_data(&feed, SKUA_LOW, 1, hello.at, hello.length);
	ok(feed.count == 0, "nor do a ServerHello, UDP, and later fragments");
	feed_close(&feed);
}

static void test_beyond(void)
{
	uint8_t frame[60] = { 0 };

	feed_open(&feed, 8);
	feed.sample.payload = 1000;
	feed.sample.captured = sizeof(frame);
	feed.sample.offset = 74;
	dissect_sample(feed.dissect, &feed.sample, frame, feed_keep, &feed);
	feed.sample.offset = sizeof(frame);
	dissect_sample(feed.dissect, &feed.sample, frame, feed_keep, &feed);
	ok(feed.count == 0, "a payload beyond what was captured is not touched");
	memcpy(frame, "GET / HTTP/1.1\r\nHost: a.b\r\n", 28);
	feed.sample.offset = 0;
	feed.sample.payload = 20;
	dissect_sample(feed.dissect, &feed.sample, frame, feed_keep, &feed);
	ok(feed.count == 0, "nor is the padding behind it");
	feed_close(&feed);
}

/* Short frames are padded: what lies behind the payload is no part of it. */
static void test_padded(void)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
	uint32_t said = strlen("GET / HTTP/1.1\r\nHost: a.exam");

	feed_open(&feed, 8);
	feed_cut(&feed, SKUA_LOW, 1, SKUA_ACK, request, said, sizeof(request) - 1);
	ok(!feed.count, "bytes behind the payload are not read");
	feed_text(&feed, SKUA_LOW, 1 + said, "b\r\n\r\n");
	ok(feed.count == 1 && !strcmp(feed_hello(&feed, 0)->name, "a.examb"),
	   "and what follows takes their place");
	feed_close(&feed);
}

int main(void)
{
	test_tls();
	test_retry();
	test_http();
	test_connect();
	test_endless();
	test_others();
	test_beyond();
	test_padded();
	return done();
}
