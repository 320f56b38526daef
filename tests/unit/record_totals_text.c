// SPDX-License-Identifier: BSD-2-Clause
/* Tests of totals as text: what was written is read, and nothing else is. */
#include <errno.h>
#include <string.h>
#include "record/totals_text.h"
#include "skua/packet.h"
#include "tap.h"

#define START 1767571200123456789ull

static struct recorder_totals totals_of(uint8_t proto, uint16_t port)
{
	struct recorder_totals totals;

	memset(&totals, 0, sizeof(totals));
	address_parse(&totals.key.low, "10.9.0.40");
	address_parse(&totals.key.high, "2001:db8:ffff:ffff:ffff:ffff:ffff:fff1");
	totals.key.proto = proto;
	totals.key.port = port;
	totals.totals = (struct volume){ .payload = { UINT64_MAX, 80000000 },
					 .packets = { UINT64_MAX, 1 },
					 .since_ns = START,
					 .until_ns = UINT64_MAX };
	return totals;
}

static bool comes_back(uint8_t proto, uint16_t port)
{
	const struct recorder_totals totals = totals_of(proto, port);
	struct recorder_totals read;
	char text[TOTALS_TEXT];

	totals_text_write(&totals, text);
	return !totals_text_read(&read, text, strlen(text)) &&
	       !memcmp(&read.key, &totals.key, sizeof(read.key)) &&
	       !memcmp(&read.totals, &totals.totals, sizeof(read.totals));
}

static int read_changed(const char *from, const char *to)
{
	const struct recorder_totals totals = totals_of(SKUA_UDP, 443);
	struct recorder_totals read;
	char text[TOTALS_TEXT], changed[2 * TOTALS_TEXT];
	const char *at;

	totals_text_write(&totals, text);
	at = strstr(text, from);
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - text), text, to,
		 at + strlen(from));
	return totals_text_read(&read, changed, strlen(changed));
}

static void test_refusals(void)
{
	static const char *const changes[][2] = {
		{ "skua.totals=", "skua.finding=" },
		{ "UDP", "TCQ" },
		{ "UDP", "256" },
		{ "10.9.0.40", "10.9.0.400" },
		{ "10.9.0.40", "10.9.00.40" },
		{ "443", "65979" },
		{ "443", "-1" },
		{ "80000000", "080000000" },
		{ "80000000", "18446744073709551616" },
		{ "80000000", "" },
		{ "2026-01-05T00", "2026-01-05 00" },
		{ "2026-01-05T00", "2026-13-05T00" },
		{ "123456789Z", "12345678Z" },
		{ "}", "} " },
		{ "}", "" },
	};
	bool refused = true;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		bool this_one = read_changed(changes[i][0], changes[i][1]) == -EINVAL;

		if (!this_one)
			printf("# read: %s for %s\n", changes[i][1], changes[i][0]);
		refused &= this_one;
	}
	ok(refused, "whatever differs from what is written is refused");
	ok(!read_changed("80000000", "40000000"), "but for the numbers");
}

static void test_ends(void)
{
	const struct recorder_totals totals = totals_of(SKUA_UDP, 443);
	struct recorder_totals read = {};
	char text[2 * TOTALS_TEXT];
	size_t length;

	totals_text_write(&totals, text);
	length = strlen(text);
	memset(text + length, '}', sizeof(text) - length);
	ok(!totals_text_read(&read, text, length), "a text needs no end");
	ok(totals_text_read(&read, text, sizeof(text)) == -EINVAL && read.key.port == 443,
	   "one that is too long is refused, and nothing is changed");
	ok(totals_text_read(&read, text, 0) == -EINVAL, "nothing is no text");
}

int main(void)
{
	ok(comes_back(SKUA_UDP, 443) && comes_back(SKUA_ICMP, 0) && comes_back(SKUA_ICMPV6, 0) &&
		   comes_back(SKUA_SCTP, 65535) && comes_back(SKUA_GRE_PROTO, 0),
	   "totals come back as they were written");
	ok(comes_back(50, 0) && comes_back(255, 0), "also of protocols without a name");
	test_refusals();
	test_ends();
	return done();
}
