// SPDX-License-Identifier: BSD-2-Clause
/* Logarithms, keys, addresses and counters: each number that both engines must agree on. */
#include <math.h>
#include <string.h>
#include "skua/counter.h"
#include "skua/flow_key.h"
#include "skua/local.h"
#include "skua/log2.h"
#include "base/address.h"
#include "tap.h"

static void test_log2(void)
{
	bool exact = true, ordered = true;

	ok(skua_log2_q8(0) == 0 && skua_log2_q8(1) == 0, "of 0 and 1 the logarithm is 0");
	for (unsigned i = 0; i < 64; i++)
		exact &= skua_log2_q8(1ull << i) == 256 * i;
	ok(exact, "of a power of two it is exact");
	for (unsigned i = 8; i < 64; i++)
		exact &= skua_log2_q8((1ull << i) - 1) == 256 * i - 1 - (i == 8);
	ok(exact, "of one less it is a step less");
	ok(skua_log2_q8(3) == 405 && skua_log2_q8(10) == 850 && skua_log2_q8(1000) == 2551 &&
		   skua_log2_q8(1000000007) == 7653 && skua_log2_q8(UINT64_MAX) == 16383,
	   "and of others the 256th below");
	for (unsigned i = 1; i < 100000; i++)
		ordered &= skua_log2_q8(i) <= skua_log2_q8(i + 1) &&
			   skua_log2_q8(i) == (__u32)floor(256 * log2(i) + 1e-9);
	ok(ordered, "up to 100,000 all of them are what mathematics says");
}

/* Each entry of the table, at it and below it. */
static void test_steps(void)
{
	bool at = true, below = true, near = true;

	for (unsigned k = 1; k < SKUA_LOG2_STEPS; k++) {
		at &= skua_log2_q8(skua_log2_steps[k]) == 63 * 256 + k;
		below &= skua_log2_q8(skua_log2_steps[k] - 1) == 63 * 256 + k - 1;
		near &= fabs(skua_log2_steps[k] / (ldexp(1, 63) * exp2(k / 256.0)) - 1) < 1e-14;
	}
	ok(at && below && near, "256 steps of an octave, each where it belongs");
}

static struct skua_packet packet(__u64 from, __u64 to, __u16 sport, __u16 dport)
{
	return (struct skua_packet){ .src = { 5, from },
				     .dst = { 5, to },
				     .sport = sport,
				     .dport = dport,
				     .proto = SKUA_UDP };
}

static void test_keys(void)
{
	struct skua_packet there = packet(1, 2, 1000, 53), back = packet(2, 1, 53, 1000);
	struct skua_packet self = packet(1, 1, 7, 6), same = packet(1, 1, 6, 6);
	struct skua_flow_key key, other;

	memset(&other, 0xff, sizeof(other));
	ok(skua_flow_key_init(&key, &there) == SKUA_LOW &&
		   skua_flow_key_init(&other, &back) == SKUA_HIGH &&
		   !memcmp(&key, &other, sizeof(key)),
	   "both directions have one key, and no byte of it is left as it was");
	ok(key.low[0] == 5 && key.low[1] == 1 && key.high[1] == 2 && key.low_port == 1000 &&
		   key.high_port == 53 && key.proto == SKUA_UDP,
	   "the lower address comes first, with its port");
	ok(skua_flow_key_init(&key, &self) == SKUA_HIGH && key.low_port == 6 && key.high_port == 7,
	   "of one address the lower port does");
	ok(skua_flow_key_init(&key, &same) == SKUA_LOW, "of the same port, too, nobody does");
	ok(skua_other(SKUA_LOW) == SKUA_HIGH && skua_other(SKUA_HIGH) == SKUA_LOW,
	   "the other side of the other side is this one");
}

static void test_before(void)
{
	struct address a, b;

	address_parse(&a, "2001:db8::1");
	address_parse(&b, "2001:db8::100");
	ok(skua_before((__u64 *)&a, (__u64 *)&b) && !skua_before((__u64 *)&b, (__u64 *)&a) &&
		   !skua_before((__u64 *)&a, (__u64 *)&a),
	   "addresses are ordered as they are sent, the first byte first");
	address_parse(&b, "2001:db9::");
	ok(skua_before((__u64 *)&a, (__u64 *)&b) && !skua_before((__u64 *)&b, (__u64 *)&a),
	   "whatever comes behind it");
}

static bool is_private(const char *text)
{
	struct address address;

	address_parse(&address, text);
	return skua_is_private((__u64 *)&address);
}

static void test_private(void)
{
	ok(is_private("10.0.0.0") && is_private("10.255.255.255") && !is_private("9.255.255.255") &&
		   !is_private("11.0.0.0"),
	   "10/8 is ours");
	ok(is_private("172.16.0.0") && is_private("172.31.255.255") && !is_private("172.15.0.1") &&
		   !is_private("172.32.0.0"),
	   "172.16/12 is");
	ok(is_private("192.168.0.0") && is_private("192.168.255.1") && !is_private("192.167.0.1") &&
		   !is_private("192.169.0.1"),
	   "192.168/16 is");
	ok(is_private("169.254.0.1") && !is_private("169.253.0.1") && is_private("127.0.0.1") &&
		   !is_private("126.0.0.1") && !is_private("128.0.0.1"),
	   "169.254/16 and 127/8 are");
	ok(is_private("100.64.0.0") && is_private("100.127.255.255") && !is_private("100.63.0.1") &&
		   !is_private("100.128.0.0"),
	   "100.64/10 is");
	ok(is_private("fc00::1") && is_private("fdff::1") && !is_private("fbff::1") &&
		   !is_private("fe00::1"),
	   "fc00::/7 is");
	ok(is_private("fe80::1") && is_private("febf::1") && !is_private("fe7f::1") &&
		   !is_private("fec0::1"),
	   "fe80::/10 is");
	ok(is_private("::1") && !is_private("::2") && !is_private("::") &&
		   !is_private("2001:db8::1") && !is_private("64:ff9b::a00:1"),
	   "::1 is, and nothing beside it");
}

static struct skua_locals locals;

static void add_local(const char *text, __u64 mask_high, __u64 mask_low)
{
	struct skua_network *network = &locals.networks[locals.count++];
	struct address address;

	address_parse(&address, text);
	memcpy(network->address, &address, 16);
	network->mask[0] = mask_high;
	network->mask[1] = mask_low;
}

static bool is_local(const char *text)
{
	struct address address;

	address_parse(&address, text);
	return skua_is_local((__u64 *)&address, &locals);
}

static void test_locals(void)
{
	ok(is_local("10.0.0.1") && !is_local("192.0.2.1"),
	   "where nothing is named, what is private");
	add_local("2001:db8::", UINT64_MAX, 0);
	ok(is_local("2001:db8::ffff") && !is_local("2001:db8:0:1::ffff") && !is_local("10.0.0.1"),
	   "else what is named, and nothing more");
	add_local("192.0.2.1", UINT64_MAX, UINT64_MAX);
	add_local("192.0.2.2", UINT64_MAX, UINT64_MAX);
	locals.count--;
	ok(is_local("192.0.2.1") && !is_local("192.0.2.2") && !is_local("::"),
	   "what lies behind the last one is not looked at");
	while (locals.count < SKUA_NETWORKS)
		add_local("192.0.2.3", UINT64_MAX, UINT64_MAX);
	ok(is_local("192.0.2.3") && !is_local("192.0.2.4"), "32 of them fit");
}

static void test_ignored(void)
{
	static const struct {
		__u16 ethertype;
		__u32 counter;
	} rows[] = {
		{ 0x0806, SKUA_COUNT_ARP },
		{ 0x88cc, SKUA_COUNT_LLDP },
		{ 0x888e, SKUA_COUNT_EAPOL },
		{ 1535, SKUA_COUNT_LENGTH },
		{ 38, SKUA_COUNT_LENGTH },
		{ 1536, SKUA_COUNT_VERDICT + SKUA_IGNORED },
		{ 0x88cd, SKUA_COUNT_VERDICT + SKUA_IGNORED },
	};
	bool good = true;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct skua_packet pkt = { .ethertype = rows[i].ethertype };

		good &= skua_count_ignored(&pkt) == rows[i].counter;
	}
	ok(good, "what is no IP is counted by what it is; 1,536 is a type, 1,535 a length");
}

int main(void)
{
	test_log2();
	test_steps();
	test_keys();
	test_before();
	test_private();
	test_locals();
	test_ignored();
	return done();
}
