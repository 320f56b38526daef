// SPDX-License-Identifier: BSD-2-Clause
/* An exchange of HTTP as EVE has it: each part under its name, a host's port apart from its name.
 */
#include "logs/eve.h"
#include "logs_line.h"
#include "tap.h"

static bool tells(const struct http_exchange *exchange, const char *wanted)
{
	begin();
	eve_http(&json, exchange);
	end();
	return is(wanted);
}

static void test_parts(void)
{
	struct http_exchange exchange = { .status = 302, .bytes = { 5, 77 } };

	exchange.parts[HTTP_METHOD] = part("GET");
	exchange.parts[HTTP_TARGET] = part("/a");
	exchange.parts[HTTP_VERSION] = part("1.1");
	exchange.parts[HTTP_HOST] = part("h.example");
	exchange.parts[HTTP_AGENT] = part("curl");
	exchange.parts[HTTP_REFERRER] = part("http://r/");
	exchange.parts[HTTP_REASON] = part("Found");
	exchange.parts[HTTP_TYPE] = part("text/html");
	exchange.parts[HTTP_LOCATION] = part("/b");
	ok(tells(&exchange, "{\"http\":{\"hostname\":\"h.example\",\"url\":\"/a\","
			    "\"http_user_agent\":\"curl\",\"http_content_type\":\"text/html\","
			    "\"http_refer\":\"http://r/\",\"http_method\":\"GET\","
			    "\"protocol\":\"HTTP/1.1\",\"redirect\":\"/b\",\"status\":302,"
			    "\"length\":77}}"),
	   "each part has its name, and the response its length");
	exchange = (struct http_exchange){ .bytes = { 5, 77 } };
	ok(tells(&exchange, "{\"http\":{}}"), "what there was not is not told");
	exchange.parts[HTTP_AGENT] = part("");
	exchange.status = 200;
	exchange.bytes[1] = 0;
	ok(tells(&exchange, "{\"http\":{\"http_user_agent\":\"\",\"status\":200,\"length\":0}}"),
	   "what was empty is");
}

static bool version(const char *text, const char *wanted)
{
	struct http_exchange exchange = { .status = 0 };

	exchange.parts[HTTP_VERSION] = part(text);
	return tells(&exchange, wanted);
}

static bool host(const char *text, const char *wanted)
{
	struct http_exchange exchange = { .status = 0 };
	char object[128];

	exchange.parts[HTTP_HOST] = part(text);
	snprintf(object, sizeof(object), "{\"http\":{%s}}", wanted);
	return tells(&exchange, object);
}

static void test_versions(void)
{
	ok(version("1.0", "{\"http\":{\"protocol\":\"HTTP/1.0\"}}") &&
		   version("1234567", "{\"http\":{\"protocol\":\"HTTP/1234567\"}}"),
	   "a version has up to seven characters");
	ok(version("12345678", "{\"http\":{}}") && version("", "{\"http\":{}}"), "or it is none");
}

static void test_hosts(void)
{
	ok(host("h:80", "\"hostname\":\"h\",\"http_port\":80") &&
		   host("h:65535", "\"hostname\":\"h\",\"http_port\":65535"),
	   "a port is apart");
	ok(host("[2001:db8::1]", "\"hostname\":\"[2001:db8::1]\"") &&
		   host("[2001:db8::1]:8080", "\"hostname\":\"[2001:db8::1]\",\"http_port\":8080"),
	   "an address between brackets has colons of its own");
	ok(host("h:", "\"hostname\":\"h:\"") && host("h:x", "\"hostname\":\"h:x\"") &&
		   host("h:8x", "\"hostname\":\"h:8x\"") &&
		   host("h:65536", "\"hostname\":\"h:65536\"") &&
		   host("h:123456", "\"hostname\":\"h:123456\""),
	   "what is no port is part of the name");
	ok(host("", "\"hostname\":\"\"") && host(":1", "\"hostname\":\"\",\"http_port\":1"),
	   "a name may be empty");
}

int main(void)
{
	test_parts();
	test_versions();
	test_hosts();
	free(said);
	return done();
}
