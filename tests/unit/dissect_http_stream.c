// SPDX-License-Identifier: BSD-2-Clause
/* HTTP/1 on a connection: which response is whose, where each body ends, and what a gap leaves. */
#include <stdlib.h>
#include <string.h>
#include "dissect/dissector.h"
#include "dissect/http_message.h"
#include "tap.h"

enum { CLIENT, SERVER };

static void *state;
static struct dissector_call call;
static char said[4096];

static void keep(void *arg, const struct item *item)
{
	const struct http_message *message = item->is;
	const struct http_body *body = item->is;
	size_t at = strlen(said), room = sizeof(said) - at;

	(void)arg;
	if (item->kind == ITEM_HTTP_REQUEST)
		snprintf(said + at, room, "%llu %.*s;", (unsigned long long)message->number,
			 (int)message->target.left, message->target.at);
	else if (item->kind == ITEM_HTTP_RESPONSE)
		snprintf(said + at, room, "%llu=%u;", (unsigned long long)message->number,
			 message->status);
	else if (item->kind == ITEM_HTTP_BODY)
		snprintf(said + at, room, "'%.*s';", (int)body->length, body->bytes);
	else if (body->length)
		abort();
	else
		snprintf(said + at, room, "%s%s%.0llu;", body->whole ? "end" : "torn",
			 body->lost ? " " : "", (unsigned long long)body->lost);
}

static void begin(void)
{
	free(state);
	state = calloc(1, http_dissector.state_size);
	if (!state)
		abort();
	memset(&call, 0, sizeof(call));
	call.say = keep;
	call.place.client = CLIENT;
	said[0] = '\0';
}

/* Shows what is left again, as long as some of it is taken; how much is left. */
static size_t say(unsigned sender, const char *text)
{
	size_t left = strlen(text), taken;

	call.place.sender = sender;
	while (left && (taken = http_dissector.take(state, &call, (const uint8_t *)text, left))) {
		text += taken;
		left -= taken;
	}
	return left;
}

static void lose(unsigned sender, uint64_t bytes)
{
	call.place.sender = sender;
	http_dissector.lost(state, &call, bytes);
}

/* Since it was asked last. */
static bool is(const char *wanted)
{
	bool good = !strcmp(said, wanted);

	if (!good)
		printf("# %s\n", said);
	said[0] = '\0';
	return good;
}

#define OK(length) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n"

static void test_order(void)
{
	begin();
	say(CLIENT, "GET /a HTTP/1.1\r\n\r\nHEAD /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n");
	ok(is("1 /a;end;2 /b;end;3 /c;end;"), "requests are numbered");
	say(SERVER, OK("1") "x" OK("5") OK("1") "y");
	ok(is("1=200;'x';end;2=200;end;3=200;'y';end;"),
	   "responses are theirs in order, and what HEAD asked for has no body");
	say(SERVER, OK("1") "z");
	ok(is("0=200;'z';end;"), "one that nobody asked for is nobody's");
}

static void test_interim(void)
{
	begin();
	say(CLIENT, "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi");
	say(SERVER, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n" OK("0"));
	ok(is("1 /a;'hi';end;1=100;end;1=103;end;1=200;end;"),
	   "responses before the final one are of the same request");
	say(CLIENT, "GET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n");
	say(SERVER, "HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\nHTTP/1.1 304 Same\r\n"
		    "Content-Length: 3\r\n\r\n");
	ok(is("2 /b;end;3 /c;end;2=204;end;3=304;end;"), "some have no body, whatever they say");
}

static void test_pipeline(void)
{
	begin();
	say(CLIENT, "HEAD /0 HTTP/1.1\r\n\r\n");
	for (unsigned i = 1; i < 33; i++)
		say(CLIENT, "GET /n HTTP/1.1\r\n\r\n");
	said[0] = '\0';
	say(SERVER, OK("1") "x");
	ok(is("2=200;'x';end;"), "32 requests may wait; of more the first is forgotten");
}

static void test_restart(void)
{
	begin();
	say(CLIENT, "GET /a HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
	say(SERVER, "HTTP/1.1 101 Go\r\n\r\n");
	ok(call.restart && is("1 /a;end;1=101;end;"), "behind 101 it is another protocol");
	begin();
	say(CLIENT, "CONNECT h:443 HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\n\r\n");
	say(SERVER, "HTTP/1.1 200 OK\r\n\r\n");
	ok(call.restart, "behind a CONNECT that was granted, too");
	begin();
	say(CLIENT, "CONNECT h:443 HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\n\r\n");
	say(SERVER, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
	ok(!call.restart, "not behind one that was refused");
	say(SERVER, OK("0"));
	ok(!call.restart, "nor behind another request");
}

static void test_lengths(void)
{
	begin();
	say(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 000000000000000002\r\n\r\nab");
	ok(is("0=200;'ab';end;"), "a length of 18 digits is one");
	say(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 0000000000000000002\r\n\r\nab");
	ok(is("0=200;'ab';"), "of 19 it is none: the body goes on to the end");
	begin();
	say(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 2x\r\n\r\nab");
	ok(is("0=200;'ab';"), "so does one of a length that is no number,");
	begin();
	say(CLIENT, "POST /a HTTP/1.1\r\nContent-Length: 2x\r\n\r\nab");
	ok(strstr(said, "1 /a;end;") == said, "but a request has none then");
	begin();
	ok(say(SERVER, OK("3") "ab") == 0 && is("0=200;'ab';"), "a body is told as it comes");
	say(SERVER, "cHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
	ok(is("'c';end;0=404;end;"), "to its end");
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static void test_chunks(void)
{
	begin();
	say(SERVER, CHUNKED "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nX: y\r\n\r\n" OK("0"));
	ok(is("0=200;'abc';'0123456789';end;0=200;end;"), "chunks, and a trailer behind them");
	begin();
	ok(say(SERVER, CHUNKED "3\r\nabc\r\n0\r\n") == 0 && is("0=200;'abc';"),
	   "without a blank line it is not over");
	say(SERVER, "\r\n");
	ok(is("end;"), "with one it is");
	begin();
	say(SERVER, CHUNKED "0000000000000000002\r\nab\r\n0\n\n");
	ok(is("0=200;'ab';end;"), "zeros may stand before, and lines end without a return");
	begin();
	say(SERVER, CHUNKED "9\r\n012345678\r\n0f\r\n0123456789abcde\r\n0\r\n\r\n");
	ok(is("0=200;'012345678';'0123456789abcde';end;"), "each digit up to f is one");
	begin();
	say(SERVER, CHUNKED "x\r\nabc");
	ok(is("0=200;"), "what is no size ends what is known");
	begin();
	say(SERVER, CHUNKED "1000000000000000\r\nabc");
	ok(is("0=200;"), "so does one that cannot be");
	begin();
	say(SERVER, CHUNKED "fffffffffffffff\r\nabc");
	ok(is("0=200;'abc';"), "the greatest that can is one");
}

static void test_long_line(void)
{
	static char text[5000] = CHUNKED;
	size_t head = strlen(text);

	memset(text + head, '1', 4096);
	begin();
	ok(say(SERVER, text) == 4096 && is("0=200;"), "4,096 octets without an end may be a size");
	text[head + 4096] = '1';
	begin();
	ok(say(SERVER, text) == 0, "a longer one is none");
}

static void test_lost(void)
{
	begin();
	say(SERVER, OK("10") "abc");
	lose(SERVER, 5);
	say(SERVER, "xy" OK("0"));
	ok(is("0=200;'abc';'xy';torn 5;0=200;end;"),
	   "a gap within a body is counted, and it goes on");
	begin();
	say(SERVER, OK("10") "abc");
	lose(SERVER, 7);
	say(SERVER, OK("0"));
	ok(is("0=200;'abc';torn 7;0=200;end;"), "at its end it ends it");
	begin();
	say(SERVER, OK("10") "abc");
	lose(SERVER, 8);
	say(SERVER, "rest\r\nof it\r\n" OK("0"));
	ok(is("0=200;'abc';torn 8;0=200;end;"), "beyond it, it goes on where a head begins");
}

static void test_lost_chunks(void)
{
	begin();
	say(SERVER, CHUNKED "5\r\nab");
	lose(SERVER, 3);
	say(SERVER, "\r\n1\r\nx\r\n0\r\n\r\n");
	ok(is("0=200;'ab';'x';torn 3;"), "the rest of a chunk may be lost");
	begin();
	say(SERVER, CHUNKED "5\r\nab");
	lose(SERVER, 4);
	say(SERVER, "\n1\r\nx\r\n0\r\n\r\n" OK("0"));
	ok(is("0=200;'ab';torn 4;0=200;end;"), "more than that is not known");
	begin();
	say(SERVER, "HTTP/1.0 200 OK\r\n\r\nab");
	lose(SERVER, 4);
	say(SERVER, "cd");
	ok(is("0=200;'ab';'cd';"), "a body without a length goes on behind any gap");
}

static void finish(uint8_t closed)
{
	call.closed = closed;
	http_dissector.end(state, &call);
}

static void test_ends(void)
{
	begin();
	say(SERVER, "HTTP/1.0 200 OK\r\n\r\nab");
	call.closed = 1 << CLIENT;
	http_dissector.ended(state, &call);
	ok(is("0=200;'ab';"), "the other side's end is not its,");
	call.closed |= 1 << SERVER;
	call.place.sender = SERVER;
	http_dissector.ended(state, &call);
	finish(3);
	ok(is("end;"), "its own is, once");
	begin();
	say(SERVER, "HTTP/1.0 200 OK\r\n\r\nab");
	finish(1 << CLIENT);
	ok(is("0=200;'ab';torn;"), "without it, it is torn");
	begin();
	say(SERVER, OK("5") "ab");
	finish(3);
	ok(is("0=200;'ab';torn;"), "so is one that was to be longer");
}

static void test_heads(void)
{
	begin();
	ok(say(CLIENT, "\r\n\r\nGET / HT") == 8 && is(""), "a head waits until it is complete");
	call.last = true;
	ok(say(CLIENT, "GET / HT") == 0 && is(""), "where nothing more comes it is none");
	begin();
	say(CLIENT, "nothing of HTTP\r\nat all\r\nGET /a HTTP/1.1\r\n\r\n");
	ok(is("1 /a;end;") && call.guessing,
	   "what is none is passed over, to a line that begins one");
}

int main(void)
{
	test_order();
	test_interim();
	test_pipeline();
	test_restart();
	test_lengths();
	test_chunks();
	test_long_line();
	test_lost();
	test_lost_chunks();
	test_ends();
	test_heads();
	free(state);
	return done();
}
