// SPDX-License-Identifier: BSD-2-Clause
/* Both hellos of a TLS handshake: what was offered, what was chosen, and what it is called. */
#include <string.h>
#include "dissect/tls_view.h"
#include "tap.h"

/* A ServerHello up to its cipher: version 1.2, a random of one letter, no session. */
struct server {
	uint8_t bytes[512];
	size_t length;
};

static void put(struct server *to, const void *bytes, size_t length)
{
	memcpy(to->bytes + to->length, bytes, length);
	to->length += length;
}

static struct server server_of(uint8_t minor, uint8_t random)
{
	struct server server = { .bytes = { 3, minor } };

	memset(server.bytes + 2, random, 32);
	server.length = 34;
	put(&server, "\0\xc0\x2f\0", 4);
	return server;
}

static struct tls_view view;

static bool reads(const struct server *server, size_t missing)
{
	memset(&view, 0, sizeof(view));
	return tls_view_server_hello(&view,
				     (struct cursor){ server->bytes, server->length - missing });
}

static void test_server(void)
{
	struct server server = server_of(3, 'r');
	bool cut = false;

	ok(reads(&server, 0) && view.answered && view.version == 0x0303 && view.cipher == 0xc02f &&
		   !view.retried && !view.resumed && !view.chosen_length,
	   "a ServerHello chooses a version and a cipher");
	for (size_t missing = 1; missing <= server.length; missing++)
		cut |= reads(&server, missing);
	ok(!cut && !view.answered, "one that is cut chooses nothing");
	server.bytes[0] = 2;
	ok(!reads(&server, 0), "nor does one of another protocol");
}

static void test_extensions(void)
{
	struct server server = server_of(3, 'r');

	put(&server, "\0\x19\0\x2b\0\2\3\4\0\x10\0\5\0\3\2h2\0\x29\0\2\0\0\x12\x34\0\0", 27);
	ok(reads(&server, 0) && view.version == 0x0304 && view.resumed && view.chosen_length == 2 &&
		   !memcmp(view.chosen, "h2", 2),
	   "extensions say the true version, what it goes on with, and the protocol");
	server = server_of(3, 'r');
	put(&server, "\0\6\0\x10\0\2\0\0", 8);
	ok(reads(&server, 0) && view.chosen_length == 0, "an empty list chooses nothing");
	server = server_of(3, 'r');
	put(&server, "\0\5\0\x2b\0\1\3", 7);
	ok(reads(&server, 0) && view.version == 0x0303, "half a version is none");
}

static void test_long_protocol(void)
{
	struct server server = server_of(3, 'r');

	put(&server, "\0\x28\0\x10\0\x24\0\x22\x21", 9);
	put(&server, "0123456789012345678901234567890123", 33);
	ok(reads(&server, 0) && view.chosen_length == 32 && view.chosen[31] == '1',
	   "of a long name 32 letters are kept");
}

static void test_retry(void)
{
	static const uint8_t retry[32] = {
		0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
		0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
		0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
	};
	struct server server = server_of(3, 'r');

	memcpy(server.bytes + 2, retry, 32);
	ok(reads(&server, 0) && view.retried, "a HelloRetryRequest is told by its random");
	server.bytes[33]++;
	ok(reads(&server, 0) && !view.retried, "to the last octet");
}

/* A ClientHello with this list of protocols. */
static bool offers(const void *list, size_t length)
{
	uint8_t bytes[1024] = { 3, 3 };
	size_t at = 34;

	bytes[at++] = 0;
	memcpy(bytes + at, "\0\2\x13\1\1\0", 6);
	at += 6;
	bytes[at++] = (length + 6) >> 8;
	bytes[at++] = length + 6;
	memcpy(bytes + at, "\0\x10", 2);
	bytes[at + 2] = (length + 2) >> 8;
	bytes[at + 3] = length + 2;
	bytes[at + 4] = length >> 8;
	bytes[at + 5] = length;
	memcpy(bytes + at + 6, list, length);
	memset(&view, 0, sizeof(view));
	view.answered = true;
	return tls_view_client_hello(&view, (struct cursor){ bytes, at + 6 + length });
}

static void test_client(void)
{
	char list[256];

	ok(offers("\2h2\10http/1.1", 12) && view.alpns_length == 12 &&
		   !memcmp(view.alpns, "\2h2\10http/1.1", 12) && !view.answered,
	   "a ClientHello offers protocols, and nothing is answered yet");
	ok(!strcmp(view.hello.alpn, "h2") && view.hello.version == 0x0303,
	   "the first of them by name");
	memset(list, 3, sizeof(list));
	ok(offers(list, 128) && view.alpns_length == 128, "128 bytes of them are kept,");
	ok(offers(list, 132) && view.alpns_length == 128, "of more those that fit");
}

static void test_certificate(void)
{
	static const char list[] = "\0\0\7\0\0\4\x30\2\x30\0\xff\xff";

	memset(&view, 0, sizeof(view));
	tls_view_certificate(&view, (struct cursor){ (const uint8_t *)list, sizeof(list) - 1 });
	tls_view_certificate(&view, (struct cursor){ (const uint8_t *)list, 5 });
	tls_view_certificate(&view, (struct cursor){ (const uint8_t *)list, 0 });
	ok(!view.certificate.subject[0], "what is no certificate names nobody");
}

static bool is_called(uint16_t cipher, const char *name)
{
	char text[TLS_NAME_TEXT];

	return !strcmp(tls_cipher_text(cipher, text), name);
}

static void test_names(void)
{
	static const char *const versions[] = { "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2",
						"TLS 1.3" };
	char text[TLS_NAME_TEXT];
	unsigned known = 0;
	bool good = true;

	for (unsigned i = 0; i < 5; i++)
		good &= !strcmp(tls_version_text(0x0300 + i, text), versions[i]);
	ok(good && !strcmp(tls_version_text(0x0305, text), "0x0305") &&
		   !strcmp(tls_version_text(0x7f17, text), "0x7f17"),
	   "versions have names, others are numbers");
	ok(is_called(0x1301, "AES_128_GCM_SHA256") && is_called(0x1302, "AES_256_GCM_SHA384") &&
		   is_called(0x1303, "CHACHA20_POLY1305_SHA256") &&
		   is_called(0x1304, "AES_128_CCM_SHA256") &&
		   is_called(0x1305, "AES_128_CCM_8_SHA256") && is_called(0x1306, "0x1306"),
	   "the five of TLS 1.3");
	ok(is_called(0xc02b, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256") &&
		   is_called(0xc02c, "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384") &&
		   is_called(0xc02f, "ECDHE_RSA_WITH_AES_128_GCM_SHA256") &&
		   is_called(0xc030, "ECDHE_RSA_WITH_AES_256_GCM_SHA384") &&
		   is_called(0xcca8, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256") &&
		   is_called(0xcca9, "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
	   "those of TLS 1.2 that are in common use");
	ok(is_called(0x002f, "RSA_WITH_AES_128_CBC_SHA") &&
		   is_called(0x0035, "RSA_WITH_AES_256_CBC_SHA") &&
		   is_called(0x009c, "RSA_WITH_AES_128_GCM_SHA256") &&
		   is_called(0xc013, "ECDHE_RSA_WITH_AES_128_CBC_SHA") &&
		   is_called(0x0004, "RSA_WITH_RC4_128_MD5") && is_called(0x0000, "0x0000"),
	   "and those that were");
	for (unsigned cipher = 0; cipher < 65536; cipher++)
		known += tls_cipher_text(cipher, text) != text;
	ok(known == 37, "37 in all");
}

int main(void)
{
	test_server();
	test_extensions();
	test_long_protocol();
	test_retry();
	test_client();
	test_certificate();
	test_names();
	return done();
}
