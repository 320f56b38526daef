// SPDX-License-Identifier: BSD-2-Clause
/* The head of a request tells whom the client wants to reach. */
#include <stdlib.h>
#include <string.h>
#include "dissect/http.h"
#include "dissect/name.h"
#include "tap.h"

static struct http_head head;

static enum dissect_verdict parse_bytes(const char *text, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	enum dissect_verdict verdict;

	memcpy(copy, text, length);
	verdict = http_head_parse(copy, length, &head);
	free(copy);
	return verdict;
}

static enum dissect_verdict parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static bool names(const char *text, const char *name)
{
	return parse(text) == DISSECT_DONE && !strcmp(head.name, name) && !head.refused;
}

static bool host_is(const char *host, const char *name)
{
	char text[1024];

	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: %s\r\n", host);
	return names(text, name);
}

static void test_host(void)
{
	ok(names("GET / HTTP/1.1\r\nHost: Example.COM\r\n", "example.com"), "Host is the name");
	ok(names("GET / HTTP/1.1\r\nA: b\r\nhOsT:example.com \t\r\n", "example.com"),
	   "in any case, behind other fields, with any blanks");
	ok(names("GET / HTTP/1.1\nHost: example.com\n", "example.com"), "lines may end with LF");
	ok(names("GET / HTTP/1.1\r\nHost: a.b\r\nHost: c.d\r\n\r\n", "a.b"), "the first Host wins");
	ok(names("GET / HTTP/1.0\r\n\r\n", ""), "a head without Host is done, without a name");
	ok(names("GET / HTTP/1.1\r\nHost:\r\n", ""), "an empty Host is no name, and no lie");
	ok(names("GET / HTTP/1.1\r\nX: y\r\n Host: evil\r\nHost: a.b\r\n", "a.b"),
	   "a folded line is no Host");
	ok(names("GET / HTTP/1.1\r\nXHost: evil\r\nHost: a.b\r\n", "a.b"),
	   "a field that ends like Host is none");
}

static void test_ports(void)
{
	ok(host_is("a.b:8080", "a.b"), "the port is stripped");
	ok(host_is("10.0.0.1:80", "10.0.0.1") && name_is_address(head.name),
	   "an IPv4 address stays, and is known for one");
	ok(host_is("[2001:DB8::1]:80", "2001:db8::1") && name_is_address(head.name),
	   "an IPv6 address loses brackets and port");
	ok(host_is("[::1]", "::1"), "brackets may come without a port");
	ok(host_is("2001:db8::1", "2001:db8::1"), "and an address without brackets");
	ok(host_is("a.b.", "a.b"), "the last dot is dropped");
	ok(host_is("a.b", "a.b") && !name_is_address(head.name), "a name is no address");
	ok(!host_is("[::1", "::1") && head.refused, "an open bracket is no name");
}

static void test_targets(void)
{
	ok(names("GET http://a.b/c HTTP/1.1\r\n", "a.b"), "an absolute URI names the host");
	ok(names("GET HTTP://u:p@A.b:8080?x@y HTTP/1.1\r\n", "a.b"),
	   "without user, port, path and query");
	ok(names("GET http://a.b HTTP/1.1\r\nHost: c.d\r\n\r\n", "a.b"), "it goes before Host");
	ok(names("OPTIONS * HTTP/1.1\r\nHost: a.b\r\n", "a.b"), "the target may be a star");
	ok(names("GET /http://c.d/ HTTP/1.1\r\nHost: a.b\r\n", "a.b"), "a path is no absolute URI");
}

static void test_connect(void)
{
	static const char text[] = "CONNECT a.b:443 HTTP/1.1\r\nHost: c.d\r\n\r\n\x16\x03";

	ok(names(text, "a.b") && head.connect, "CONNECT is named after its target");
	ok(head.length == sizeof(text) - 3, "the tunnel begins behind its head");
	ok(parse("CONNECT a.b:443 HTTP/1.1\r\nHost: c.d\r\n") == DISSECT_NEED_MORE &&
		   !strcmp(head.name, "a.b"),
	   "without the end of its head more is needed, but the name is known");
	ok(names("COPY /x HTTP/1.1\r\nHost: c.d\r\n", "c.d") && !head.connect,
	   "COPY is not CONNECT");
}

static void test_prefixes(void)
{
	static const char text[] = "POST /x?y=z HTTP/1.1\r\nA: b\r\nHost: a.b\r\n";
	unsigned waits = 0;

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		waits += parse_bytes(text, i) == DISSECT_NEED_MORE && !head.name[0];
	ok(waits == sizeof(text) - 1, "every beginning of a head needs more");
	ok(names(text, "a.b"), "and the whole does not");
}

static void test_refused(void)
{
	static const char zero[] = "GET / HTTP/1.1\r\nHost: a\0b\r\n";
	static const char uri[] = "GET http://a\0b/ HTTP/1.1\r\n";
	char text[600] = "GET / HTTP/1.1\r\nHost: ";
	size_t start = strlen(text);

	ok(parse_bytes(zero, sizeof(zero) - 1) == DISSECT_DONE && !head.name[0] && head.refused,
	   "a Host with a zero is refused");
	ok(parse_bytes(uri, sizeof(uri) - 1) == DISSECT_DONE && !head.name[0] && head.refused,
	   "and so is a URI with one");
	memset(text + start, 'a', 256);
	strcpy(text + start + 256, "\r\n");
	ok(parse(text) == DISSECT_DONE && !head.name[0] && head.refused,
	   "256 characters are refused");
	strcpy(text + start + 255, "\r\n");
	ok(parse(text) == DISSECT_DONE && strlen(head.name) == 255, "255 characters are a name");
}

static void test_others(void)
{
	ok(parse("SSH-2.0-OpenSSH_9.2p1\r\n") == DISSECT_NOT, "SSH is not HTTP");
	ok(parse("HTTP/1.1 200 OK\r\nHost: a.b\r\n") == DISSECT_NOT, "nor is a response");
	ok(parse("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == DISSECT_NOT, "nor is the HTTP/2 preface");
	ok(parse("GET key\r\nHost: a.b\r\n") == DISSECT_NOT, "nor is a database that knows GET");
	ok(parse("OPTIONS sip:a@b SIP/2.0\r\n") == DISSECT_NOT, "nor is SIP");
	ok(parse("OPTIONS rtsp://a/b RTSP/1.0\r\n") == DISSECT_NOT, "nor is RTSP");
	ok(parse("get / HTTP/1.1\r\nHost: a.b\r\n") == DISSECT_NOT, "methods are in capitals");
	ok(parse("GETX / HTTP/1.1\r\n") == DISSECT_NOT, "a longer word is another method");
	ok(parse("GET  HTTP/1.1\r\n") == DISSECT_NOT, "a request has a target");
	ok(parse("GET /a b HTTP/1.1\r\n") == DISSECT_NOT, "of one word");
	ok(parse("GET / HTTP/1.\r\n") == DISSECT_NOT, "and a version of two digits");
	ok(parse("\r\nGET / HTTP/1.1\r\n") == DISSECT_NOT, "nothing comes before it");
}

int main(void)
{
	test_host();
	test_ports();
	test_targets();
	test_connect();
	test_prefixes();
	test_refused();
	test_others();
	return done();
}
