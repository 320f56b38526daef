// SPDX-License-Identifier: BSD-2-Clause
/* Frames without payload, with other addresses: what stays, what goes, checksums that still hold.
 */
#include <assert.h>
#include <sodium.h>
#include <string.h>
#include "record/scrub.h"
#include "record_frames.h"
#include "tap.h"

static struct anonymizer *anonymizer;

static uint32_t redact(const struct build *b)
{
	const struct scrub scrub = { 0 };
	uint8_t bytes[BUILD_MAX];
	uint32_t keep;

	memcpy(bytes, b->at, b->size);
	keep = scrub_frame(&scrub, bytes, b->size, b->size, 0);
	return memcmp(bytes, b->at, b->size) ? UINT32_MAX : keep;
}

/* In place; its payload stays when keep is set. */
static uint32_t anonymize(struct build *b, bool keep)
{
	const struct scrub scrub = { .anonymizer = anonymizer, .keep_payload = keep };

	return scrub_frame(&scrub, b->at, b->size, b->size, 0);
}

static bool holds(const struct build *b, uint32_t size, const void *what, size_t length)
{
	return memmem(b->at, size, what, length) != NULL;
}

static void test_payload(void)
{
	struct build b;

	begin_ipv4(&b, 6);
	put_tcp(&b, 12);
	put_text(&b, "GET / HTTP/1.1");
	end_ipv4(&b);
	ok(redact(&b) == 14 + 20 + 32, "TCP is cut behind its options");
	begin_ipv4(&b, 17);
	put_udp(&b, 53);
	put_text(&b, "secret.example");
	end_ipv4(&b);
	ok(redact(&b) == 14 + 20 + 8, "UDP is cut behind its header, DNS or not");
	begin_ipv4(&b, 1);
	put_icmp(&b, 8);
	put_text(&b, "a tunnel in pings");
	end_ipv4(&b);
	ok(redact(&b) == 14 + 20 + 8, "a ping is cut behind its header");
	begin_ipv4(&b, 89);
	put_text(&b, "OSPF");
	end_ipv4(&b);
	ok(redact(&b) == 14 + 20, "what has no ports is cut behind the IP header");
	begin_ipv6(&b, 58);
	put_icmp(&b, 128);
	put_text(&b, "ping");
	end_ipv6(&b);
	ok(redact(&b) == 14 + 40 + 8, "IPv6 likewise");
	begin_ethernet(&b, 0x88cc);
	put_text(&b, "LLDP tells a host's name");
	ok(redact(&b) == 14, "what is no IP is cut behind the link header");
	ok(anonymize(&b, true) == 14, "in any case, where addresses are to go");
	begin_ethernet(&b, 0x0806);
	put_arp(&b);
	put_text(&b, "padding that leaks");
	ok(redact(&b) == 14 + 28, "ARP loses its padding");
}

static void test_tunnel(void)
{
	struct build b;

	begin_vxlan(&b);
	put_text(&b, "inside");
	end_vxlan(&b);
	ok(redact(&b) == b.size - 6, "one tunnel deep the inner headers stay");
	ok(anonymize(&b, true) == b.size, "and with it all, if it is to stay");
	ok(!holds(&b, b.size, source4, 4) && !holds(&b, b.size, target4, 4) &&
		   !holds(&b, b.size, host_mac, 6),
	   "no address is left, inside or outside");
	ok(ipv4_holds(&b, 14) && ipv4_holds(&b, VXLAN_INNER), "checksums hold, inside and outside");
}

static void test_addresses(void)
{
	struct build b, before;

	begin_ipv4(&b, 6);
	put_tcp(&b, 12);
	put_text(&b, "payload that stays");
	end_ipv4(&b);
	before = b;
	ok(ipv4_holds(&b, 14) && anonymize(&b, true) == b.size, "a TCP segment is rewritten");
	ok(ipv4_holds(&b, 14), "its checksums hold");
	ok(!holds(&b, b.size, source4, 4) && !holds(&b, b.size, target4, 4) &&
		   !holds(&b, b.size, host_mac, 6),
	   "its addresses are others");
	ok(!memcmp(b.at + 14, before.at + 14, 10) && !memcmp(b.at + 34, before.at + 34, 16) &&
		   !memcmp(b.at + 52, before.at + 52, b.size - 52),
	   "nothing else is");
	b = before;
	ok(anonymize(&b, false) == 14 + 20 + 32, "unless told otherwise its payload goes");
	begin_ipv6(&b, 17);
	put_udp(&b, 5000);
	put_text(&b, "odd");
	end_ipv6(&b);
	ok(anonymize(&b, true) == b.size && ipv6_holds(&b, 14) && !holds(&b, b.size, source6, 16) &&
		   !holds(&b, b.size, target6, 16),
	   "IPv6 and UDP of an odd length likewise");
	begin_ipv4(&b, 17);
	put_udp(&b, 5000);
	end_ipv4(&b);
	memset(b.at + 40, 0, 2);
	anonymize(&b, true);
	ok(!b.at[40] && !b.at[41], "a datagram without a checksum gets none");
	begin_ethernet(&b, 0x0806);
	put_arp(&b);
	ok(anonymize(&b, false) == 14 + 28 && !holds(&b, b.size, source4, 4) &&
		   !holds(&b, b.size, target4, 4) && !holds(&b, b.size, host_mac, 6),
	   "ARP tells none");
}

static void test_quotes(void)
{
	struct build b;

	begin_ipv4(&b, 1);
	put_icmp(&b, 3);
	put_quote4(&b);
	put_text(&b, "payload of the quote");
	end_ipv4(&b);
	ok(redact(&b) == 14 + 20 + 8 + 20 + 8, "a quote is cut behind its ports");
	ok(anonymize(&b, true) == b.size && ipv4_holds(&b, 14) && header_holds(&b, 42),
	   "checksums of an error and of what it quotes hold");
	ok(!holds(&b, b.size, source4, 4) && !holds(&b, b.size, target4, 4),
	   "a quote tells no address");
	begin_ipv4(&b, 1);
	put_icmp(&b, 5);
	memcpy(b.at + b.size - 4, source4, 4);
	put_quote4(&b);
	end_ipv4(&b);
	anonymize(&b, true);
	ok(ipv4_holds(&b, 14) && !holds(&b, b.size, source4, 4), "nor does a redirect");
	begin_ipv6(&b, 58);
	put_icmp(&b, 135);
	put(&b, target6, 16);
	put(&b, "\x01\x01", 2);
	put(&b, host_mac, 6);
	put_text(&b, "\x0f\x01nonce.");
	end_ipv6(&b);
	ok(anonymize(&b, false) == 14 + 40 + 8 + 16 + 8 && !holds(&b, b.size, target6, 16) &&
		   !holds(&b, b.size, host_mac, 6) && ipv6_holds(&b, 14),
	   "nor does a neighbour solicitation, whose target and link address stay in their place");
	begin_ipv6(&b, 58);
	put_icmp(&b, 134);
	put(&b, target6, 16);
	end_ipv6(&b);
	ok(anonymize(&b, true) == 14 + 40 + 8, "a router advertisement is cut in any case");
}

static void test_options(void)
{
	struct build b;
	static const uint8_t route[8] = { 7, 7, 4, 10, 9, 0, 5, 0 };
	static const uint8_t multipath[8] = { 30, 8, 0x30, 1, 10, 9, 0, 5 };

	begin_ipv4(&b, 6);
	put(&b, route, sizeof(route));
	b.at[14] = 0x47;
	b.transport += sizeof(route);
	put_tcp(&b, 8);
	memcpy(b.at + b.size - 8, multipath, sizeof(multipath));
	end_ipv4(&b);
	ok(ipv4_holds(&b, 14) && anonymize(&b, true) == b.size && ipv4_holds(&b, 14),
	   "checksums hold where options are blanked");
	ok(!holds(&b, b.size, source4, 4),
	   "neither a recorded route nor multipath TCP tells an address");
	begin_ipv4(&b, 6);
	put_tcp(&b, 12);
	memcpy(b.at + b.size - 12, "\x01\x01\x08\x0atimestam", 12);
	end_ipv4(&b);
	anonymize(&b, true);
	ok(holds(&b, b.size, "\x01\x01\x08\x0atimestam", 12), "a timestamp stays");
	begin_ipv6(&b, 43);
	put(&b, "\x3a\x02\x00\x01\0\0\0\0", 8);
	put(&b, source6, 16);
	b.transport += 24;
	put_icmp(&b, 128);
	end_ipv6(&b);
	ok(anonymize(&b, true) == b.size && !holds(&b, b.size, source6, 16) && b.at[54] == 0x3a,
	   "a routing header tells none");
}

/* A chain of extension headers with an address in each; kept tells how many bytes stay of each. */
static bool chain_is_blanked(const uint8_t *kinds, const uint8_t *kept, unsigned count)
{
	static const uint8_t zeros[16];
	struct build b, before;

	begin_ipv6(&b, kinds[0]);
	b.proto = 58;
	for (unsigned i = 0; i < count; i++) {
		/* In units of eight bytes beyond the first; an authentication header counts
		 * otherwise. */
		uint8_t units = kinds[i] == 44 ? 0 : kinds[i] == 51 ? 4 : 2;

		put(&b, (uint8_t[]){ i + 1 < count ? kinds[i + 1] : 58, units, 0, 1 }, 4);
		put(&b, "host", 4);
		if (kinds[i] != 44)
			put(&b, source6, 16);
	}
	b.transport = b.size;
	put_icmp(&b, 128);
	put_text(&b, "payload");
	end_ipv6(&b);
	before = b;
	if (anonymize(&b, true) != b.size || transport_sum(&b, b.ip, b.transport, 58) != 0xffff ||
	    memcmp(b.at + b.transport + 4, before.at + b.transport + 4, b.size - b.transport - 4))
		return false;
	for (unsigned i = 0, at = b.ip + 40; i < count; i++) {
		unsigned size = kinds[i] == 44 ? 8 : 24;

		if (memcmp(b.at + at, before.at + at, kept[i]) ||
		    memcmp(b.at + at + kept[i], zeros, size - kept[i] < 16 ? size - kept[i] : 16))
			return false;
		at += size;
	}
	return true;
}

static void test_extensions(void)
{
	static const uint8_t kinds[] = { 0, 60, 135, 139, 140 };
	bool good = true;

	for (unsigned i = 0; i < sizeof(kinds); i++)
		good &= chain_is_blanked(&kinds[i], (uint8_t[]){ 2 }, 1);
	ok(good, "an extension header keeps its kind and length alone");
	ok(chain_is_blanked((uint8_t[]){ 44 }, (uint8_t[]){ 8 }, 1), "a fragment's is kept");
	ok(chain_is_blanked((uint8_t[]){ 51 }, (uint8_t[]){ 24 }, 1), "so is an authentication's");
	ok(chain_is_blanked((uint8_t[]){ 0, 60, 43, 44, 51, 60 }, (uint8_t[]){ 2, 2, 4, 8, 24, 2 },
			    6),
	   "in a chain each is treated as its kind is");
}

static void test_cut(void)
{
	const struct scrub hide = { .anonymizer = anonymizer, .keep_payload = true };
	const struct scrub shorten = { 0 };
	struct build whole, b;
	bool silent = true, quiet = true;

	begin_ipv4(&whole, 6);
	put_tcp(&whole, 12);
	put_text(&whole, "payload");
	end_ipv4(&whole);
	for (uint32_t captured = 0; captured <= whole.size; captured++) {
		uint32_t keep;

		b = whole;
		keep = scrub_frame(&hide, b.at, captured, whole.size, 0);
		silent &= keep <= captured && !holds(&b, keep, source4, 4) &&
			  !holds(&b, keep, target4, 4) && !holds(&b, keep, host_mac, 6) &&
			  !holds(&b, keep, source4, 3);
		quiet &= !memcmp(b.at + captured, whole.at + captured, whole.size - captured);
		b = whole;
		keep = scrub_frame(&shorten, b.at, captured, whole.size, 0);
		quiet &= keep <= captured && keep <= 66;
	}
	ok(silent, "wherever a capture cuts a frame, no address is left");
	ok(quiet, "and nothing behind the cut is touched");
	b = whole;
	ok(scrub_frame(&hide, b.at, b.size, b.size, -1) == 0,
	   "nothing stays of a link type that is not understood");
	b.at[14] = 0x55;
	ok(scrub_frame(&shorten, b.at, b.size, b.size, 0) == 14,
	   "a header that contradicts itself is cut away");
}

int main(void)
{
	if (sodium_init() < 0 || anonymizer_open(&anonymizer, "a secret of enough bytes", 24))
		return 1;
	test_payload();
	test_tunnel();
	test_addresses();
	test_quotes();
	test_options();
	test_extensions();
	test_cut();
	anonymizer_close(anonymizer);
	return done();
}
