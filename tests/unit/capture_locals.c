// SPDX-License-Identifier: BSD-2-Clause
/* The shared test for our side agrees with the one of addresses, whatever the networks. */
#include <stdlib.h>
#include <string.h>
#include "capture/locals.h"
#include "tap.h"

static const char *const addresses[] = {
	"10.0.0.1",
	"11.0.0.1",
	"172.15.255.255",
	"172.16.0.0",
	"172.31.255.255",
	"172.32.0.0",
	"192.168.9.9",
	"192.169.0.0",
	"127.0.0.1",
	"169.254.1.1",
	"100.63.0.1",
	"100.64.0.1",
	"100.127.0.1",
	"100.128.0.1",
	"8.8.8.8",
	"203.0.113.77",
	"fc00::1",
	"fdff::1",
	"fe00::1",
	"fe80::1",
	"febf::1",
	"fec0::1",
	"::1",
	"::2",
	"2001:db8::1",
	"2001:db8:8000::1",
};
#define ADDRESSES (sizeof(addresses) / sizeof(addresses[0]))

static const char *const networks[] = { "203.0.113.64/27", "2001:db8::/33", "10.0.0.1", "::/1" };
#define NETWORKS (sizeof(networks) / sizeof(networks[0]))

static unsigned disagree(const struct network *of, unsigned count)
{
	struct skua_locals locals;
	unsigned n = 0;

	locals_fill(&locals, of, count);
	for (unsigned i = 0; i < ADDRESSES; i++) {
		struct address address;
		__u64 words[2];

		if (address_parse(&address, addresses[i]))
			abort();
		memcpy(words, address.bytes, sizeof(words));
		n += skua_is_local(words, &locals) != address_is_local(&address, of, count);
	}
	return n;
}

int main(void)
{
	struct network parsed[SKUA_NETWORKS + 1];
	struct skua_locals locals;
	__u64 words[2] = {};
	struct address address;

	for (unsigned i = 0; i < NETWORKS; i++)
		if (network_parse(&parsed[i], networks[i]))
			abort();
	ok(!disagree(NULL, 0), "without networks private addresses are ours, by both");
	for (unsigned i = 1; i <= NETWORKS; i++)
		ok(!disagree(parsed, i), "with networks only theirs are, by both");
	address_parse(&address, "203.0.113.96");
	memcpy(words, address.bytes, sizeof(words));
	locals_fill(&locals, parsed, 1);
	ok(!skua_is_local(words, &locals), "the first address behind a network is not in it");
	for (unsigned i = 0; i <= SKUA_NETWORKS; i++)
		parsed[i] = parsed[0];
	locals_fill(&locals, parsed, SKUA_NETWORKS + 1);
	ok(locals.count == SKUA_NETWORKS, "more than there is room for are cut");
	return done();
}
