// SPDX-License-Identifier: BSD-2-Clause
/* In which order a scan tries its targets and ports, without memory of what it has tried. */
#include "order.h"

#define GROUP 16 /* hosts of a block: scanners finish a group before the next */
#define ROUNDS 4 /* of the cipher; enough for balance, which is all that is asked of it */

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* The step-th of total in an order that looks random at a glance. */
static uint64_t stride(uint64_t step, uint64_t total)
{
	uint64_t by = total * 5 / 13 + 1;

	while (common_divisor(by, total) != 1)
		by++;
	return (step * by + total / 3) % total;
}

/* A Feistel network over 2 x bits; a permutation of all below 2^(2 x bits). */
static uint64_t encipher(uint64_t value, unsigned bits, uint64_t seed)
{
	uint64_t mask = (1ull << bits) - 1, left = value >> bits, right = value & mask;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct draw key = draw_from(seed + i, right);
		uint64_t next = left ^ (draw_next(&key) & mask);

		left = right;
		right = next;
	}
	return left << bits | right;
}

/* Walks the cipher's cycle until it is below total, as format-preserving ciphers do. */
static uint64_t permute(uint64_t step, uint64_t total, uint64_t seed)
{
	unsigned bits = 1;

	while (1ull << 2 * bits < total)
		bits++;
	do
		step = encipher(step, bits, seed);
	while (step >= total);
	return step;
}

static struct order_at by_target(uint64_t index, uint64_t ports)
{
	return (struct order_at){ index / ports, index % ports };
}

static struct order_at by_block(uint64_t step, uint64_t targets, uint64_t ports)
{
	uint64_t first = step / (GROUP * ports) * GROUP, within = step % (GROUP * ports);
	uint64_t hosts = targets - first < GROUP ? targets - first : GROUP;

	return (struct order_at){ first + within % hosts, within / hosts };
}

struct order_at order_at(enum order order, uint64_t step, uint64_t targets, uint64_t ports,
			 uint64_t seed)
{
	switch (order) {
	case ORDER_SEQUENTIAL:
		return by_target(step, ports);
	case ORDER_INTERLEAVED:
		return (struct order_at){ step % targets, step / targets };
	case ORDER_BLOCK:
		return by_block(step, targets, ports);
	case ORDER_MASSCAN:
		return by_target(permute(step, targets * ports, seed), ports);
	case ORDER_RANDOM:
		break;
	}
	return by_target(stride(step, targets * ports), ports);
}
