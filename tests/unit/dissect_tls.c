// SPDX-License-Identifier: BSD-2-Clause
/* A ClientHello is found however it is cut into records, and nothing else is taken for one. */
#include <stdlib.h>
#include "dissect/tls.h"
#include "dissect_hello.h"
#include "tap.h"

static struct tls_hello hello;

/* From a block of exactly that size, so that sanitizers see who reads beyond it. */
static enum dissect_verdict parse(const uint8_t *bytes, size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	enum dissect_verdict verdict;

	memcpy(copy, bytes, length);
	verdict = tls_hello_parse(copy, length, &hello);
	free(copy);
	return verdict;
}

static enum dissect_verdict parse_named(const char *name, size_t length)
{
	struct bytes message = { 0 }, stream = { 0 };

	put_message(&message, name, length, 0);
	put_records(&stream, &message, sizeof(message.at));
	return parse(stream.at, stream.length);
}

static void test_whole(void)
{
	struct bytes stream = { 0 };
	size_t length;

	put_hello(&stream, "WWW.Example.COM", 0);
	length = stream.length;
	ok(parse(stream.at, length) == DISSECT_DONE, "a ClientHello in one record is done");
	ok(!strcmp(hello.name, "www.example.com"), "its server name is in lower case");
	ok(!strcmp(hello.alpn, "h2"), "the first of ALPN is told");
	ok(!strcmp(hello.ja4, HELLO_JA4), "its JA4 is what another program says");
	ok(hello.length == length, "it took all bytes of the record");
	ok(hello.retry, "who offers TLS 1.3 may say a second hello");
	put(&stream, "\x17\x03\x03\x00\x01x", 6);
	ok(parse(stream.at, stream.length) == DISSECT_DONE && hello.length == length,
	   "what follows is not touched");
}

static void test_prefixes(void)
{
	unsigned waits = 0, names = 0;
	struct bytes stream = { 0 };

	put_hello(&stream, "example.com", 0);
	for (size_t i = 0; i < stream.length; i++) {
		waits += parse(stream.at, i) == DISSECT_NEED_MORE;
		names += !strcmp(hello.name, "example.com");
	}
	ok(waits == stream.length, "every beginning of a ClientHello needs more");
	ok(names == 39, "the name is known once its extension is there: 39 bytes follow");
}

static void test_records(void)
{
	struct bytes message = { 0 };
	unsigned done_count = 0, waits = 0;

	put_message(&message, "example.com", 11, 0);
	for (size_t size = 1; size < message.length; size++) {
		struct bytes stream = { 0 };

		put_records(&stream, &message, size);
		waits += parse(stream.at, stream.length - 1) == DISSECT_NEED_MORE;
		done_count += parse(stream.at, stream.length) == DISSECT_DONE &&
			      !strcmp(hello.ja4, HELLO_JA4) && hello.length == stream.length;
	}
	ok(done_count == message.length - 1, "records of any size make the same ClientHello");
	ok(waits == message.length - 1, "and none is done without the last byte");
}

static void test_retry(void)
{
	struct bytes stream = { 0 };

	put(&stream, "\x14\x03\x03\0\x01\x01", 6);
	ok(parse(stream.at, 6) == DISSECT_NEED_MORE, "change_cipher_spec may come before a hello");
	put_hello(&stream, "example.com", 0);
	ok(parse(stream.at, stream.length) == DISSECT_DONE && hello.length == stream.length,
	   "a ClientHello behind change_cipher_spec is done");
	stream.at[5] = 2;
	ok(parse(stream.at, stream.length) == DISSECT_NOT, "change_cipher_spec says 1 or nothing");
}

static void test_names(void)
{
	char text[300];

	memset(text, 'a', sizeof(text));
	ok(parse_named("a\0b", 3) == DISSECT_DONE && !hello.name[0] && hello.refused,
	   "a name with a zero is refused, the hello is not");
	ok(hello.ja4[3] == 'd', "for JA4 a refused name is a name");
	ok(parse_named("a b\xff", 4) == DISSECT_DONE && !strcmp(hello.name, "a b\xff"),
	   "other odd bytes in a name are kept");
	ok(parse_named(text, 255) == DISSECT_DONE && strlen(hello.name) == 255,
	   "a name of 255 characters is kept");
	ok(parse_named(text, 256) == DISSECT_DONE && !hello.name[0] && hello.refused,
	   "a longer one is refused");
	ok(parse_named("example.com.", 12) == DISSECT_DONE && !strcmp(hello.name, "example.com"),
	   "the last dot is dropped");
	ok(parse_named(NULL, 0) == DISSECT_DONE && !hello.name[0] && !hello.refused &&
		   hello.ja4[3] == 'i',
	   "a hello without a name is done, and JA4 says so");
}

static void test_twice(void)
{
	struct bytes message = { 0 }, stream = { 0 };
	size_t extensions;

	put_message(&message, "first.com", 9, 0);
	put_server_name(&message, "second.com", 10);
	/* The lengths of the message and of its extensions grow by as much. */
	extensions = 4 + 2 + 32 + 1 + 8 + 2;
	message.at[3] += 19;
	message.at[extensions + 1] += 19;
	put_records(&stream, &message, sizeof(message.at));
	ok(parse(stream.at, stream.length) == DISSECT_DONE && !strcmp(hello.name, "first.com"),
	   "of two server names the first counts");
}

static void test_size(void)
{
	struct bytes large = { 0 }, larger = { 0 };
	struct bytes message = { 0 };

	put_message(&message, "a.b", 3, 1);
	put_hello(&large, "a.b", TLS_HELLO_MAX - message.length + 1);
	put_hello(&larger, "a.b", TLS_HELLO_MAX - message.length + 2);
	ok(parse(large.at, large.length) == DISSECT_DONE && !strcmp(hello.name, "a.b"),
	   "the largest hello is done");
	ok(parse(larger.at, larger.length) == DISSECT_NOT, "a larger one is not looked at");
}

/* One byte of a good hello is changed to something that must not pass. */
static bool refuses(size_t at, uint8_t value)
{
	static const uint8_t zero[sizeof(hello)];
	struct bytes stream = { 0 };

	put_hello(&stream, "example.com", 0);
	stream.at[at] = value;
	return parse(stream.at, stream.length) == DISSECT_NOT &&
	       !memcmp(&hello, zero, sizeof(hello));
}

static void test_others(void)
{
	static const char ssh[] = "SSH-2.0-OpenSSH_9.2p1\r\n", get[] = "GET / HTTP/1.1\r\n\r\n";
	struct bytes stream = { 0 };

	ok(refuses(0, 0x17), "application data is no ClientHello");
	ok(refuses(1, 2), "nor is a record of SSL 2");
	ok(refuses(2, 4), "nor one of a version to come");
	ok(refuses(3, 0x50), "nor a record beyond 16 KiB");
	ok(refuses(5, 2), "nor a ServerHello");
	ok(refuses(5, 16), "nor a ClientKeyExchange");
	ok(refuses(9, 2), "nor a hello of another major version");
	ok(refuses(43, 200), "nor a hello whose session is longer than itself");
	ok(refuses(45, 7), "nor one with half a cipher");
	ok(refuses(55, 1), "nor one whose extensions are shorter than they say");
	ok(refuses(59, 1), "nor one whose extension ends behind the list");
	ok(parse((const uint8_t *)ssh, sizeof(ssh) - 1) == DISSECT_NOT, "nor is SSH");
	ok(parse((const uint8_t *)get, sizeof(get) - 1) == DISSECT_NOT, "nor is HTTP");
	put(&stream, "\x16\x03\x01\0\0", 5);
	ok(parse(stream.at, 5) == DISSECT_NOT, "an empty record is none of a handshake");
}

static void test_random(void)
{
	uint64_t random = 1;
	unsigned taken = 0;

	for (int i = 0; i < 20000; i++) {
		uint8_t noise[64];

		for (size_t k = 0; k < sizeof(noise); k++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			noise[k] = random >> 56;
		}
		taken += parse(noise, sizeof(noise)) != DISSECT_NOT;
	}
	ok(!taken, "random bytes are no ClientHello, nor the beginning of one");
}

int main(void)
{
	test_whole();
	test_prefixes();
	test_records();
	test_retry();
	test_names();
	test_twice();
	test_size();
	test_others();
	test_random();
	return done();
}
