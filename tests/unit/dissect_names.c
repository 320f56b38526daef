// SPDX-License-Identifier: BSD-2-Clause
/* Answers from port 53 name addresses, over UDP and TCP; nobody else's do. */
#include "dissect_feed.h"
#include "dissect_message.h"
#include "tap.h"

static struct feed feed;
static struct message chain;

static bool found(unsigned count)
{
	const struct fact_name *name = &feed.facts[0].name;
	bool good = feed.count == count;

	for (unsigned i = 0; i < count && good; i++)
		good = feed.facts[i].kind == FACT_NAME;
	return good &&
	       (!count || (!strcmp(name->name, "www.example.com") && name->address_count == 2));
}

static void send(unsigned sender, uint32_t length)
{
	feed_data(&feed, sender, 0, chain.at, length);
}

static void test_udp(void)
{
	struct address client, first;

	feed_open(&feed, 8);
	feed_key(&feed, SKUA_UDP, 50000, 53);
	send(SKUA_HIGH, chain.length);
	address_parse(&client, "10.0.0.1");
	address_parse(&first, "192.0.2.1");
	ok(found(1), "an answer is told");
	ok(address_equal(&feed.facts[0].name.client, &client), "with who asked");
	ok(address_equal(&feed.facts[0].name.addresses[0], &first), "and the addresses");
	send(SKUA_LOW, chain.length);
	ok(feed.count == 1, "what the client sends is no answer");
	send(SKUA_HIGH, chain.length - 28);
	ok(feed.count == 2 && feed.facts[1].name.address_count == 1,
	   "of an answer that was cut the first addresses are told");
	send(SKUA_HIGH, 40);
	ok(feed.count == 2, "without addresses there is nothing to tell");
	feed_key(&feed, SKUA_UDP, 5353, 5353);
	send(SKUA_HIGH, chain.length);
	ok(feed.count == 2, "multicast DNS names nobody");
	chain.at[2] &= 0x7f;
	feed_key(&feed, SKUA_UDP, 53, 53);
	send(SKUA_HIGH, chain.length);
	chain.at[2] |= 0x80;
	ok(feed.count == 2, "nor does a query between servers");
	feed_key(&feed, SKUA_UDP, 53, 50000);
	send(SKUA_LOW, chain.length);
	address_parse(&client, "192.0.2.1");
	ok(feed.count == 3 && address_equal(&feed.facts[2].name.client, &client),
	   "the client may be either end");
	ok(dissect_counters(feed.dissect)->names == 3, "facts are counted");
	feed_close(&feed);
}

static void test_tcp(void)
{
	struct message stream = { 0 };
	unsigned good = 0, in_order = 0;

	for (int i = 0; i < 3; i++) {
		put16(&stream, chain.length);
		put(&stream, chain.at, chain.length);
	}
	for (size_t i = 1; i < stream.length; i++) {
		feed_open(&feed, 8);
		feed_key(&feed, SKUA_TCP, 50000, 53);
		feed_flags(&feed, SKUA_LOW, 100, SKUA_SYN);
		feed_flags(&feed, SKUA_HIGH, 500, SKUA_SYN | SKUA_ACK);
		feed_data(&feed, SKUA_HIGH, 501 + i, stream.at + i, stream.length - i);
		feed_data(&feed, SKUA_HIGH, 501, stream.at, i);
		good += found(3);
		feed_close(&feed);
		feed_open(&feed, 8);
		feed_key(&feed, SKUA_TCP, 50000, 53);
		feed_data(&feed, SKUA_HIGH, 501, stream.at, i);
		feed_data(&feed, SKUA_HIGH, 501 + i, stream.at + i, stream.length - i);
		in_order += found(3);
		feed_close(&feed);
	}
	ok(in_order == stream.length - 1, "each once, when its last byte is there");
	ok(good == stream.length - 1, "all answers of a TCP stream are told, in any two segments");
	feed_open(&feed, 8);
	feed_key(&feed, SKUA_TCP, 50000, 53);
	feed_data(&feed, SKUA_LOW, 1, stream.at, stream.length);
	ok(found(0), "what the client sends is no answer");
	feed_close(&feed);
	feed_open(&feed, 8);
	feed_key(&feed, SKUA_TCP, 50000, 53);
	feed_text(&feed, SKUA_HIGH, 1, "SSH-2.0-OpenSSH_9.2p1 Debian\r\n");
	feed_data(&feed, SKUA_HIGH, 31, stream.at, stream.length);
	ok(found(0), "behind something else nobody looks for answers");
	feed_close(&feed);
}

int main(void)
{
	put_chain(&chain);
	test_udp();
	test_tcp();
	return done();
}
