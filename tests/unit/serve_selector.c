// SPDX-License-Identifier: BSD-2-Clause
/* Which packets somebody asks for is read strictly, and said again as it was meant. */
#include <string.h>
#include "serve/selector.h"
#include "tap.h"

static bool host_is(const char *text, const char *said)
{
	struct control_selector selector = {};
	char to[SELECTOR_TEXT];

	return !selector_parse_host(&selector, text) && selector_check(&selector) &&
	       !strcmp(selector_option(&selector, to), said);
}

static bool pair_is(const char *text, const char *said)
{
	struct control_selector selector = {};
	char to[SELECTOR_TEXT];

	return !selector_parse_pair(&selector, text) && selector_check(&selector) &&
	       !strcmp(selector_option(&selector, to), said);
}

static bool is_no_pair(const char *text)
{
	struct control_selector selector = {}, before = {};

	return selector_parse_pair(&selector, text) && !memcmp(&selector, &before, sizeof(before));
}

static bool is_no_host(const char *text)
{
	struct control_selector selector = {}, before = {};

	return selector_parse_host(&selector, text) && !memcmp(&selector, &before, sizeof(before));
}

static bool lasts(const char *text, uint64_t seconds)
{
	uint64_t ns = 1;

	if (selector_parse_duration(&ns, text))
		return !seconds && ns == 1;
	return ns == seconds * 1000000000;
}

static bool is_described(struct control_selector selector, const char *pair, const char *said)
{
	char to[SELECTOR_TEXT];

	if (pair[0] && selector_parse_pair(&selector, pair))
		return false;
	return !strcmp(selector_describe(&selector, to), said);
}

int main(void)
{
	ok(host_is("10.0.0.5", "--host=10.0.0.5") && host_is("2001:db8::5", "--host=2001:db8::5") &&
		   host_is("[2001:db8::5]", "--host=2001:db8::5") && host_is("::1", "--host=::1"),
	   "a host is an address, in brackets or not");
	ok(is_no_host("") && is_no_host("host") && is_no_host("10.0.0.5:80") &&
		   is_no_host("[::1") && is_no_host("[::1]x") && is_no_host("10.0.0.0/8") &&
		   is_no_host("10.0.0.5 ") && is_no_host("[]"),
	   "and nothing else");
	ok(pair_is("10.0.0.5:203.0.113.5", "--pair=10.0.0.5:203.0.113.5") &&
		   pair_is("10.0.0.5:203.0.113.5:443", "--pair=10.0.0.5:203.0.113.5:443") &&
		   pair_is("[2001:db8::5]:[2001:db8::7]:53",
			   "--pair=[2001:db8::5]:[2001:db8::7]:53") &&
		   pair_is("[::1]:[::2]", "--pair=[::1]:[::2]"),
	   "a pair is two of them, and perhaps a port");
	ok(is_no_pair("10.0.0.5") && is_no_pair("10.0.0.5:") && is_no_pair("10.0.0.5:10.0.0.6:") &&
		   is_no_pair("10.0.0.5:10.0.0.6:0") && is_no_pair("10.0.0.5:10.0.0.6:65536") &&
		   is_no_pair("10.0.0.5:10.0.0.6:+1") && is_no_pair("10.0.0.5:10.0.0.6:80x") &&
		   is_no_pair("::1:::2") && is_no_pair("[::1][::2]") && is_no_pair("") &&
		   is_no_pair("10.0.0.5:[2001:db8::7]"),
	   "and nothing else, nor of two families");
	ok(lasts("60s", 60) && lasts("60", 60) && lasts("5m", 300) && lasts("2h", 7200) &&
		   lasts("1d", 86400) && lasts("366d", 366 * 86400),
	   "a time has a unit, or is seconds");
	ok(lasts("", 0) && lasts("0s", 0) && lasts("-1s", 0) && lasts(" 1s", 0) &&
		   lasts("1 s", 0) && lasts("1ms", 0) && lasts("367d", 0) &&
		   lasts("99999999999999999999s", 0) && lasts("18446744073709551615d", 0),
	   "and is neither none nor beyond a year");
	ok(is_described((struct control_selector){}, "", "everything") &&
		   is_described((struct control_selector){ .last_ns = 60000000000 }, "",
				"everything of the last 60 s") &&
		   is_described((struct control_selector){ .last_ns = 300000000000 },
				"[::1]:[::2]:443", "::1 and ::2, port 443 of the last 5 min"),
	   "what was asked for is said in words");
	return done();
}
