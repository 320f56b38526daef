// SPDX-License-Identifier: BSD-2-Clause
/* What becomes of an attempt: who is admitted, and how each one ends. */
#include <string.h>
#include "skua/source.h"
#include "core_segment.h"
#include "tap.h"

static struct skua_config config = SKUA_CONFIG_DEFAULT;

static __u32 first(struct skua_pending *pending, struct skua_packet pkt, enum skua_origin origin)
{
	return skua_contact_first(pending, &pkt, skua_contact_opens(&pkt), origin, false, SECOND);
}

static __u32 next(struct skua_pending *pending, struct skua_packet pkt, bool from_source)
{
	return skua_contact_next(pending, &pkt, from_source, &config, 2 * SECOND);
}

static void test_handshake(void)
{
	struct skua_packet syn = segment(SKUA_LOW, SKUA_SYN, 100, 0, 0);
	struct skua_packet syn_ack = segment(SKUA_HIGH, SKUA_SYN | SKUA_ACK, 500, 101, 0);
	struct skua_packet forged = segment(SKUA_LOW, SKUA_ACK, 101, 999, 0);
	struct skua_packet ack = segment(SKUA_LOW, SKUA_ACK, 101, 501, 0);
	struct skua_pending pending;

	ok(first(&pending, syn, SKUA_OURS) == (SKUA_STEP_KEEP | SKUA_STEP_ADMIT),
	   "our own syn is admitted at once, and stays an attempt");
	ok(first(&pending, syn, SKUA_EITHER) & SKUA_STEP_ADMIT,
	   "so is one between two of ours or two strangers");
	ok(first(&pending, syn, SKUA_THEIRS) == SKUA_STEP_KEEP, "a stranger's syn waits");
	ok(next(&pending, syn, true) == SKUA_STEP_KEEP && pending.attempts == 2,
	   "and still when it is sent twice");
	ok(next(&pending, forged, true) == SKUA_STEP_KEEP,
	   "an ack without a syn-ack admits nobody");
	ok(next(&pending, syn_ack, false) == SKUA_STEP_KEEP, "nor does the syn-ack");
	ok(next(&pending, forged, true) == SKUA_STEP_KEEP, "nor an ack that guesses the number");
	ok(next(&pending, ack, true) == (SKUA_ANSWERED | SKUA_STEP_ADMIT),
	   "the ack of the syn-ack does");
	syn_ack.ack = 102;
	first(&pending, syn, SKUA_THEIRS);
	next(&pending, syn_ack, false);
	ok(next(&pending, ack, true) == SKUA_STEP_KEEP, "a syn-ack of another syn opens nothing");
}

static void test_outcomes(void)
{
	struct skua_packet syn = segment(SKUA_LOW, SKUA_SYN, 100, 0, 0);
	struct skua_packet syn_ack = segment(SKUA_HIGH, SKUA_SYN | SKUA_ACK, 500, 101, 0);
	struct skua_packet refusal = segment(SKUA_HIGH, SKUA_RST | SKUA_ACK, 0, 101, 0);
	struct skua_packet abort = segment(SKUA_LOW, SKUA_RST, 101, 0, 0);
	struct skua_packet ack = segment(SKUA_LOW, SKUA_ACK, 101, 501, 0);
	struct skua_pending pending;

	first(&pending, syn, SKUA_OURS);
	ok(next(&pending, refusal, false) == SKUA_REFUSED, "a reset by the target refuses");
	first(&pending, syn, SKUA_OURS);
	next(&pending, syn_ack, false);
	ok(next(&pending, abort, true) == SKUA_HALF_OPEN,
	   "a reset by the source after the syn-ack leaves it half open");
	first(&pending, syn, SKUA_OURS);
	ok(next(&pending, ack, true) == (SKUA_ANSWERED | SKUA_STEP_ADMIT),
	   "our own ack proves an answer that was not seen");
	first(&pending, syn, SKUA_THEIRS);
	ok(next(&pending, ack, true) == SKUA_STEP_KEEP, "a stranger's does not");
	ok(skua_contact_timeout(&pending) == SKUA_UNANSWERED, "silence is no answer");
	ok(!skua_contact_expired(&pending, &config, 6 * SECOND - 1) &&
		   skua_contact_expired(&pending, &config, 6 * SECOND),
	   "after five seconds");
	ok(first(&pending, syn_ack, SKUA_THEIRS) == 0 && first(&pending, refusal, SKUA_OURS) == 0,
	   "an answer to nothing is no attempt: victims of forged syns send those");
}

static void test_odd(void)
{
	static const struct {
		__u8 flags;
		bool odd;
		const char *sentence;
	} probes[] = {
		{ 0, true, "a null probe is odd" },
		{ SKUA_FIN | SKUA_PSH | SKUA_URG, true, "an xmas probe is odd" },
		{ SKUA_SYN | SKUA_FIN, true, "a syn with fin is odd" },
		{ SKUA_SYN | SKUA_RST, true, "a syn with rst is odd" },
		{ SKUA_FIN, false, "a lone fin may be the end of something old" },
		{ SKUA_FIN | SKUA_ACK, false, "so may a fin with ack" },
		{ SKUA_RST, false, "a reset is not odd" },
		{ SKUA_SYN | SKUA_PSH, false, "a syn with push is not" },
	};
	struct skua_pending pending;

	for (unsigned i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		struct skua_packet pkt = segment(SKUA_LOW, probes[i].flags, 100, 0, 0);

		ok((first(&pending, pkt, SKUA_THEIRS) == SKUA_ODD) == probes[i].odd,
		   probes[i].sentence);
	}
}

static void test_stray(void)
{
	struct skua_packet fin = segment(SKUA_LOW, SKUA_FIN, 100, 0, 0);
	struct skua_packet reset = segment(SKUA_HIGH, SKUA_RST | SKUA_ACK, 0, 101, 0);
	struct skua_packet ack = segment(SKUA_HIGH, SKUA_ACK, 7, 101, 0);
	struct skua_pending pending;

	ok(first(&pending, fin, SKUA_OURS) == SKUA_STEP_KEEP, "a lone fin waits for an answer");
	ok(next(&pending, reset, false) == SKUA_REFUSED && pending.flags == SKUA_FIN,
	   "a reset makes it a refused probe, which remembers its flags");
	first(&pending, fin, SKUA_OURS);
	ok(next(&pending, fin, true) == SKUA_STEP_KEEP && pending.attempts == 2,
	   "one that is sent again is another attempt");
	first(&pending, fin, SKUA_OURS);
	ok(next(&pending, ack, false) == 0, "an ack makes it the end of an old conversation");
}

static void test_midstream(void)
{
	struct skua_packet data = segment(SKUA_LOW, SKUA_ACK, 1000, 5, 100);
	struct skua_packet reset = segment(SKUA_HIGH, SKUA_RST, 999, 0, 0);
	struct skua_packet answer = segment(SKUA_HIGH, SKUA_ACK, 5, 1100, 10);
	struct skua_pending pending;

	ok(first(&pending, data, SKUA_THEIRS) == SKUA_STEP_KEEP, "mid-stream, one side waits");
	ok(next(&pending, data, true) == SKUA_STEP_KEEP &&
		   next(&pending, data, true) == SKUA_STEP_KEEP,
	   "and still after three segments where both sides would be seen");
	ok(next(&pending, answer, false) == SKUA_STEP_ADMIT, "payload of the other admits it");
	first(&pending, data, SKUA_THEIRS);
	ok(next(&pending, reset, false) == 0, "our reset does not vouch for it");
	config.one_way = 1;
	first(&pending, data, SKUA_THEIRS);
	ok(next(&pending, data, true) == SKUA_STEP_KEEP &&
		   next(&pending, data, true) == SKUA_STEP_ADMIT,
	   "in captures the third segment of one side does");
	config.one_way = 0;
	ok(skua_contact_timeout(&pending) == SKUA_UNDECIDED, "nobody tried to reach anybody");
}

static void test_datagrams(void)
{
	struct skua_packet ask = segment(SKUA_LOW, 0, 0, 0, 40);
	struct skua_packet answer = segment(SKUA_HIGH, 0, 0, 0, 80);
	struct skua_packet lonely;
	struct skua_pending pending;

	ask.proto = answer.proto = SKUA_UDP;
	ok(first(&pending, ask, SKUA_OURS) & SKUA_STEP_ADMIT, "our datagram is admitted at once");
	ok(first(&pending, ask, SKUA_THEIRS) == SKUA_STEP_KEEP, "a stranger's waits");
	ok(next(&pending, ask, true) == SKUA_STEP_KEEP, "also its second");
	ok(next(&pending, answer, false) == (SKUA_ANSWERED | SKUA_STEP_ADMIT),
	   "an answer admits it");
	ok(skua_contact_first(&pending, &ask, true, SKUA_THEIRS, true, SECOND) & SKUA_STEP_ADMIT,
	   "a DNS query is admitted at once");
	lonely = answer;
	ok(!skua_contact_opens(&lonely), "from a well-known port comes an answer");
	ok(first(&pending, lonely, SKUA_OURS) == SKUA_STEP_KEEP && pending.origin == SKUA_THEIRS,
	   "which tells of an attempt by the other side");
	ok(skua_contact_timeout(&pending) == SKUA_UNDECIDED,
	   "that nobody saw, so its silence means nothing");
	lonely.proto = SKUA_ICMP;
	lonely.icmp_type = 0;
	ok(first(&pending, lonely, SKUA_THEIRS) == 0, "an echo reply to nothing is no attempt");
}

static unsigned bits(const __u64 sketch[SKUA_SKETCH_WORDS])
{
	unsigned n = 0;

	for (int i = 0; i < SKUA_SKETCH_WORDS; i++)
		n += __builtin_popcountll(sketch[i]);
	return n;
}

static void test_source(void)
{
	struct skua_contact_key key = { .target = { 0, 2 }, .proto = SKUA_TCP };
	struct skua_source source;
	unsigned allowed = 0;

	skua_source_init(&source, true, SECOND);
	for (int i = 0; i < 300; i++)
		allowed += skua_source_allows(&source, &config, 5 * SECOND);
	ok(allowed == 256, "a source may have 256 attempts pending");
	skua_source_decided(&source);
	ok(skua_source_allows(&source, &config, 5 * SECOND) &&
		   !skua_source_allows(&source, &config, 5 * SECOND),
	   "one that is decided makes room for one");
	ok(skua_source_allows(&source, &config, 6 * SECOND), "after five seconds all are");
	for (int i = 0; i < 100; i++) {
		key.port = i;
		for (int twice = 0; twice < 2; twice++)
			skua_source_overflow(&source, &key, &config, 7 * SECOND);
	}
	/* 512 (1 - e^(-100/512)) = 90.8 expected */
	ok(source.overflow == 200 && bits(source.sketch) > 80 && bits(source.sketch) <= 100,
	   "beyond that attempts are counted and their targets sketched");
	ok(skua_source_overflowed(&source, 7 * SECOND, 8 * SECOND) &&
		   !skua_source_overflowed(&source, 6 * SECOND, 7 * SECOND) &&
		   !skua_source_overflowed(&source, 7 * SECOND + 1, 8 * SECOND),
	   "exactly one sweep sees it, also on a whole second");
	skua_source_overflow(&source, &key, &config, 67 * SECOND);
	ok(source.overflow == 1 && bits(source.sketch) == 1, "a minute later anew");
	allowed = 0;
	for (int i = 0; i < 3000; i++)
		allowed += skua_source_may_say(&source, &config, 8 * SECOND);
	ok(allowed == 2048 && skua_source_may_say(&source, &config, 9 * SECOND),
	   "a source has 2,048 events a second");
}

static void test_slot(void)
{
	struct skua_contact_key key = { .target = { 0, 2 }, .port = 80, .proto = SKUA_TCP };
	struct skua_source source;

	skua_source_init(&source, true, SECOND);
	ok(skua_source_slot_free(&source, &config, SECOND), "an empty slot is free");
	source.slot_key = key;
	source.slot = (struct skua_pending){ .stage = SKUA_STAGE_SYN, .first_ns = SECOND };
	ok(skua_source_slot_holds(&source, &key, &config, 6 * SECOND - 1),
	   "the slot holds what was put into it");
	ok(!skua_source_slot_holds(&source, &key, &config, 6 * SECOND),
	   "until its five seconds are over");
	key.port = 81;
	ok(!skua_source_slot_holds(&source, &key, &config, SECOND), "and nothing else");
	ok(!skua_source_slot_free(&source, &config, 9 * SECOND - 1) &&
		   skua_source_slot_free(&source, &config, 9 * SECOND),
	   "it is free again when the sweep has surely seen it expire");
	ok(skua_source_slot_expires(&source, &config, 5 * SECOND, 6 * SECOND) &&
		   !skua_source_slot_expires(&source, &config, 6 * SECOND, 7 * SECOND) &&
		   !skua_source_slot_expires(&source, &config, 4 * SECOND, 5 * SECOND),
	   "exactly one sweep sees it expire");
}

/* How far the source has come while it waited, so that what follows is no gap. */
static void test_source_next(void)
{
	struct skua_packet pkt = segment(SKUA_LOW, SKUA_ACK, 100, 1, 50);
	struct skua_pending pending;

	first(&pending, pkt, SKUA_THEIRS);
	ok(pending.source_next == 150, "the first segment counts");
	next(&pending, pkt, true);
	ok(pending.source_next == 150, "once, when it comes again");
	pkt.seq = 200;
	next(&pending, pkt, true);
	ok(pending.source_next == 250, "what was lost between counts");
	pkt.seq += 1u << 31;
	next(&pending, pkt, true);
	ok(pending.source_next == 250, "numbers of another stream do not");
	first(&pending, segment(SKUA_LOW, SKUA_SYN, 700, 0, 0), SKUA_THEIRS);
	ok(pending.source_next == 701, "a syn has a number of its own");
	next(&pending, segment(SKUA_LOW, SKUA_SYN | SKUA_ACK, 90000, 1, 0), true);
	ok(pending.source_next == 701, "which no answer by the source moves");
	next(&pending, segment(SKUA_LOW, SKUA_SYN, 800, 0, 0), true);
	ok(pending.source_next == 801 && pending.source_isn == 800, "but a new syn does");
}

/* Tables compare and hash every byte of a key. */
static void test_key(void)
{
	struct skua_packet syn = segment(SKUA_LOW, SKUA_SYN, 100, 0, 0);
	struct skua_packet answer = segment(SKUA_HIGH, SKUA_SYN | SKUA_ACK, 500, 101, 0);
	static const struct skua_contact_key wanted = {
		.source = { 1, 1 },
		.target = { 1, 2 },
		.source_port = 50000,
		.port = 443,
		.proto = SKUA_TCP,
	};
	struct skua_contact_key key;

	memset(&key, 0xff, sizeof(key));
	skua_contact_key_init(&key, &syn, true);
	ok(!memcmp(&key, &wanted, sizeof(key)), "an attempt has a key without loose bytes");
	memset(&key, 0xaa, sizeof(key));
	skua_contact_key_init(&key, &answer, false);
	ok(!memcmp(&key, &wanted, sizeof(key)), "and its answer the same");
}

/* Ports on both sides of the edge of what is well known, by protocol. */
static void test_ports(void)
{
	static const __u16 ports[] = { 0, 1, 1023, 1024, 1025, 65535 };
	bool good = true, echo = false;

	for (unsigned i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		for (unsigned j = 0; j < sizeof(ports) / sizeof(ports[0]); j++) {
			struct skua_packet pkt = { .proto = SKUA_UDP,
						   .sport = ports[i],
						   .dport = ports[j] };

			good &= skua_speaks_as_server(&pkt) == (i < 3 && j >= 3);
			pkt.proto = SKUA_ICMP;
			echo |= skua_speaks_as_server(&pkt);
			pkt.proto = SKUA_ICMPV6;
			echo |= skua_speaks_as_server(&pkt);
		}
	ok(good, "who speaks from below port 1024 to one above is a server");
	ok(!echo, "an echo's identifier is no port");
}

static bool is_multicast(const char *ipv4)
{
	__u8 mapped[16] = { [10] = 0xff, 0xff };
	__u64 address[2];

	memcpy(mapped + 12, ipv4, 4);
	memcpy(address, mapped, sizeof(address));
	return skua_is_multicast(address);
}

static void test_multicast(void)
{
	__u8 group[16] = { 0xff, 2, [15] = 1 };
	__u64 address[2];
	bool good = true;

	ok(is_multicast("\xe0\0\0\0") && is_multicast("\xef\xff\xff\xff") &&
		   !is_multicast("\xdf\xff\xff\xff") && !is_multicast("\xf0\0\0\0"),
	   "groups are from 224.0.0.0 to 239.255.255.255");
	ok(is_multicast("\xff\xff\xff\xff") && !is_multicast("\xff\xff\xff\xfe"),
	   "255.255.255.255 is everybody, its neighbour is not");
	ok(is_multicast("\0\0\0\0") && !is_multicast("\0\0\0\1"), "so is 0.0.0.0");
	for (unsigned first = 0; first < 256; first++) {
		group[0] = first;
		memcpy(address, group, sizeof(address));
		good &= skua_is_multicast(address) == (first == 0xff);
	}
	ok(good, "of IPv6 what begins with ff");
}

int main(void)
{
	test_key();
	test_handshake();
	test_outcomes();
	test_odd();
	test_stray();
	test_midstream();
	test_datagrams();
	test_source();
	test_slot();
	test_source_next();
	test_ports();
	test_multicast();
	return done();
}
