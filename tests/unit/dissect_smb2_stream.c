// SPDX-License-Identifier: BSD-2-Clause
/* SMB2 over TCP: what begins it, commands and compounds, data in pieces, gaps and where it goes on.
 */
#include <string.h>
#include "dissect/dissector.h"
#include "dissect/smb2_view.h"
#include "tap.h"

#define HEAD 4 /* what NetBIOS has in front */

static uint64_t state[64];
static struct dissector_call call;
static char said[512];
static uint8_t bytes[160 * 1024];
static size_t length; /* of what is in bytes */

static void keep(void *arg, const struct item *item)
{
	const struct smb2_view *view = item->is;
	const struct smb2_data *data = item->is;
	size_t at = strlen(said), room = sizeof(said) - at;

	(void)arg;
	if (item->kind == ITEM_SMB2)
		snprintf(said + at, room, "%s %llu/%llu;", smb2_command_name(view->command),
			 (unsigned long long)view->message, (unsigned long long)view->chain);
	else
		snprintf(said + at, room, "%zu at %llu of %llu%s;", data->length,
			 (unsigned long long)data->at, (unsigned long long)data->view->message,
			 data->view->name.at ? " named" : "");
}

static void begin(void)
{
	memset(state, 0, sizeof(state));
	memset(&call, 0, sizeof(call));
	call.say = keep;
	said[0] = '\0';
	length = 0;
}

static bool is(const char *wanted)
{
	if (strcmp(said, wanted))
		printf("# %s\n", said);
	return !strcmp(said, wanted);
}

static void put(size_t at, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		bytes[at + i] = value >> 8 * i;
}

/* A message of NetBIOS with this many octets, at the end of what is there; where they begin. */
static size_t put_message(uint8_t type, size_t size)
{
	size_t at = length + HEAD;

	memset(bytes + length, 0, HEAD + size);
	bytes[length] = type;
	bytes[length + 1] = size >> 16;
	bytes[length + 2] = size >> 8;
	bytes[length + 3] = size;
	length = at + size;
	return at;
}

static void put_command(size_t at, unsigned command, uint64_t message, uint32_t next)
{
	memcpy(bytes + at, "\xfeSMB", 4);
	put(at + 4, 64, 2);
	put(at + 12, command, 2);
	put(at + 20, next, 4);
	put(at + 24, message, 8);
}

static void put_echo(uint64_t message)
{
	put_command(put_message(0, 68), SMB2_ECHO, message, 0);
}

/* A WRITE whose data stand there, with so many octets behind them. */
static void put_write(uint64_t message, size_t data_at, size_t size, size_t behind)
{
	size_t at = put_message(0, data_at + size + behind);

	put_command(at, SMB2_WRITE, message, 0);
	put(at + 66, data_at, 2);
	put(at + 68, size, 4);
}

/* Takes all from there on as far as it is taken; returns how far. */
static size_t take_from(size_t at, size_t end)
{
	size_t step;

	while (at < end && (step = smb2_dissector.take(state, &call, bytes + at, end - at)))
		at += step;
	return at;
}

static void take_all(void)
{
	if (take_from(0, length) != length)
		printf("# not all was taken\n");
}

static enum dissector_claim claims(const void *client, size_t size, const void *server, size_t more)
{
	const struct dissector_begin first = { .said = { { client, size }, { server, more } } };

	return smb2_dissector.claim(&first);
}

static void test_claims(void)
{
	ok(claims("\0\0\0\x44\xfeSMB", 8, NULL, 0) == CLAIM_YES &&
		   claims("\0\0\0\x44\xffSMB", 8, NULL, 0) == CLAIM_YES &&
		   claims("\0\0\0\x44\xfcSMB", 8, NULL, 0) == CLAIM_YES,
	   "a message of SMB begins it, be it of version 1, or compressed");
	ok(claims("\0\0\0\x44\xfbSMB", 8, NULL, 0) == CLAIM_NO &&
		   claims("\0\0\0\x44\xfeSMX", 8, NULL, 0) == CLAIM_NO &&
		   claims("\1\0\0\x44\xfeSMB", 8, NULL, 0) == CLAIM_NO,
	   "nothing else does");
	ok(claims("x", 1, "\0\0\0\x44\xfeSMB", 8) == CLAIM_YES, "whoever says it");
	ok(claims("\0\0\0\x44\xfeSM", 7, NULL, 0) == CLAIM_UNSURE &&
		   claims("\1", 1, NULL, 0) == CLAIM_NO && claims("", 0, "", 0) == CLAIM_NO,
	   "of less than eight octets the first may be one");
	ok(claims("\x81\0\0\2ab\0\0\0\x44\xfeSMB", 14, NULL, 0) == CLAIM_YES &&
		   claims("\x82\0\0\0\0\0\0\x44\xfeSMB", 12, NULL, 0) == CLAIM_YES,
	   "a session may be asked for first");
	ok(claims("\x81\0\0\2ab", 6, NULL, 0) == CLAIM_UNSURE &&
		   claims("\x81\0\0\3ab", 6, NULL, 0) == CLAIM_NO &&
		   claims("\x81\1\0\2ab\0\0\0\x44\xfeSMB", 14, NULL, 0) == CLAIM_NO,
	   "of which all must be there");
}

static void test_commands(void)
{
	begin();
	put_echo(7);
	put_message(0x85, 0);
	put_echo(8);
	ok(take_from(0, HEAD + 67) == HEAD && is(""), "a command waits until it is complete");
	ok(take_from(HEAD, length) == length && is("echo 7/7;echo 8/8;"),
	   "then it is said, and the next");
	begin();
	put_message(0x81, 20);
	put_message(0x82, 3);
	put_echo(9);
	take_all();
	ok(is("echo 9/9;"), "what asks for a session is passed over");
}

static void test_compound(void)
{
	size_t at;

	begin();
	at = put_message(0, 72 + 68);
	put_command(at, SMB2_ECHO, 5, 72);
	put_command(at + 72, SMB2_ECHO, 6, 0);
	put_echo(9);
	take_all();
	ok(is("echo 5/5;echo 6/5;echo 9/9;"),
	   "commands of a message belong to its first, those of the next do not");
	begin();
	at = put_message(0, 68);
	put_command(at, SMB2_ECHO, 5, 69);
	put_echo(9);
	take_all();
	ok(is("echo 9/9;"), "one that goes beyond its message is passed over,");
	begin();
	at = put_message(0, 68 + 64);
	put_command(at, SMB2_ECHO, 5, 63);
	put_echo(9);
	take_all();
	ok(is("echo 9/9;"), "and one that is shorter than its header");
	begin();
	at = put_message(0, 64 + 64);
	put_command(at, SMB2_ECHO, 5, 64);
	put_command(at + 64, SMB2_ECHO, 6, 0);
	take_all();
	ok(is("echo 5/5;echo 6/5;"), "a header alone is a command");
	begin();
	put_command(put_message(0, 68), SMB2_ECHO, 5, 68);
	put_echo(9);
	take_all();
	ok(is("echo 5/5;echo 9/9;"), "one that names its own end as the next is the last");
}

static void test_data(void)
{
	begin();
	put_write(3, 112, 1000, 8);
	put_echo(4);
	ok(take_from(0, HEAD + 143) == HEAD && is(""), "of what has data the head is waited for");
	ok(take_from(HEAD, HEAD + 112 + 300) == HEAD + 412 && is("write 3/3;300 at 0 of 3;"),
	   "then it is said, and its data as they come");
	ok(take_from(HEAD + 412, length) == length &&
		   is("write 3/3;300 at 0 of 3;700 at 300 of 3;echo 4/4;"),
	   "to their end; what is behind them is passed over");
}

/* Data that claim more than there is, or to be far away. */
static void test_data_bounds(void)
{
	begin();
	put_write(3, 112, 100, 0);
	put(HEAD + 68, 5000, 4);
	put_echo(4);
	take_all();
	ok(is("write 3/3;100 at 0 of 3;echo 4/4;"), "data end with their message");
	begin();
	put_write(3, 1024, 10, 0);
	put_write(4, 1025, 10, 0);
	take_all();
	ok(is("write 3/3;10 at 0 of 3;write 4/4;"), "data are at 1,024 octets, or they are none");
	begin();
	put_write(3, 112, 0, 40);
	put_write(4, 160, 0, 0);
	put_echo(5);
	take_all();
	ok(is("write 3/3;write 4/4;echo 5/5;"), "there may be none");
}

static void test_large(void)
{
	size_t at;

	begin();
	at = put_message(0, 128 * 1024);
	put_command(at, SMB2_ECHO, 3, 0);
	take_all();
	ok(is("echo 3/3;"), "a command of 128 KiB is waited for");
	begin();
	at = put_message(0, 128 * 1024 + 1);
	put_command(at, SMB2_ECHO, 3, 0);
	ok(take_from(0, HEAD + 1000) == HEAD + 1000, "a larger one is passed over as it comes");
	ok(take_from(HEAD + 1000, length) == length && is(""), "to its end");
	length = 0;
	put_echo(4);
	take_all();
	ok(is("echo 4/4;"), "and then it goes on");
}

static void test_sealed(void)
{
	size_t at;

	begin();
	at = put_message(0, 200);
	memcpy(bytes + at, "\xfdSMB", 4);
	at = put_message(0, 3);
	put_echo(4);
	take_all();
	ok(is("echo 4/4;"), "what is encrypted is passed over, and what is too short");
}

static void lose(uint64_t missing)
{
	smb2_dissector.lost(state, &call, missing);
}

static void test_lost_data(void)
{
	begin();
	put_write(3, 112, 1000, 8);
	put_echo(4);
	take_from(0, HEAD + 112 + 300);
	lose(200);
	ok(take_from(HEAD + 112 + 500, length) == length &&
		   is("write 3/3;300 at 0 of 3;500 at 500 of 3;echo 4/4;"),
	   "data that are lost leave a jump");
	begin();
	put_write(3, 112, 1000, 0);
	put_echo(4);
	take_from(0, HEAD + 112 + 300);
	lose(700);
	ok(take_from(HEAD + 1112, length) == length && is("write 3/3;300 at 0 of 3;echo 4/4;"),
	   "all the rest of them may be");
}

static void test_lost(void)
{
	begin();
	put_write(3, 112, 1000, 0);
	put_echo(4);
	take_from(0, HEAD + 112 + 300);
	lose(701);
	ok(take_from(HEAD + 112 + 300 + 701, length) == length - 7 &&
		   is("write 3/3;300 at 0 of 3;"),
	   "where more is lost nobody knows where a message begins: its last octets are kept");
	put_echo(5);
	ok(take_from(HEAD + 1112 + HEAD + 68 - 7, length) == length &&
		   is("write 3/3;300 at 0 of 3;echo 5/5;"),
	   "until one is seen");
}

static void test_find(void)
{
	begin();
	lose(1);
	put_echo(5);
	ok(take_from(0, 7) == 0 && take_from(0, 8) == HEAD,
	   "seven octets do not show one, eight do");
	begin();
	lose(1);
	ok(smb2_dissector.take(state, &call, (const uint8_t *)"12345678", 8) == 1,
	   "where they are none the first of them is done with");
	begin();
	put_message(9, 50);
	put_echo(5);
	take_all();
	ok(is("echo 5/5;"), "behind what is no message the next is looked for");
	begin();
	lose(1);
	call.place.sender = SKUA_HIGH;
	put_echo(5);
	take_all();
	ok(is("echo 5/5;"), "the other side has lost nothing");
}

int main(void)
{
	test_claims();
	test_commands();
	test_compound();
	test_data();
	test_data_bounds();
	test_large();
	test_sealed();
	test_lost_data();
	test_lost();
	test_find();
	return done();
}
