// SPDX-License-Identifier: BSD-2-Clause
/* JA4 by the rules that captures rarely show; the hashes were worked out by another program. */
#include <string.h>
#include "dissect/ja4.h"
#include "tap.h"

static char text[JA4_TEXT];

static struct cursor over(const void *bytes, size_t length)
{
	return (struct cursor){ bytes, length };
}

static bool gives(const struct ja4_input *input, const char *expected)
{
	ja4_write(input, text);
	if (strcmp(text, expected))
		printf("# %s, not %s\n", text, expected);
	return !strcmp(text, expected);
}

static bool alpn_gives(const char *alpn, size_t length, const char *expected)
{
	struct ja4_input input = { .version = 0x0303, .alpn = over(alpn, length) };

	ja4_write(&input, text);
	return !strncmp(text + 8, expected, 2);
}

static bool version_gives(uint16_t version, const char *expected)
{
	struct ja4_input input = { .version = version };

	ja4_write(&input, text);
	return !strncmp(text + 1, expected, 2);
}

static void test_lists(void)
{
	struct ja4_input input = { .version = 0x0303 };

	ok(gives(&input, "t12i000000_000000000000_000000000000"), "nothing gives zeros");
	input.extensions = over("\0\0\0\0\0\x10\0\0", 8);
	input.server_name = true;
	ok(gives(&input, "t12d000200_000000000000_000000000000"),
	   "server name and ALPN are counted, but not hashed");
	input.extensions = over("\0\x0d\0\0\xba\xba\0\0\0\x0a\0\x01x", 13);
	input.ciphers = over("\x1a\x1a\0\x2f", 4);
	ok(gives(&input, "t12d010200_ba72b8082249_8b63dc3fd33f"),
	   "extensions are sorted, GREASE is left out, no underscore without signatures");
	input.ciphers = over("\x13\x01\x13\x01", 4);
	input.extensions = over("\0\x0a\0\0", 4);
	ok(gives(&input, "t12d020100_83ad5cfac0ea_a8f3e973773c"), "what comes twice counts twice");
}

static void test_counts(void)
{
	struct ja4_input input = { .version = 0x0303 };
	uint8_t ciphers[JA4_INPUT_MAX];

	memset(ciphers, 0x13, sizeof(ciphers));
	input.ciphers = over(ciphers, 2 * 99);
	ja4_write(&input, text);
	ok(!memcmp(text + 4, "9900", 4), "99 ciphers are 99");
	input.ciphers = over(ciphers, sizeof(ciphers));
	ja4_write(&input, text);
	ok(!memcmp(text + 4, "9900", 4), "and so are thousands");
	input.ciphers = over("\x0a\x1a\xfa\xfa\x0a\x0a", 6);
	ja4_write(&input, text);
	ok(!memcmp(text + 4, "0100", 4), "GREASE has two equal bytes: 0a1a is none");
}

static void test_order(void)
{
	uint8_t up[JA4_INPUT_MAX], down[JA4_INPUT_MAX];
	struct ja4_input input = { .version = 0x0303, .ciphers = over(up, sizeof(up)) };
	char first[JA4_TEXT];

	for (unsigned i = 0; i < sizeof(up) / 2; i++) {
		unsigned k = sizeof(up) / 2 - 1 - i;

		up[2 * i] = down[2 * k] = i >> 8;
		up[2 * i + 1] = down[2 * k + 1] = i & 0xff;
	}
	ja4_write(&input, first);
	input.ciphers = over(down, sizeof(down));
	ok(gives(&input, first), "the order of thousands of ciphers makes no difference");
}

int main(void)
{
	test_lists();
	test_counts();
	test_order();
	ok(alpn_gives("", 0, "00"), "no ALPN is 00");
	ok(alpn_gives("h2", 2, "h2"), "h2 is h2");
	ok(alpn_gives("http/1.1", 8, "h1"), "http/1.1 is h1");
	ok(alpn_gives("x", 1, "xx"), "one character is first and last");
	ok(alpn_gives("\xab", 1, "ab"), "one odd byte gives its digits");
	ok(alpn_gives("\xab\xcd", 2, "ad"), "odd bytes give the outer digits");
	ok(alpn_gives("0\xab", 2, "3b"), "one odd end suffices, the last");
	ok(alpn_gives("\x30\xab\xcd\x31", 4, "01"), "odd bytes in the middle do not matter");
	ok(alpn_gives(":0", 2, "30"), "one odd end suffices, the first");
	ok(version_gives(0x0304, "13"), "TLS 1.3 is 13");
	ok(version_gives(0x0301, "10"), "TLS 1.0 is 10");
	ok(version_gives(0x0300, "s3"), "SSL 3 is s3");
	ok(version_gives(0x7f1c, "00"), "a draft is 00");
	return done();
}
