// SPDX-License-Identifier: BSD-2-Clause
/* Indicators in memory: what a line says, what is found, what a bad line does, what is too much. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/indicator_set.h"
#include "tap.h"

static int read_into(struct indicator_set *set, const char *text, struct indicator_fault *fault)
{
	memset(fault, 0, sizeof(*fault));
	return indicator_set_read(set, "list", text, strlen(text), fault);
}

static struct indicator_set set_of(const char *text)
{
	struct indicator_fault fault;
	struct indicator_set set;

	if (indicator_set_init(&set) || read_into(&set, text, &fault))
		abort();
	return set;
}

/* "text label line" of what is found for an address; "": nothing. */
static const char *address(const struct indicator_set *set, const char *text)
{
	static char said[600];
	struct indicator found;
	struct address parsed;

	said[0] = '\0';
	if (address_parse(&parsed, text))
		abort();
	if (indicator_set_find_address(set, &parsed, &found))
		snprintf(said, sizeof(said), "%s|%s|%s:%u|%d", found.text, found.label, found.file,
			 found.line, found.kind);
	return said;
}

static const char *name(const struct indicator_set *set, const char *text, bool sni)
{
	struct indicator found;

	return indicator_set_find_name(set, text, sni, &found) ? found.text : "";
}

static bool is(const char *said, const char *wanted)
{
	if (strcmp(said, wanted))
		printf("# got  %s\n# want %s\n", said, wanted);
	return !strcmp(said, wanted);
}

static void test_addresses(void)
{
	struct indicator_set set = set_of("\xef\xbb\xbf# a comment\r\n"
					  "203.0.113.5, a botnet's  # seen in May\r\n"
					  "\t203.0.113.0/24\tthe  neighbours\n\n"
					  "203.0.0.0/16\n2001:db8::/32\n2001:db8::7 seven\n"
					  "203.0.113.5 later\n10.1.2.3/8");

	ok(is(address(&set, "203.0.113.5"), "203.0.113.5|a botnet's|list:2|1"),
	   "an address is found, with label, file and line; the first line of two counts");
	ok(is(address(&set, "203.0.113.6"), "203.0.113.0/24|the  neighbours|list:3|2"),
	   "of networks the longest prefix is found");
	ok(is(address(&set, "203.0.114.1"), "203.0.0.0/16||list:5|2"),
	   "a network around another holds the rest");
	ok(is(address(&set, "203.1.0.0"), ""), "beyond it nothing is found");
	ok(is(address(&set, "2001:db8::7"), "2001:db8::7|seven|list:7|1") &&
		   is(address(&set, "2001:db8::8"), "2001:db8::/32||list:6|2") &&
		   is(address(&set, "2001:db9::"), ""),
	   "IPv6 likewise");
	ok(is(address(&set, "10.255.0.1"), "10.1.2.3/8||list:9|2"),
	   "bits behind the prefix do not matter, and the last line needs no end");
	indicator_set_fini(&set);
	set = set_of("::/8\n");
	ok(is(address(&set, "::1"), "::/8||list:1|2") && is(address(&set, "203.0.113.5"), ""),
	   "a network of IPv6 around the place of IPv4 holds no IPv4");
	indicator_set_fini(&set);
}

static void test_names(void)
{
	struct indicator_set set = set_of("C2.Example.NET.\n*.evil.example\n.both.example\n"
					  "sni:front.example\nsni:*.cdn.example\n*.onion\n");

	ok(is(name(&set, "c2.example.net", false), "c2.example.net") &&
		   is(name(&set, "C2.EXAMPLE.net.", true), "c2.example.net"),
	   "case and the last dot do not matter");
	ok(is(name(&set, "a.c2.example.net", false), "") &&
		   is(name(&set, "example.net", false), ""),
	   "a name is nothing below and nothing above it");
	ok(is(name(&set, "a.b.evil.example", false), "*.evil.example") &&
		   is(name(&set, "evil.example", false), "") &&
		   is(name(&set, "devil.example", false), ""),
	   "*.domain is what lies below, not the domain, nor what ends alike");
	ok(is(name(&set, "both.example", false), ".both.example") &&
		   is(name(&set, "a.both.example", false), ".both.example"),
	   ".domain is the domain and what lies below");
	ok(is(name(&set, "front.example", true), "sni:front.example") &&
		   is(name(&set, "a.cdn.example", true), "sni:*.cdn.example") &&
		   is(name(&set, "front.example", false), "") &&
		   is(name(&set, "a.cdn.example", false), ""),
	   "sni: is for TLS only");
	ok(is(name(&set, "abc.onion", false), "*.onion"), "a whole top-level domain may be listed");
	ok(is(name(&set, "", false), "") && is(name(&set, ".", true), ""),
	   "no name is found nowhere");
	indicator_set_fini(&set);
}

static void test_ja4(void)
{
	static const char one[] = "t13d1516h2_8daaf6152771_e5627efa2ab1";
	struct indicator_set set = set_of("t13d1516h2_8daaf6152771_e5627efa2ab1 a browser\n"
					  "ja4:q13d0310h3_55b375c5d22e_cd85d2d88918\n");
	struct indicator found;

	ok(indicator_set_find_ja4(&set, one, &found) && found.kind == INDICATOR_JA4 &&
		   is(found.label, "a browser"),
	   "a JA4 is known by its shape");
	ok(indicator_set_find_ja4(&set, "q13d0310h3_55b375c5d22e_cd85d2d88918", &found),
	   "or said to be one");
	ok(!indicator_set_find_ja4(&set, "t13d1516h2_8daaf6152771_e5627efa2ab2", &found) &&
		   is(name(&set, one, true), ""),
	   "another is not found, nor is it a name");
	indicator_set_fini(&set);
}

/* The fault's text, or "" when the line is good. */
static const char *fault_of(const char *line)
{
	static char said[INDICATOR_TEXT + 200];
	struct indicator_fault fault;
	struct indicator_set set;
	char text[1024];
	int err;

	snprintf(text, sizeof(text), "# first\nexample.org\n%s\nexample.com\n", line);
	if (indicator_set_init(&set))
		abort();
	err = read_into(&set, text, &fault);
	said[0] = '\0';
	if (err == -EINVAL)
		snprintf(said, sizeof(said), "%u %s", fault.line, fault.why);
	indicator_set_fini(&set);
	return said;
}

static void test_faults(void)
{
	char name_254[300], label_64[100];

	memset(label_64, 'a', sizeof(label_64));
	strcpy(label_64 + 64, ".example");
	memset(name_254, 0, sizeof(name_254));
	for (int i = 0; i < 254; i++)
		name_254[i] = i % 50 == 49 ? '.' : 'a';
	ok(is(fault_of("10.0.0.256"), "3 this looks like an address, and is none"),
	   "an address with a slip is no name, and the line is told");
	ok(is(fault_of("10.0.0.0/33"), "3 this is no address and no network") &&
		   is(fault_of("http://a.example/"), "3 this is no address and no network"),
	   "a prefix that is too long, or a URL, is refused");
	ok(is(fault_of("0.0.0.0/0"), "3 this network holds every address") &&
		   is(fault_of("::/0"), "3 this network holds every address"),
	   "everything is no indicator");
	ok(is(fault_of("This is a letter"), "3 a name has a dot"), "prose is no list");
	ok(is(fault_of("a..b"), "3 a name has no empty label") &&
		   is(fault_of("<html>"), "3 this is no address, network, name or JA4") &&
		   is(fault_of("sni:"), "3 there is no name") &&
		   is(fault_of("."), "3 there is no name"),
	   "what is no name is refused");
	ok(is(fault_of(label_64), "3 a label of a name has at most 63 characters") &&
		   is(fault_of(name_254), "3 a name has at most 253 characters"),
	   "what is longer than a name can be is refused");
	name_254[253] = '\0';
	ok(is(fault_of(name_254), ""), "253 characters are a name");
	ok(is(fault_of("ja4:t13d1516h2_8daaf6152771"),
	      "3 this is no JA4, such as t13d1516h2_8daaf6152771_e5627efa2ab1"),
	   "a JA4 cut short is refused");
}

static void test_hostile(void)
{
	struct indicator_set set;
	struct indicator_fault fault;
	char label[300] = "example.org ";
	struct indicator found;

	if (indicator_set_init(&set))
		abort();
	ok(indicator_set_read(&set, "list", "a.example\0\n", 11, &fault) == -EINVAL &&
		   fault.line == 1,
	   "zero octets are refused");
	indicator_set_fini(&set);
	for (int i = 0; i < 100; i++) /* the 127th octet lies in the middle of a character */
		strcat(label, "\xc3\xa4");
	set = set_of(label);
	ok(indicator_set_find_name(&set, "example.org", false, &found) &&
		   strlen(found.label) == 126,
	   "a label is cut between characters");
	indicator_set_fini(&set);
}

static void test_many(void)
{
	size_t room = (size_t)(INDICATORS_MAX + 2) * 20, length = 0;
	char *text = malloc(room);
	struct indicator_fault fault;
	struct indicator_set set;
	struct indicator found;
	struct address middle;
	bool good;

	if (!text || indicator_set_init(&set))
		abort();
	for (unsigned i = 0; i < INDICATORS_MAX; i++)
		length += snprintf(text + length, room - length, "11.%u.%u.%u\n", i >> 16,
				   i >> 8 & 255, i & 255);
	good = !indicator_set_read(&set, "list", text, length, &fault);
	address_parse(&middle, "11.7.8.9");
	ok(good && set.count == INDICATORS_MAX &&
		   indicator_set_find_address(&set, &middle, &found) && is(found.text, "11.7.8.9"),
	   "a million addresses are found");
	printf("# %u entries take %zu bytes\n", set.count, indicator_set_memory(&set));
	ok(indicator_set_memory(&set) <= 85u << 20, "in the memory that is promised");
	ok(indicator_set_read(&set, "list", "11.7.8.9\n", 9, &fault) == 0,
	   "what is there already takes no room");
	ok(indicator_set_read(&set, "list", "12.0.0.0\n", 9, &fault) == -ENOSPC,
	   "one more has none");
	indicator_set_fini(&set);
	free(text);
}

int main(void)
{
	test_addresses();
	test_names();
	test_ja4();
	test_faults();
	test_hostile();
	test_many();
	return done();
}
