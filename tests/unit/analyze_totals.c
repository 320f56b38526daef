// SPDX-License-Identifier: BSD-2-Clause
/* Distinct conversations, pairs and DNS messages: numbers that tshark 4.0 gives as well. */
#include <string.h>
#include "skua/link.h"
#include "analyze/totals.h"
#include "base/address.h"
#include "tap.h"

#define ACK SKUA_ACK
#define SYN SKUA_SYN

static struct skua_packet packet(const char *src, const char *dst, uint8_t proto)
{
	struct skua_packet pkt = { .proto = proto,
				   .sport = 50000,
				   .dport = 80,
				   .ethertype = strchr(src, ':') ? SKUA_ETH_IPV6 : SKUA_ETH_IPV4 };
	struct address address;

	address_parse(&address, src);
	memcpy(pkt.src, address.bytes, 16);
	address_parse(&address, dst);
	memcpy(pkt.dst, address.bytes, 16);
	return pkt;
}

static struct skua_packet answer_to(struct skua_packet pkt)
{
	struct skua_packet back = pkt;

	memcpy(back.src, pkt.dst, 16);
	memcpy(back.dst, pkt.src, 16);
	back.sport = pkt.dport;
	back.dport = pkt.sport;
	return back;
}

static struct totals fresh(uint32_t capacity)
{
	struct totals totals = { 0 };

	if (totals_init(&totals, capacity))
		ok(false, "there is memory");
	return totals;
}

static bool are(struct totals *totals, uint64_t tcp, uint64_t udp, uint64_t ipv4, uint64_t ipv6)
{
	const struct stats_totals *c = &totals->counts;
	bool same = c->tcp == tcp && c->udp == udp && c->ipv4 == ipv4 && c->ipv6 == ipv6;

	if (!same)
		printf("# got %d %d %d %d, want %d %d %d %d\n", (int)c->tcp, (int)c->udp,
		       (int)c->ipv4, (int)c->ipv6, (int)tcp, (int)udp, (int)ipv4, (int)ipv6);
	return same;
}

/* A segment between the same two ports; one entry of a list that ends with no flags. */
struct segment {
	bool from_server;
	uint8_t flags;
	uint32_t seq, ack;
};

/* How many conversations these segments are. */
static uint64_t talks(const struct segment *segments)
{
	struct totals totals = fresh(16);
	uint64_t tcp;

	for (; segments->flags; segments++) {
		struct skua_packet pkt = packet("10.0.0.1", "10.0.0.2", SKUA_TCP);

		if (segments->from_server)
			pkt = answer_to(pkt);
		pkt.tcp_flags = segments->flags;
		pkt.seq = segments->seq;
		pkt.ack = segments->ack;
		totals_packet(&totals, &pkt);
	}
	tcp = are(&totals, totals.counts.tcp, 0, 1, 0) ? totals.counts.tcp : 0;
	totals_fini(&totals);
	return tcp;
}

#define TALKS(...) talks((const struct segment[]){ __VA_ARGS__, { 0, 0, 0, 0 } })
#define HANDSHAKE                                                                                  \
	{ 0, SYN, 100, 0 }, { 1, SYN | ACK, 500, 101 },                                            \
	{                                                                                          \
		0, ACK, 101, 501                                                                   \
	}

static void test_ports_again(void)
{
	ok(TALKS(HANDSHAKE) == 1, "a handshake is one conversation, both ways");
	ok(TALKS({ 0, SYN, 100, 0 }, { 0, SYN, 100, 0 }) == 1, "a SYN sent again is none");
	ok(TALKS({ 0, SYN, 100, 0 }, { 0, SYN, 101, 0 }) == 2, "one with another number is");
	ok(TALKS({ 0, SYN, 100, 0 }, { 0, SYN, 200, 0 }, { 0, SYN, 100, 0 }) == 3,
	   "only the last one is remembered");
	ok(TALKS(HANDSHAKE, { 1, SKUA_FIN | ACK, 501, 101 }, { 0, SYN, 100, 0 }) == 1,
	   "a FIN between does not matter");
	ok(TALKS(HANDSHAKE, { 1, SYN | ACK, 700, 101 }) == 1, "a SYN-ACK begins nothing");
	ok(TALKS({ 0, SYN, 100, 0 }, { 0, SYN | SKUA_PSH | 0x40, 101, 0 }) == 2,
	   "flags beside SYN do not matter");
}

static void test_first_numbers(void)
{
	ok(TALKS({ 0, ACK, 100, 50 }, { 0, SYN, 900, 0 }) == 2, "a SYN after its middle was seen");
	ok(TALKS({ 0, ACK, 100, 50 }, { 0, SYN, 99, 0 }) == 1,
	   "a SYN with the number before the middle belongs to it");
	ok(TALKS({ 1, SKUA_RST | ACK, 100, 7 }, { 0, SYN, 66, 0 }) == 2,
	   "what the other side acknowledged tells the number");
	ok(TALKS({ 1, SKUA_RST | ACK, 100, 7 }, { 0, SYN, 6, 0 }) == 1, "which may be that one");
	ok(TALKS({ 1, SKUA_RST, 100, 7 }, { 0, SYN, 5, 0 }) == 1,
	   "without ACK the field says nothing");
	ok(TALKS({ 0, SYN, 100, 0 }, { 1, SYN, 500, 0 }, { 0, SYN | ACK, 100, 501 }) == 1,
	   "both sides may open it");
	ok(TALKS(HANDSHAKE, { 1, SYN, 900, 0 }) == 2, "the server may open the next");
	ok(TALKS(HANDSHAKE, { 1, SYN, 500, 0 }) == 1, "which is none with its old number");
}

static void send(struct totals *totals, struct skua_packet pkt)
{
	totals_packet(totals, &pkt);
}

static void test_ends(void)
{
	struct skua_packet udp = packet("10.0.0.1", "10.0.0.2", SKUA_UDP), pkt = udp;
	struct totals totals = fresh(64);

	send(&totals, udp);
	send(&totals, answer_to(udp));
	send(&totals, udp);
	ok(are(&totals, 0, 1, 1, 0), "question and answer are one conversation and one pair");
	pkt.sport = 50001;
	send(&totals, pkt);
	ok(are(&totals, 0, 2, 1, 0), "another port is another conversation of the same pair");
	pkt.proto = SKUA_TCP;
	send(&totals, pkt);
	ok(are(&totals, 1, 2, 1, 0), "and so is another protocol");
	send(&totals, packet("10.0.0.2", "10.0.0.1", SKUA_ICMP));
	send(&totals, packet("10.0.0.3", "10.0.0.1", SKUA_ICMP));
	send(&totals, packet("10.0.0.3", "10.0.0.1", SKUA_SCTP));
	ok(are(&totals, 1, 2, 2, 0), "other protocols are pairs only");
	send(&totals, packet("2001:db8::1", "2001:db8::2", SKUA_UDP));
	send(&totals, packet("2001:db8::2", "2001:db8::1", SKUA_ICMPV6));
	ok(are(&totals, 1, 3, 2, 1), "IPv6 is counted apart");
	udp.ethertype = SKUA_ETH_IPV6;
	send(&totals, udp);
	ok(are(&totals, 1, 4, 2, 2), "a v4-mapped address in an IPv6 header is another one");
	totals_fini(&totals);
}

static void test_fragments(void)
{
	struct skua_packet pkt = packet("10.0.0.1", "10.0.0.2", SKUA_UDP);
	struct totals totals = fresh(64);

	pkt.fragment = SKUA_LATER_FRAGMENT;
	pkt.sport = pkt.dport = 0;
	send(&totals, pkt);
	ok(are(&totals, 0, 0, 1, 0),
	   "a later fragment is of a pair, and of nobody knows which port");
	pkt.fragment = SKUA_FIRST_FRAGMENT;
	pkt.sport = 7;
	send(&totals, pkt);
	ok(are(&totals, 0, 1, 1, 0), "the first one has ports");
	totals_fini(&totals);
}

static void test_full(void)
{
	struct skua_packet first = packet("10.0.0.1", "10.0.0.2", SKUA_TCP), pkt = first;
	struct totals totals = fresh(8);

	for (int i = 0; i < 7; i++, pkt.sport++)
		send(&totals, pkt);
	ok(are(&totals, 7, 0, 1, 0) && totals.counts.exact,
	   "7 conversations and their pair fill 8 entries exactly");
	send(&totals, pkt);
	send(&totals, pkt);
	send(&totals, packet("10.0.0.1", "10.0.0.3", SKUA_ICMP));
	ok(are(&totals, 7, 0, 1, 0) && !totals.counts.exact,
	   "what comes then is not counted, nor counted twice, and that is said");
	first.tcp_flags = SYN;
	first.seq = 7;
	send(&totals, first);
	ok(are(&totals, 8, 0, 1, 0), "what is known stays known: a new SYN on its ports counts");
	totals_fini(&totals);
}

static void test_dns(void)
{
	struct skua_dns_event event = { .dns.response = 0 };
	struct totals totals = fresh(8);

	totals_dns(&totals, &event);
	totals_dns(&totals, &event);
	event.dns.response = 1;
	totals_dns(&totals, &event);
	ok(totals.counts.dns_queries == 2 && totals.counts.dns_responses == 1,
	   "queries and responses are told apart");
	ok(totals.counts.exact && are(&totals, 0, 0, 0, 0), "and are no conversations");
	totals_fini(&totals);
}

int main(void)
{
	test_ports_again();
	test_first_numbers();
	test_ends();
	test_fragments();
	test_full();
	test_dns();
	return done();
}
