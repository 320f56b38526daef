// SPDX-License-Identifier: BSD-2-Clause
/* FTP's lines: commands, replies, and the ports that they name in two ways. */
#include <stdlib.h>
#include <string.h>
#include "dissect/ftp_line.h"
#include "tap.h"

static struct ftp_line line;

/* On the heap and no longer than the text, so that the sanitizer sees an overread. */
static char *kept;

static bool parse(const char *text, bool from_client)
{
	size_t length = strlen(text);

	free(kept);
	kept = malloc(length ? length : 1);
	if (!kept)
		abort();
	memcpy(kept, text, length);
	memset(&line, 0xff, sizeof(line));
	return ftp_line_parse(&line, &(struct cursor){ (const uint8_t *)kept, length },
			      from_client);
}

static bool is(const struct cursor *got, const char *wanted)
{
	return got->left == strlen(wanted) &&
	       !memcmp(got->at ? got->at : (const void *)"", wanted, got->left);
}

static bool command(const char *text, const char *word, const char *rest)
{
	return parse(text, true) && !line.code && !line.goes_on && is(&line.word, word) &&
	       is(&line.text, rest);
}

static bool reply(const char *text, unsigned code, bool goes_on, const char *rest)
{
	return parse(text, false) && line.code == code && line.goes_on == goes_on &&
	       !line.word.left && is(&line.text, rest);
}

static void test_commands(void)
{
	ok(command("USER me", "USER", "me") && command("CWD /a b", "CWD", "/a b"),
	   "a command has a word and what it is about");
	ok(command("PASV", "PASV", "") && command("PWD ", "PWD", ""), "or nothing");
	ok(command("retr x", "retr", "x") && ftp_line_is(&line, "RETR") &&
		   !ftp_line_is(&line, "STOR") && !ftp_line_is(&line, "RET"),
	   "case does not matter");
	ok(!parse("", true) && !parse("AB", true) && !parse("AB c", true) &&
		   !parse("ABCDE", true) && !parse("ABCDE f", true),
	   "a word has three or four letters");
	ok(!parse("US3R me", true) && !parse("USER\tme", true) && !parse(" USER me", true) &&
		   !parse("@[`{", true),
	   "letters alone, and a space behind them");
	ok(command("AZaz", "AZaz", ""), "from the first to the last of the alphabet");
}

static void test_replies(void)
{
	ok(reply("220 here", 220, false, "here") && reply("100 x", 100, false, "x") &&
		   reply("699 x", 699, false, "x"),
	   "a reply has a code and a text");
	ok(reply("220-here", 220, true, "here") && reply("220-", 220, true, ""),
	   "a hyphen says that it goes on");
	ok(reply("220", 220, false, "") && reply("220 ", 220, false, ""), "or nothing else");
	ok(!parse("", false) && !parse("22", false) && !parse("2 0 x", false) &&
		   !parse("22x", false) && !parse("x20", false) && !parse(" 220", false),
	   "a code has three digits");
	ok(!parse("020 x", false) && !parse("700 x", false), "of which the first is 1 to 6");
	ok(!parse("2200 x", false) && !parse("220_x", false), "and nothing else behind them");
}

/* 0: none. */
static uint16_t port(const char *text, bool from_client)
{
	uint16_t number = 7;

	if (!parse(text, from_client))
		return 1;
	return ftp_line_port(&line, &number) ? number : number == 7 ? 0 : 2;
}

static void test_plain(void)
{
	ok(port("PORT 10,0,0,1,4,1", true) == 1025 && port("port 10,0,0,1,0,21", true) == 21,
	   "PORT names one in two parts");
	ok(port("227 Entering (10,0,0,1,195,80).", false) == 50000 &&
		   port("227 10,0,0,1,255,255", false) == 65535,
	   "so does the answer to PASV, wherever it is in the text");
	ok(!port("PORT 10,0,0,1,256,1", true) && !port("PORT 10,0,0,1,1,256", true),
	   "no part is above 255");
	ok(!port("PORT", true) && !port("PORT 1", true) && !port("PORT 1,2", true) &&
		   !port("PORT ,2", true) && !port("227 none", false),
	   "one without its parts is none");
	ok(port("PORT 9,1,2", true) == 258, "what stands before them does not matter");
}

static void test_extended(void)
{
	ok(port("EPRT |1|10.0.0.1|50000|", true) == 50000 &&
		   port("EPRT !2!2001:db8::1!1!", true) == 1,
	   "EPRT names one between delimiters of any kind");
	ok(port("229 Entering (|||65535|)", false) == 65535 && port("229 |||21|).\r", false) == 21,
	   "so does the answer to EPSV");
	ok(!port("229 (|||65536|)", false) && !port("229 (|||99999|)", false) &&
		   !port("229 (|||123456|)", false),
	   "none is above 65,535");
	ok(!port("229 (|||x|)", false) && !port("229 (||||)", false) && !port("229 ", false) &&
		   !port("229 21|", false) && !port("229 (||!21|)", false),
	   "one without delimiters or digits is none");
	ok(!port("EPSV |||21|", true) && !port("226 (|||21|)", false) &&
		   !port("228 10,0,0,1,4,1", false),
	   "other lines name none");
}

int main(void)
{
	test_commands();
	test_replies();
	test_plain();
	test_extended();
	free(kept);
	return done();
}
