// SPDX-License-Identifier: BSD-2-Clause
/* Addresses read, written and compared; which are inside, which are nobody's, up to the borders. */
#include <errno.h>
#include <string.h>
#include "skua/contact.h"
#include "base/address.h"
#include "tap.h"

static struct address parse(const char *text)
{
	struct address address = {};

	if (address_parse(&address, text))
		printf("# not an address: %s\n", text);
	return address;
}

static bool reads(const char *text, const char *wanted)
{
	struct address address = parse(text);
	char got[ADDRESS_TEXT];

	return !strcmp(address_format(&address, got), wanted);
}

static void test_text(void)
{
	struct address mapped = parse("::ffff:10.0.0.1"), plain = parse("10.0.0.1");
	struct address other = parse("10.0.0.2");
	static const uint8_t wanted[16] = { [10] = 0xff, 0xff, 10, 0, 0, 1 };
	unsigned char odd[17] = {};
	struct address copy;

	ok(!memcmp(plain.bytes, wanted, 16), "IPv4 is kept v4-mapped");
	ok(address_equal(&mapped, &plain) && !address_equal(&plain, &other),
	   "written either way it is the same address");
	ok(reads("::ffff:10.0.0.1", "10.0.0.1"), "and is written with dots");
	ok(reads("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), "IPv6 is written as RFC 5952 wants it");
	ok(reads("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
	   "the longest address fits its text");
	memcpy(odd + 1, plain.bytes, 16);
	copy = address_from(odd + 1);
	ok(address_equal(&copy, &plain), "bytes that are not aligned are read alike");
}

static void test_refused(void)
{
	static const char *const wrong[] = { "",          "10.0.0",   "10.0.0.256", "10.0.0.1 ",
					     "2001:db8",  "1::2::3",  "host.name",  "10.0.0.1/8",
					     "::10.0.0.", "10,0,0,1", "0x0a000001", "::fffff" };
	struct address address = parse("192.0.2.7"), before = address;
	bool refused = true;

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		bool good = address_parse(&address, wrong[i]) == -EINVAL;

		if (!good)
			printf("# taken: '%s'\n", wrong[i]);
		refused &= good;
	}
	ok(refused, "what is no address is refused");
	ok(address_equal(&address, &before), "and nothing is written then");
}

static void test_version(void)
{
	struct address ipv4 = parse("::ffff:0.0.0.0"), low = parse("::fffe:1.2.3.4");
	struct address high = parse("0:0:0:0:1:ffff:102:304"), old = parse("::1.2.3.4");

	ok(address_is_ipv4(&ipv4), "::ffff:0:0/96 is IPv4");
	ok(!address_is_ipv4(&low) && !address_is_ipv4(&high) && !address_is_ipv4(&old),
	   "and nothing beside it");
}

struct border {
	const char *text;
	bool inside;
};

static bool hold(const struct border *borders, unsigned count,
		 bool (*question)(const struct address *address))
{
	bool all = true;

	for (unsigned i = 0; i < count; i++) {
		struct address address = parse(borders[i].text);
		bool good = question(&address) == borders[i].inside;

		if (!good)
			printf("# wrong: %s\n", borders[i].text);
		all &= good;
	}
	return all;
}

#define HOLD(borders, question) hold(borders, sizeof(borders) / sizeof((borders)[0]), question)

static void test_private(void)
{
	static const struct border ipv4[] = {
		{ "9.255.255.255", false },   { "10.0.0.0", true },
		{ "10.255.255.255", true },   { "11.0.0.0", false },
		{ "100.63.255.255", false },  { "100.64.0.0", true },
		{ "100.127.255.255", true },  { "100.128.0.0", false },
		{ "126.255.255.255", false }, { "127.0.0.0", true },
		{ "127.255.255.255", true },  { "128.0.0.0", false },
		{ "169.253.255.255", false }, { "169.254.0.0", true },
		{ "169.254.255.255", true },  { "169.255.0.0", false },
		{ "172.15.255.255", false },  { "172.16.0.0", true },
		{ "172.31.255.255", true },   { "172.32.0.0", false },
		{ "192.167.255.255", false }, { "192.168.0.0", true },
		{ "192.168.255.255", true },  { "192.169.0.0", false },
		{ "0.0.0.0", false },         { "8.8.8.8", false },
	};
	static const struct border ipv6[] = {
		{ "fbff:ffff::", false }, { "fc00::", true },       { "fdff:ffff::1", true },
		{ "fe00::", false },      { "fe7f:ffff::", false }, { "fe80::", true },
		{ "febf:ffff::", true },  { "fec0::", false },      { "::1", true },
		{ "::", false },          { "::2", false },         { "::10.0.0.1", false },
		{ "1::1", false },        { "2001:db8::1", false },
	};

	ok(HOLD(ipv4, address_is_private),
	   "inside are RFC 1918, loopback, link-local and shared addresses, to the last one");
	ok(HOLD(ipv6, address_is_private),
	   "of IPv6 the unique-local, link-local and loopback ones");
}

static bool packet_path_says(const struct address *address)
{
	__u64 words[2];

	memcpy(words, address->bytes, sizeof(words));
	return skua_is_multicast(words);
}

static void test_multicast(void)
{
	static const struct border borders[] = {
		{ "223.255.255.255", false },
		{ "224.0.0.0", true },
		{ "239.255.255.255", true },
		{ "240.0.0.0", false },
		{ "255.255.255.254", false },
		{ "255.255.255.255", true },
		{ "0.0.0.0", true },
		{ "0.0.0.1", false },
		{ "1.0.0.0", false },
		{ "feff:ffff::", false },
		{ "ff00::", true },
		{ "ff02::1", true },
		{ "::", false },
		{ "::224.0.0.1", false },
	};

	ok(HOLD(borders, address_is_multicast),
	   "224/4, the two broadcasts and ff00::/8 are nobody's own, their neighbours are");
	ok(HOLD(borders, packet_path_says), "the packet path says the same of each");
}

static bool within(const char *network_text, const char *text)
{
	struct address address = parse(text);
	struct network network = {};

	if (network_parse(&network, network_text))
		printf("# not a network: %s\n", network_text);
	return network_contains(&network, &address);
}

static void test_contains(void)
{
	ok(within("10.0.0.0/8", "10.255.255.255") && !within("10.0.0.0/8", "11.0.0.0"),
	   "a prefix of whole octets ends where it says");
	ok(within("192.0.2.128/25", "192.0.2.128") && !within("192.0.2.128/25", "192.0.2.127"),
	   "one bit more halves it");
	ok(within("192.0.2.4/31", "192.0.2.5") && !within("192.0.2.4/31", "192.0.2.6"),
	   "so does one bit less than all");
	ok(within("192.0.2.4", "192.0.2.4") && !within("192.0.2.4", "192.0.2.5"),
	   "without a prefix it is one address");
	ok(within("10.1.2.3/8", "10.200.0.1"), "bits behind the prefix do not matter");
	ok(within("0.0.0.0/0", "203.0.113.9") && !within("0.0.0.0/0", "2001:db8::1"),
	   "0.0.0.0/0 is all of IPv4, and nothing else");
	ok(within("::/0", "2001:db8::1") && within("::/0", "10.0.0.1"), "::/0 is everything");
	ok(within("2001:db8::/33", "2001:db8:7fff::1") &&
		   !within("2001:db8::/33", "2001:db8:8000::"),
	   "prefixes of IPv6 end within octets, too");
	ok(within("2001:db8::1/128", "2001:db8::1") && !within("2001:db8::1/128", "2001:db8::"),
	   "and go up to 128");
}

static void test_local(void)
{
	struct network ours[2];
	struct address first, second, private, public;

	network_parse(&ours[0], "192.0.2.0/24");
	network_parse(&ours[1], "2001:db8::/32");
	address_parse(&first, "192.0.2.9");
	address_parse(&second, "2001:db8::9");
	address_parse(&private, "10.0.0.9");
	address_parse(&public, "198.51.100.9");
	ok(networks_contain(ours, 2, &first) && networks_contain(ours, 2, &second) &&
		   !networks_contain(ours, 1, &second) && !networks_contain(ours, 0, &first),
	   "of the networks told each counts, and none of them is none");
	ok(address_is_local(&first, ours, 2) && !address_is_local(&private, ours, 2),
	   "told which networks are ours, a private address is not");
	ok(address_is_local(&private, NULL, 0) && !address_is_local(&public, NULL, 0),
	   "told none, the private ones are");
}

static void test_network_refused(void)
{
	static const char *const wrong[] = {
		"10.0.0.0/33",
		"10.0.0.0/",
		"10.0.0.0/-1",
		"10.0.0.0/8x",
		"10.0.0.0/8/8",
		"/8",
		"",
		"2001:db8::/129",
		"::ffff:10.0.0.0/33",
		"10.0.0.0/ 8",
		"10.0.0.0/+8",
		"10.0.0.0/-18446744073709551608",
		"10.0.0.0/18446744073709551624",
		"10.0.0.0 /8",
		"00000000000000000000000000000000000000000000000000/8",
	};
	struct network network = { .prefix = 77 };
	bool refused = true;

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		bool good = network_parse(&network, wrong[i]) == -EINVAL;

		if (!good)
			printf("# taken: '%s'\n", wrong[i]);
		refused &= good;
	}
	ok(refused, "a prefix is a number in digits, no longer than the address");
	ok(network.prefix == 77, "and a network that is refused writes nothing");
}

int main(void)
{
	test_text();
	test_refused();
	test_version();
	test_private();
	test_multicast();
	test_contains();
	test_local();
	test_network_refused();
	return done();
}
