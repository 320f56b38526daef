// SPDX-License-Identifier: BSD-2-Clause
/* Telnet: what begins it, which prompts ask, what is typed behind them, commands among the text. */
#include "secrets_stage.h"
#include "tap.h"

static void send(unsigned sender, const char *bytes, size_t length)
{
	call.place.sender = sender;
	if (telnet_dissector.take(state, &call, (const uint8_t *)bytes, length) != length)
		printf("# not all was taken\n");
}

static void say(unsigned sender, const char *text)
{
	send(sender, text, strlen(text));
}

#define SEND(sender, text) send(sender, text, sizeof(text) - 1)

static bool is(const char *wanted)
{
	if (strcmp(said, wanted))
		printf("# %s\n", said);
	return !strcmp(said, wanted);
}

static enum dissector_claim claims(const char *client, size_t length, const char *server,
				   size_t more)
{
	const struct dissector_begin first = { .said = { { (const uint8_t *)client, length },
							 { (const uint8_t *)server, more } },
					       .client = CLIENT };

	return telnet_dissector.claim(&first);
}

static bool greets(const char *text)
{
	return claims("", 0, text, strlen(text)) == CLAIM_YES;
}

static void test_claims(void)
{
	ok(claims("\377\373\1", 3, "", 0) == CLAIM_YES &&
		   claims("", 0, "\377\376\77", 3) == CLAIM_YES,
	   "a command that is about an option begins it, of either side");
	ok(claims("\377\372\1", 3, "", 0) == CLAIM_NO &&
		   claims("\377\377\1", 3, "", 0) == CLAIM_NO &&
		   claims("\377\373\100", 3, "", 0) == CLAIM_NO,
	   "other commands do not, and there are 64 options");
	ok(claims("\377\373", 2, "", 0) == CLAIM_UNSURE && claims("x\373\1", 3, "", 0) == CLAIM_NO,
	   "two octets do not tell");
	ok(greets("Debian 12\r\nlogin: ") && greets("Username:") && greets("User: ") &&
		   greets("Password:"),
	   "a server that asks first is one");
	ok(!greets("Last login: ") && !greets("login") && !greets("login: now") && !greets("name:"),
	   "one that says something else is not");
	ok(claims("x", 1, "login: ", 7) == CLAIM_NO, "nor is one that was spoken to");
}

/* The prompt is looked for at the end of what was said. */
static void test_claims_long(void)
{
	char text[256];

	memset(text, 'x', sizeof(text));
	strcpy(text + 200, "login:");
	ok(claims("", 0, text, 206) == CLAIM_YES, "a long greeting may end with a prompt");
	memset(text + 206, 'x', 50);
	ok(claims("", 0, text, 256) == CLAIM_NO, "in its middle it is none");
}

static void log_in(const char *name, const char *secret)
{
	say(SERVER, "host login: ");
	say(CLIENT, name);
	say(SERVER, "\r\nPassword: ");
	say(CLIENT, secret);
}

static void test_login(void)
{
	begin();
	log_in("ann\r\n", "s3cret\r\n");
	ok(is("ann/s3cret;"), "what is typed behind the prompts is the name and the password");
	say(CLIENT, "ls -l\r\n");
	ok(is("ann/s3cret;"), "what follows is not");
	log_in("bob\r", "\r");
	ok(is("ann/s3cret;bob/;"), "an empty password is one, too");
	say(SERVER, "Passcode:");
	say(CLIENT, "1234\n");
	ok(is("ann/s3cret;bob/;/1234;"), "one without a name has none");
}

static void test_typing(void)
{
	begin();
	log_in("anx\bm\177n\r", "a\b\b\bb\r");
	ok(is("ann/b;"), "what is deleted was not typed, and no more can be than was");
	begin();
	say(SERVER, "login: ");
	SEND(CLIENT, "a\0b\r");
	say(SERVER, "password: ");
	SEND(CLIENT, "c\r\0");
	ok(is("ab/c;"), "zeros are nothing");
	begin();
	say(CLIENT, "early");
	log_in("ann\r", "b\r");
	ok(is("ann/b;"), "nor is what was typed before anybody asked");
	begin();
	say(SERVER, "login: ");
	say(CLIENT, "wrong");
	say(SERVER, "\r\nlogin: ");
	say(CLIENT, "ann\r");
	say(SERVER, "password: ");
	say(CLIENT, "b\r");
	ok(is("ann/b;"), "who is asked anew begins anew");
}

static void test_prompts(void)
{
	begin();
	say(SERVER, "L o g i n :");
	say(CLIENT, "ann\r");
	say(SERVER, "PASSWORD:");
	say(CLIENT, "b\r");
	ok(is("ann/b;"), "prompts are read without blanks, in any letters");
	begin();
	say(SERVER, "Last login: ");
	say(CLIENT, "ann\r");
	say(SERVER, "password");
	say(CLIENT, "x\r");
	say(SERVER, "password; ");
	say(CLIENT, "y\r");
	ok(is(""), "what greets, or does not end with a colon, asks nothing");
	begin();
	say(SERVER, "0123456789abcdefghijklmnopqrstuvwxyz Username:");
	say(CLIENT, "ann\r");
	say(SERVER, "0123456789 Password:");
	say(CLIENT, "b\r");
	ok(is("ann/b;"), "of a long line its end counts");
}

static void test_commands(void)
{
	begin();
	SEND(SERVER, "log\377\375\30in: ");
	SEND(CLIENT, "a\377\373\1n\377\361n\r");
	SEND(SERVER, "pass\377\372\30\1word\377\360word: ");
	SEND(CLIENT, "b\377\372x\377yz\377\360c\r");
	ok(is("ann/bc;"),
	   "commands are no text: of three octets, of two, and what lies between marks");
	begin();
	SEND(SERVER, "login: ");
	SEND(CLIENT, "a\377\377b\377\372\r");
	SEND(CLIENT, "\377\360c\r");
	SEND(SERVER, "password: ");
	SEND(CLIENT, "p\r");
	ok(is("abc/p;"), "an end of a line within one ends no line");
}

static void test_lost(void)
{
	begin();
	say(SERVER, "login: ");
	say(CLIENT, "an");
	call.place.sender = CLIENT;
	telnet_dissector.lost(state, &call, 1);
	say(CLIENT, "n\r");
	say(SERVER, "password: ");
	say(CLIENT, "b\r");
	ok(is("/b;"), "a name of which a part is lost is none");
	begin();
	SEND(CLIENT, "\377\372");
	call.place.sender = CLIENT;
	telnet_dissector.lost(state, &call, 1);
	log_in("ann\r", "b\r");
	ok(is("ann/b;"), "behind a gap it is text again");
}

int main(void)
{
	test_claims();
	test_claims_long();
	test_login();
	test_typing();
	test_prompts();
	test_commands();
	test_lost();
	return done();
}
