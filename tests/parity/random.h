/* SPDX-License-Identifier: BSD-2-Clause */
/* Random frames that make conversations: seeded, the same on every machine. */
#ifndef PARITY_RANDOM_H
#define PARITY_RANDOM_H

#include <string.h>
#include "skua/network.h"
#include "capture/engine.h"
#include "frames.h"

struct random {
	__u64 state;
	__u64 now_ns;
};

static inline void random_init(struct random *random, __u64 seed)
{
	random->state = seed;
	random->now_ns = 10 * SKUA_SECOND_NS;
}

/* xorshift64* (Vigna 2016) */
static inline __u32 random_next(struct random *random)
{
	random->state ^= random->state >> 12;
	random->state ^= random->state << 25;
	random->state ^= random->state >> 27;
	return random->state * 0x2545f4914f6cdd1dull >> 32;
}

/* A segment between few hosts with few numbers, so that chance makes handshakes. */
static inline unsigned random_segment(struct random *random, unsigned char *bytes)
{
	static const unsigned char flags[] = { SKUA_SYN,
					       SKUA_SYN | SKUA_ACK,
					       SKUA_ACK,
					       SKUA_ACK,
					       SKUA_ACK | SKUA_PSH,
					       SKUA_ACK | SKUA_FIN,
					       SKUA_RST,
					       SKUA_FIN,
					       0,
					       SKUA_FIN | SKUA_PSH | SKUA_URG };
	unsigned n = frame_bytes(bytes, ETH "0800" IP4("0030", "06") TCP_SYN BYTES4 BYTES4);
	bool back = random_next(random) & 1;
	unsigned char *seq = bytes + 34 + 4;

	if (back) {
		memcpy(bytes + 26, "\x0a\0\0\x02\x0a\0\0\x01", 8);
		memcpy(bytes + 34, "\x01\xbb\xc0\x01", 4);
	}
	bytes[34 + (back ? 3 : 1)] = random_next(random) % 8 ? 1 : random_next(random);
	seq[3] = (back ? 50 : 100) + random_next(random) % 3;
	seq[7] = (back ? 100 : 50) + random_next(random) % 3;
	bytes[34 + 13] = flags[random_next(random) % sizeof(flags)];
	if (bytes[34 + 13] & SKUA_SYN || random_next(random) & 1)
		bytes[17] = 40; /* no payload: what follows is padding */
	return n;
}

/* Datagrams, questions and errors between the same few hosts. */
static inline unsigned random_datagram(struct random *random, unsigned char *bytes)
{
	static const char *const kinds[] = {
		ETH "0800" IP4("0020", "11") UDP("000c") BYTES4,
		ETH "0800" IP4("0020", "01") "0800 0000 0007 0001" BYTES4,
		ETH "0800" IP4("0020", "01") "0000 0000 0007 0001" BYTES4,
		ETH "0800" IP4("003d", "11") "1000 0035 0029 0000" DNS_QUERY,
		ETH "0800" IP4("0038", "01") "0303 0000 00000000" IP4("0030",
								      "06") "c001 01bb 00000064",
		ETH "0800" IP4("0038", "01") "0303 0000 00000000" IP4("0020", "11") UDP("000c"),
		ETH "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002",
	};
	unsigned n = frame_bytes(bytes, kinds[random_next(random) % 7]);

	if (random_next(random) & 1) { /* the other way */
		unsigned char swap[4];

		memcpy(swap, bytes + 26, 4);
		memcpy(bytes + 26, bytes + 30, 4);
		memcpy(bytes + 30, swap, 4);
		memcpy(swap, bytes + 34, 2);
		memmove(bytes + 34, bytes + 36, 2);
		memcpy(bytes + 36, swap, 2);
	}
	return n;
}

static inline unsigned random_mutant(struct random *random, struct engine_frame *frame,
				     unsigned char *bytes)
{
	const struct frame *f = &frames[random_next(random) % FRAMES];
	unsigned n = frame_bytes(bytes, f->hex);

	frame->link = f->link;
	frame->length = n + f->beyond;
	if (!n)
		return 0;
	for (unsigned i = random_next(random) % 5; i; i--) {
		unsigned at = random_next(random) % n;

		bytes[at] = random_next(random) & 1 ? random_next(random)
						    : bytes[at] ^ 1u << random_next(random) % 8;
	}
	if (!(random_next(random) % 4))
		n = 1 + random_next(random) % n;
	return n;
}

/* What is armed by chance, and until when: the pair of the few hosts, one of them, or nobody. */
static inline __u64 random_arm(struct random *random, struct skua_armed_key *key)
{
	static const unsigned char hosts[3][4] = { { 10, 0, 0, 1 },
						   { 10, 0, 0, 2 },
						   { 9, 9, 9, 9 } };
	__u64 addresses[2][2];

	for (int i = 0; i < 2; i++)
		skua_map_ipv4(addresses[i], hosts[random_next(random) % 3]);
	if (random_next(random) & 1)
		skua_armed_pair(key, addresses[0], addresses[1]);
	else
		skua_armed_host(key, addresses[0]);
	return random_next(random) % 4 ? random->now_ns + random_next(random) % 3 * SKUA_SECOND_NS
				       : 0;
}

static inline void random_frame(struct random *random, struct engine_frame *frame,
				unsigned char *bytes)
{
	__u32 kind = random_next(random) % 8;

	frame->link = SKUA_LINK_ETHERNET;
	if (kind < 3)
		frame->length = frame->captured = random_segment(random, bytes);
	else if (kind < 4)
		frame->length = frame->captured = random_datagram(random, bytes);
	else
		frame->captured = random_mutant(random, frame, bytes);
	random->now_ns += random_next(random) % 4 ? random_next(random) % SKUA_MS_NS
						  : random_next(random) % 3 * (SKUA_SECOND_NS / 2);
	frame->time_ns = random->now_ns;
	if (!(random_next(random) % 32)) /* clocks step back */
		frame->time_ns -= random_next(random) % 6 * (SKUA_SECOND_NS / 2);
	frame->ifindex = random_next(random) % 16 ? 1 : 2;
	frame->origin = random_next(random) % 3;
}

#endif /* PARITY_RANDOM_H */
