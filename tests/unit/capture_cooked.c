// SPDX-License-Identifier: BSD-2-Clause
/* Cooked frames of all interfaces: whose, which way, how long, and what the kernel lets through. */
#include <stdlib.h>
#include <string.h>
#include "capture/cooked.h"
#include "tap.h"

#define SNAPLEN 3506

/* protocol, reserved, ifindex, hardware, packet type, address length and address */
static const uint8_t outgoing[COOKED_HEADER] = { 0x08, 0, 0, 0, 0, 0, 1, 7, 0, 1, 4, 6 };

static struct cooked of(unsigned hardware, uint8_t type, uint32_t length)
{
	struct cooked cooked = {};
	uint8_t bytes[COOKED_HEADER];

	memcpy(bytes, outgoing, sizeof(bytes));
	bytes[8] = (uint8_t)(hardware >> 8);
	bytes[9] = (uint8_t)hardware;
	bytes[10] = type;
	cooked_read(&cooked, bytes, sizeof(bytes), length);
	return cooked;
}

static void test_header(void)
{
	struct cooked cooked = {};

	ok(cooked_read(&cooked, outgoing, COOKED_HEADER, 60) && cooked.ifindex == 0x107 &&
		   cooked.outgoing && cooked.followed,
	   "interface and direction are those of the header");
	ok(!cooked_read(&cooked, outgoing, COOKED_HEADER - 1, 60),
	   "a frame without a whole header is refused");
	ok(!cooked_read(&cooked, outgoing, COOKED_HEADER, COOKED_HEADER - 1),
	   "one that says to be shorter than that too");
	ok(of(1, 4, 60).length == 54 && of(772, 0, 60).length == 54,
	   "on Ethernet and loopback the wire has a header of 14 bytes instead");
	ok(of(65534, 4, 60).length == 40, "on a tun device it has none");
	ok(!of(1, 0, 60).outgoing && !of(1, 1, 60).outgoing && !of(1, 2, 60).outgoing &&
		   !of(1, 3, 60).outgoing,
	   "unicast, broadcast, multicast and what is for others are received");
	ok(!of(824, 0, 60).followed && !of(803, 0, 60).followed,
	   "netlink and radio frames are not followed");
}

static void test_origin(void)
{
	struct cooked out = { .outgoing = true }, in = { .outgoing = false };

	ok(cooked_origin(&out, SKUA_ROLE_UPLINK) == SKUA_OURS &&
		   cooked_origin(&in, SKUA_ROLE_UPLINK) == SKUA_THEIRS,
	   "through an uplink goes what is ours");
	ok(cooked_origin(&out, SKUA_ROLE_WORKLOAD) == SKUA_THEIRS &&
		   cooked_origin(&in, SKUA_ROLE_WORKLOAD) == SKUA_OURS,
	   "from a workload comes what is ours");
	ok(cooked_origin(&out, SKUA_ROLE_TAP) == -1 && cooked_origin(&in, SKUA_ROLE_TAP) == -1,
	   "at a tap the addresses tell");
}

/* What the kernel does with the three instructions that are used; -1: it would refuse to load. */
static int64_t passes(const struct sock_filter *code, unsigned n, uint32_t ifindex)
{
	uint32_t a = 0;

	for (unsigned i = 0; i < n; i++) {
		switch (code[i].code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (code[i].k != (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX))
				return -1;
			a = ifindex;
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			i += a == code[i].k ? code[i].jt : code[i].jf;
			break;
		case BPF_RET | BPF_K:
			return code[i].k;
		default:
			return -1;
		}
	}
	return -1;
}

/* True: exactly the interfaces 10, 12, ... pass. */
static bool exact(size_t count)
{
	struct cooked_interface interfaces[COOKED_PROGRAM_INTERFACES];
	struct sock_filter code[COOKED_PROGRAM];
	unsigned n;

	for (size_t i = 0; i < count; i++)
		interfaces[i].ifindex = 10 + 2 * (uint32_t)i;
	n = cooked_program(code, interfaces, count, SNAPLEN);
	for (uint32_t ifindex = 0; ifindex < 400; ifindex++) {
		bool wanted = ifindex >= 10 && ifindex % 2 == 0 && ifindex < 10 + 2 * count;

		if (passes(code, n, ifindex) != (wanted ? SNAPLEN : 0))
			return false;
	}
	return true;
}

static void test_program(void)
{
	static struct cooked_interface many[COOKED_PROGRAM_INTERFACES + 1];
	struct sock_filter code[COOKED_PROGRAM];
	unsigned n;

	ok(exact(1) && exact(2) && exact(77),
	   "the kernel lets through exactly the interfaces told");
	ok(exact(COOKED_PROGRAM_INTERFACES), "also as many as a filter may have");
	ok(exact(0), "of no interface nothing");
	n = cooked_program(code, many, COOKED_PROGRAM_INTERFACES + 1, SNAPLEN);
	ok(n == 1 && passes(code, n, 5) == SNAPLEN, "beyond that it lets everything through");
}

static void test_find(void)
{
	struct cooked_interface interfaces[] = { { 9, SKUA_ROLE_TAP },
						 { 0x80000001, SKUA_ROLE_UPLINK },
						 { 2, SKUA_ROLE_WORKLOAD } };
	const struct cooked_interface *found;

	cooked_sort(interfaces, 3);
	found = cooked_find(interfaces, 3, 9);
	ok(found && found->role == SKUA_ROLE_TAP && cooked_find(interfaces, 3, 2) == interfaces &&
		   cooked_find(interfaces, 3, 0x80000001) == interfaces + 2,
	   "interfaces are found by their number");
	ok(!cooked_find(interfaces, 3, 3) && !cooked_find(NULL, 0, 3), "others are not");
}

int main(void)
{
	test_header();
	test_origin();
	test_program();
	test_find();
	return done();
}
