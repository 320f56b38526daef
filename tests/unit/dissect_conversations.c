// SPDX-License-Identifier: BSD-2-Clause
/* What connections say is read by who knows the protocol, whatever the ports and the pieces. */
#include "dissect/dns_view.h"
#include "dissect/http_message.h"
#include "dissect_talk.h"

static void put(const char *text, const void *bytes, size_t length)
{
	size_t at = strlen(said);

	snprintf(said + at, sizeof(said) - at, "%s%.*s;", text, (int)length, (const char *)bytes);
}

static void on_item(void *arg, const struct item *item)
{
	const struct http_message *message = item->is;
	const struct http_body *body = item->is;
	const struct dns_view *view = item->is;
	struct dns_reader reader;
	struct dns_record record;
	char status[16];

	(void)arg;
	switch (item->kind) {
	case ITEM_HTTP_REQUEST:
		put("request ", message->target.at, message->target.left);
		break;
	case ITEM_HTTP_RESPONSE:
		snprintf(status, sizeof(status), "%llu:%u", (unsigned long long)message->number,
			 message->status);
		put("response ", status, strlen(status));
		break;
	case ITEM_HTTP_BODY:
		put("body ", body->bytes, body->length);
		break;
	case ITEM_HTTP_END:
		put(body->whole ? "whole" : "torn", "", 0);
		break;
	case ITEM_DNS:
		reader = dns_view_rewind(view);
		dns_read_question(&reader, &record);
		put("dns ", record.name, strlen(record.name));
		break;
	case ITEM_OVER:
		put("over", "", 0);
		break;
	default:
		abort();
	}
}

static void begin(uint32_t capacity)
{
	talk_begin(on_item, capacity, SIZE_MAX);
}

static void send_at(unsigned server, uint32_t seq, uint8_t flags, const void *bytes,
		    uint32_t length, uint16_t port)
{
	struct skua_packet pkt = { .proto = SKUA_TCP,
				   .src = { server + 1 },
				   .dst = { 2 - server },
				   .sport = server ? 8765 : port,
				   .dport = server ? port : 8765,
				   .seq = seq,
				   .payload = length,
				   .tcp_flags = flags };
	const struct conversation_packet packet = { &pkt, bytes, length, ++frame, frame };

	conversations_packet(&all, &packet);
}

/* server 0: the client speaks. */
static void say(unsigned server, const char *text)
{
	send_at(server, next[server], SKUA_ACK, text, strlen(text), 40000);
	next[server] += strlen(text);
}

static void test_http(void)
{
	begin(16);
	say(0, "GET /a HT");
	ok(talk_is(""), "a beginning of a request is not yet one");
	say(0, "TP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
	ok(talk_is("request /a;whole;request /b;whole;"),
	   "requests behind each other are told apart");
	say(1, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 404 "
	       "No\r\nContent-Length: 0\r\n\r\n");
	ok(talk_is("request /a;whole;request /b;whole;response 1:200;body hello;whole;response "
		   "2:404;whole;"),
	   "responses belong to the requests in their order");
}

static void test_bodies(void)
{
	begin(16);
	say(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4;x=y\r\nWi");
	say(1, "ki\r\n1\r\n!\r\n0\r\nX: y\r\n\r\nHTTP/1.0 200 OK\r\n\r\nto the end");
	ok(talk_is("response 0:200;body Wi;body ki;body !;whole;response 0:200;body to the end;"),
	   "chunks are put together, and a body without a length goes on");
	send_at(1, next[1], SKUA_FIN | SKUA_ACK, NULL, 0, 40000);
	ok(strstr(said, "to the end;whole;") && !strstr(said, "over"),
	   "until its sender closes the connection, though the other has not");
	send_at(0, next[0], SKUA_FIN | SKUA_ACK, NULL, 0, 40000);
	ok(strstr(said, "to the end;whole;over;"), "and then it is over, once");
	begin(16);
	say(1, "HTTP/1.0 200 OK\r\n\r\nto the end");
	send_at(1, next[1], SKUA_RST, NULL, 0, 40000);
	ok(strstr(said, "to the end;torn;over;"), "one that is reset has no end");
}

/* A response in chunks, the first of which says this size: what is read of it. */
static const char *chunk(const char *size)
{
	begin(16);
	say(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
	say(1, size);
	say(1, "\r\nabc\r\n0\r\n\r\n");
	return said;
}

static bool is_chunk(const char *size)
{
	return !strcmp(chunk(size), "response 0:200;body abc;whole;");
}

static void test_chunk_sizes(void)
{
	static const char two[] = "response 0:200;body 0123456789;body abc;whole;";

	ok(is_chunk("3") && is_chunk("3;x=y") && is_chunk("3 "),
	   "a chunk's size may be followed by what it is about");
	ok(is_chunk("003") && is_chunk("00000000000000000000000000000003"),
	   "and have zeros before it, as many as its sender likes");
	ok(!strstr(chunk("fffffffffffffffff"), "whole") &&
		   !strstr(chunk("10000000000000003"), "whole"),
	   "one that no number holds is no size");
	ok(!strstr(chunk("\x13"), "whole") && !strstr(chunk(""), "whole") &&
		   !strstr(chunk("g"), "whole"),
	   "nor is what is no digit");
	ok(!strcmp(chunk("A\r\n0123456789\r\n3"), two) &&
		   !strcmp(chunk("a\r\n0123456789\r\n3"), two),
	   "letters are digits in either case");
}

static void test_nobody(void)
{
	char text[4200];

	begin(16);
	say(1, "HTT");
	ok(all.room.used, "what may yet be a response waits");
	memset(text, 1, sizeof(text));
	text[sizeof(text) - 1] = '\0';
	say(0, text);
	ok(!all.room.used && talk_is(""), "when nobody knows what is said, neither side waits on");
}

static void test_lost(void)
{
	begin(16);
	say(0, "POST /up HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
	next[0] += 4;
	send_at(1, next[1], SKUA_ACK, NULL, 0, 40000);
	say(0, "hij");
	conversations_finish(&all);
	ok(talk_is("request /up;body abc;body hij;torn;over;"),
	   "a body with a hole in it is shown, and called torn");
	begin(16);
	say(0, "GET /a HTTP/1.1\r\nHost");
	next[0] += 10;
	say(0, "x\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
	conversations_finish(&all);
	ok(talk_is("request /b;whole;over;"), "after a hole in a head the next head is read");
}

static void test_malformed(void)
{
	begin(16);
	say(0, "GET /a HTTP/1.1\r\n\r\n");
	say(1, "HTTP/1.1 2");
	say(1, "x0 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	ok(talk_is("request /a;whole;response 1:200;whole;"),
	   "behind a head that turns out to be none the next is read at once");
	begin(16);
	say(0, "GET /a HTTP/1.1\r\n\r\n");
	say(0, "nonsense\r\nGET /b HTT");
	say(0, "P/1.1\r\n\r\n");
	ok(talk_is("request /a;whole;request /b;whole;"),
	   "behind nonsense a head is found that comes in two pieces");
}

static void test_elsewhere(void)
{
	begin(16);
	say(0, "\x16\x03\x01 no such thing");
	say(0, "nor this");
	say(0, "GET /late HTTP/1.1\r\n\r\n");
	ok(talk_is("request /late;whole;"), "what nobody knows may yet become something known");
	begin(16);
	say(0, "CONNECT x:80 HTTP/1.1\r\n\r\n");
	say(1, "HTTP/1.1 200 OK\r\n\r\n");
	say(0, "GET /inside HTTP/1.1\r\n\r\n");
	ok(strstr(said, "request /inside;"), "behind CONNECT another conversation begins");
}

static void test_dns(void)
{
	static const uint8_t query[] = { 0, 1, 1,   0, 0,   1,   0, 0, 0, 0, 0,
					 0, 1, 'a', 2, 'b', 'c', 0, 0, 1, 0, 1 };
	uint8_t framed[2 + sizeof(query)] = { 0, sizeof(query) };

	memcpy(framed + 2, query, sizeof(query));
	begin(16);
	send_at(0, 1000, SKUA_ACK, framed, 7, 40000);
	ok(talk_is(""), "a piece of a message on a port where nobody expects it is none");
	begin(16);
	send_at(0, 1000, SKUA_ACK, framed, sizeof(framed), 40000);
	ok(talk_is("dns a.bc;"), "DNS over TCP is known by its form, on any port");
}

static void test_full(void)
{
	begin(1);
	say(0, "GET /a HTTP/1.1\r\n\r\n");
	send_at(0, 1, SKUA_ACK, "GET /b HTTP/1.1\r\n\r\n", 19, 40001);
	ok(talk_is("request /a;whole;over;request /b;whole;") && all.counters.evicted == 1,
	   "who gives way to another is over");
}

static void test_memory(void)
{
	static char line[70000];

	memset(line, 'x', sizeof(line));
	memcpy(line, "GET / HTTP/1.1\r\nA: ", 19);
	begin(64);
	for (uint16_t port = 1; port <= 40; port++)
		send_at(0, 1, SKUA_ACK, line, 60000, port);
	ok(all.room.no_memory && all.room.used <= 1 << 20,
	   "messages that wait take no more memory than is allowed");
	conversations_finish(&all);
	ok(!all.room.used, "and give it back");
}

int main(void)
{
	test_http();
	test_bodies();
	test_chunk_sizes();
	test_nobody();
	test_lost();
	test_malformed();
	test_elsewhere();
	test_dns();
	test_full();
	test_memory();
	conversations_fini(&all);
	return done();
}
