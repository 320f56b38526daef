// SPDX-License-Identifier: BSD-2-Clause
/* Names and secrets are found in what clients say, in whatever pieces, and nowhere else. */
#include "dissect/http_credential.h"
#include "dissect_talk.h"

static void put(const struct credential *c, uint64_t at)
{
	size_t used = strlen(said);

	snprintf(said + used, sizeof(said) - used, "%llu %s %s %.*s/%.*s%s;",
		 (unsigned long long)at, c->protocol, c->method, (int)c->user.left,
		 (const char *)c->user.at, (int)c->secret.left, (const char *)c->secret.at,
		 c->secret.at ? "" : "none");
}

static void on_item(void *arg, const struct item *item)
{
	(void)arg;
	if (item->kind == ITEM_CREDENTIAL)
		put(item->is, step == 1 ? 0 : item->place->frame);
}

static void begin(size_t bytes)
{
	talk_begin(on_item, 16, bytes);
}

static void connect_first(void)
{
	talk_send(0, SKUA_TCP, SKUA_SYN, NULL, 0);
}

static void say(unsigned server, const char *text)
{
	talk_bytes(server, text, strlen(text));
}

static bool is(const char *wanted)
{
	conversations_finish(&all);
	return talk_is(wanted);
}

static void ftp(size_t segment)
{
	begin(segment);
	connect_first();
	say(1, "220 ready\r\n");
	say(0, "USER joe\r\n");
	say(1, "331 go on\r\n");
	say(0, "PASS two words\r\n");
	say(1, "530 no\r\n");
	say(0, "USER alone\r\n");
}

static void test_ftp(void)
{
	static char long_line[9000];

	memset(long_line, 'x', sizeof(long_line) - 1);
	ftp(1400);
	ok(is("5 FTP PASS joe/two words;7 FTP USER alone/none;"),
	   "FTP: a name and its secret, in the frame of the secret; a name alone");
	ftp(1);
	ok(is("0 FTP PASS joe/two words;0 FTP USER alone/none;"), "byte by byte likewise");
	begin(1400);
	connect_first();
	say(1, "220-hello\r\n* no * IMAP\r\n220 ready\r\n");
	say(0, "USER joe\r\n");
	say(0, "PASS secret\r\n");
	ok(is("4 FTP PASS joe/secret;"), "a greeting of many lines makes it no other protocol");
	begin(1400);
	connect_first();
	say(0, "PORT 127,0,0,1,8,2\r\n");
	say(1, "200 done\r\n");
	say(0, "USER joe\r\nPASS secret\r\n");
	ok(is("4 FTP PASS joe/secret;"),
	   "FTP is known by its commands where the greeting is missing");
	begin(1400);
	connect_first();
	say(1, "220 ready\r\n");
	say(0, long_line);
	say(0, "PASS in it\r\nUSER joe\r\nPASS secret\r\n");
	ok(is("10 FTP PASS joe/secret;"), "the rest of a line that is too long is no command");
}

static void test_mail(void)
{
	begin(1400);
	connect_first();
	say(1, "220 ready\r\n");
	say(0, "EHLO me\r\nAUTH PLAIN AGpvZQBzZWNyZXQ=\r\n");
	say(0, "AUTH LOGIN\r\nam9l\r\nc2VjcmV0\r\nDATA\r\n");
	say(1, "354 go on\r\n");
	say(0, "PASS not one\r\n.\r\nPASS one\r\n");
	ok(is("3 SMTP AUTH PLAIN joe/secret;4 SMTP AUTH LOGIN joe/secret;6 SMTP PASS /one;"),
	   "SMTP: AUTH PLAIN and LOGIN, and nothing that a mail says");
	begin(1400);
	connect_first();
	say(1, "+OK ready\r\n");
	say(0, "USER joe\r\nPASS secret\r\nAPOP jim 0123\r\n");
	ok(is("3 POP3 PASS joe/secret;3 POP3 APOP jim/0123;"), "POP3: USER and PASS, APOP");
	begin(1400);
	connect_first();
	say(1, "* OK ready\r\n");
	say(0, "a LOGIN \"joe x\" secret\r\nb AUTHENTICATE PLAIN\r\n");
	say(1, "+\r\n");
	say(0, "AGpvZQBzZWNyZXQ=\r\n");
	ok(is("3 IMAP LOGIN joe x/secret;5 IMAP AUTH PLAIN joe/secret;"),
	   "IMAP: LOGIN and AUTHENTICATE");
}

static void test_starts_tls(void)
{
	begin(1400);
	connect_first();
	say(1, "220 ready\r\n");
	say(0, "EHLO me\r\nSTARTTLS\r\n");
	say(1, "220 go\r\n");
	say(0, "\x16\x03\x01 PASS x\r\n");
	say(0, "PASS y\r\n");
	ok(is(""), "behind STARTTLS nothing is taken for a command");
}

static void test_telnet(void)
{
	begin(1);
	connect_first();
	talk_bytes(1,
		   "\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0"
		   "box login: ",
		   20);
	talk_bytes(0,
		   "\xff\xfb\x18joz\x7f"
		   "e\r",
		   9);
	say(1, "joe\r\nPassword: ");
	talk_bytes(0, "\0secret\r", 8);
	say(1, "\r\nLast login: today\r\n$ ");
	say(0, "ls\r");
	ok(is("0 Telnet login joe/secret;"), "Telnet: what is typed behind the prompts");
}

/* No option is negotiated. */
static void test_telnet_plain(void)
{
	begin(1000);
	connect_first();
	say(1, "\r\nUser Access Verification\r\n\r\nUsername: ");
	say(0, "joe\r\n");
	say(1, "Password: ");
	say(0, "two words\r\n");
	ok(is("5 Telnet login joe/two words;"), "Telnet: a prompt is enough to know it");
	begin(1000);
	connect_first();
	say(1, "Your last username: joe, welcome\r\n");
	say(0, "joe\r\n");
	say(1, "What is your word, joe?\r\n");
	say(0, "x\r\n");
	ok(is(""), "but not a text that has one in the middle");
}

/* These two alone, in whatever frames. */
static bool has_logins(const char *first, const char *second)
{
	const char *at = strstr(said, first), *then = at ? strstr(at, second) : NULL;
	bool good = then && !then[strlen(second)];

	if (!good)
		printf("# got  %s\n", said);
	return good;
}

static void test_literals(void)
{
	begin(7);
	connect_first();
	say(1, "* OK IMAP4rev1\r\n");
	say(0, "a LOGIN {5}\r\n");
	say(1, "+ go\r\n");
	say(0, "j o e {3}\r\n");
	say(1, "+ go\r\n");
	say(0, "a}b\r\n");
	say(0, "b LOGIN {3+}\r\njoe \"x y\"\r\n");
	say(0, "c LOGIN {99999999999999999999}\r\njoe x\r\n");
	ok(has_logins("IMAP LOGIN j o e/a}b;", "IMAP LOGIN joe/x y;"),
	   "IMAP: literals are names and secrets, as long as they say");
	begin(1000);
	connect_first();
	say(1, "* OK IMAP4rev1\r\n");
	say(0, "a LOGIN {3} {5}x\r\nb LOGIN joe \"{5}\"\r\n");
	ok(has_logins("IMAP LOGIN {3}/{5}x;", "IMAP LOGIN joe/{5};"),
	   "but not in quotes, nor where the line goes on");
}

/* The octets are acknowledged, and not in the capture. */
static void lose(unsigned server, uint32_t octets)
{
	next[server] += octets;
	talk_send(!server, SKUA_TCP, SKUA_ACK, NULL, 0);
}

static void test_lost(void)
{
	begin(1000);
	connect_first();
	say(1, "220 ftp\r\n");
	say(0, "USER joe\r\n");
	say(0, "PASS sec");
	lose(0, 3);
	say(0, "ret\r\n");
	say(0, "USER ann\r\nPASS x\r\n");
	ok(is("3 FTP USER joe/none;7 FTP PASS ann/x;"),
	   "halves of a line are not put together over what is lost");
	begin(1000);
	connect_first();
	say(1, "220 mail\r\n");
	say(0, "EHLO x\r\nDATA\r\n");
	say(1, "354 go\r\n");
	say(0, "AUTH PLAIN AGpvZQB4\r\n");
	lose(0, 10);
	say(0, "\r\nPASS no\r\n");
	say(1, "250 taken\r\n");
	say(0, "AUTH PLAIN AGpvZQB4\r\n");
	ok(is("9 SMTP AUTH PLAIN joe/x;"), "a mail whose end is lost ends with its answer");
	begin(1000);
	connect_first();
	say(1, "220 mail\r\n");
	say(0, "EHLO x\r\nDATA\r\n");
	say(1, "354 go\r\n");
	next[0] += 10;
	say(0, "\r\nUSER no\r\nPASS no\r\n.\r\n");
	say(1, "250 taken\r\n");
	say(0, "AUTH PLAIN AGpvZQB4\r\n");
	ok(is("7 SMTP AUTH PLAIN joe/x;"),
	   "a mail that is read only behind its answer, for it has a hole, is a mail all the same");
	begin(1000);
	connect_first();
	say(1, "220 mail\r\n");
	say(0, "EHLO x\r\nDATA\r\n");
	say(1, "354 go\r\n");
	talk_bytes(1, "\0\r\n", 3);
	say(0, "PASS no\r\n");
	ok(is(""), "an empty octet answers nothing");
}

static void test_ldap(void)
{
	static const char bind[] = "\x30\x14\x02\x01\x01\x60\x0f\x02\x01\x03\x04\x04"
				   "cn=x\x80\x04word";
	static const char anonymous[] = "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\0\x80\0";

	begin(3);
	talk_bytes(0, anonymous, 14);
	talk_bytes(0, bind, 22);
	ok(is("13 LDAP simple bind cn=x/word;"), "LDAP: a simple bind, none that is anonymous");
	begin(1400);
	talk_bytes(0, bind, 22);
	ok(is("1 LDAP simple bind cn=x/word;"), "LDAP: in one piece");
}

static void test_snmp(void)
{
	static const char get[] = "\x30\x0d\x02\x01\x01\x04\x06public\xa0\0";

	begin(1400);
	talk_send(0, SKUA_UDP, 0, get, 15);
	ok(is("1 SNMP community /public;"), "SNMP: the community");
	begin(1400);
	talk_send(0, SKUA_UDP, 0, get, 14);
	talk_send(0, SKUA_UDP, 0, "\x30\x0d\x02\x01\x03\x04\x06public\xa0\0", 15);
	ok(is(""), "SNMP: nothing that is cut, nor version 3");
}

static bool reads(bool form, const char *text, const char *wanted)
{
	struct http_credential_room room;
	struct credential credential;
	struct cursor from = { (const uint8_t *)text, strlen(text) };

	said[0] = 0;
	if (form ? http_form_read(from, &room, &credential)
		 : http_credential_read(from, &room, &credential))
		put(&credential, 0);
	return talk_is(wanted);
}

static void test_http(void)
{
	ok(reads(false, "Basic am9lOnM6Y3JldA==", "0 HTTP Basic joe/s:cret;"),
	   "HTTP Basic: the secret may have colons");
	ok(reads(false, "Digest realm=\"x\", username=\"joe\", uri=\"/\"",
		 "0 HTTP Digest joe/none;"),
	   "HTTP Digest: the name, for the secret is not said");
	ok(reads(false, "Bearer abc", "") && reads(false, "Basic !", ""), "nothing else");
	ok(reads(true, "x=1&userName=j%6fe&Passwd=a+%26b&password2=c", "0 HTTP form joe/a &b;"),
	   "a form: fields that are called like a name and a password");
	ok(reads(true, "user=joe&q=pass", ""), "a form without a password is none");
}

int main(void)
{
	test_ftp();
	test_mail();
	test_starts_tls();
	test_telnet();
	test_telnet_plain();
	test_literals();
	test_lost();
	test_ldap();
	test_snmp();
	test_http();
	conversations_fini(&all);
	return done();
}
