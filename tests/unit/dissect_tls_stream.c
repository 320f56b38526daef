// SPDX-License-Identifier: BSD-2-Clause
/* The clear part of TLS handshakes makes a row for each hello, in whatever pieces it comes. */
#include "dissect/tls_view.h"
#include "dissect_hello.h"
#include "dissect_talk.h"

/* To the end of the subject: CN=host.example, O=Example, Inc. of its own, 2026-11-21 to 2027-03-01
 */
static const uint8_t certificate[] = {
	0x30, 0x82, 0x01, 0xbb, 0x30, 0x82, 0x01, 0x60, 0xa0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x01,
	0x05, 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02, 0x30, 0x3c,
	0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 0x58, 0x58, 0x31, 0x16,
	0x30, 0x14, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x0d, 0x45, 0x78, 0x61, 0x6d, 0x70, 0x6c,
	0x65, 0x2c, 0x20, 0x49, 0x6e, 0x63, 0x2e, 0x31, 0x15, 0x30, 0x13, 0x06, 0x03, 0x55, 0x04,
	0x03, 0x0c, 0x0c, 0x68, 0x6f, 0x73, 0x74, 0x2e, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65,
	0x30, 0x1e, 0x17, 0x0d, 0x32, 0x36, 0x31, 0x31, 0x32, 0x31, 0x32, 0x32, 0x32, 0x31, 0x34,
	0x37, 0x5a, 0x17, 0x0d, 0x32, 0x37, 0x30, 0x33, 0x30, 0x31, 0x32, 0x32, 0x32, 0x31, 0x34,
	0x37, 0x5a, 0x30, 0x3c, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02,
	0x58, 0x58, 0x31, 0x16, 0x30, 0x14, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x0d, 0x45, 0x78,
	0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2c, 0x20, 0x49, 0x6e, 0x63, 0x2e, 0x31, 0x15, 0x30, 0x13,
	0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x0c, 0x68, 0x6f, 0x73, 0x74, 0x2e, 0x65, 0x78, 0x61,
	0x6d, 0x70, 0x6c, 0x65,
};

static unsigned resumed; /* of the rows; also of those that say that both sides encrypt */

static void on_item(void *arg, const struct item *item)
{
	const struct tls_view *view = item->is;
	char version[TLS_NAME_TEXT], cipher[TLS_NAME_TEXT];
	size_t at = strlen(said);

	(void)arg;
	resumed += (item->kind == ITEM_TLS || item->kind == ITEM_TLS_SEALED) && view->resumed;
	if (item->kind != ITEM_TLS)
		return;
	snprintf(said + at, sizeof(said) - at, "%s|%s|%s|%s|%s;", view->hello.name,
		 view->answered ? tls_version_text(view->version, version) : "",
		 view->answered ? tls_cipher_text(view->cipher, cipher) : "",
		 view->certificate.subject, view->certificate.not_after);
}

static void begin(size_t bytes)
{
	talk_begin(on_item, 16, bytes);
	resumed = 0;
}

static void say(unsigned server, const struct bytes *bytes)
{
	talk_bytes(server, bytes->at, bytes->length);
}

static void put_server_hello(struct bytes *to, unsigned supported, bool retry)
{
	static const uint8_t again[] = {
		0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
		0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
		0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
	};
	size_t start, extensions;

	put16(to, 0x0200);
	start = open16(to);
	put16(to, 0x0303);
	put(to, again, 32);
	to->at[to->length - 1] ^= !retry;
	put8(to, 0);
	put16(to, supported ? 0x1301 : 0xc02f);
	put8(to, 0);
	extensions = open16(to);
	if (supported) {
		put16(to, 43);
		put16(to, 2);
		put16(to, supported);
	}
	close16(to, extensions);
	close16(to, start);
}

static void put_certificate(struct bytes *to)
{
	put16(to, 0x0b00);
	put16(to, sizeof(certificate) + 6);
	put8(to, 0);
	put16(to, sizeof(certificate) + 3);
	put8(to, 0);
	put16(to, sizeof(certificate));
	put(to, certificate, sizeof(certificate));
}

static const char whole[] = "example.com|TLS 1.2|ECDHE_RSA_WITH_AES_128_GCM_SHA256|"
			    "CN=host.example,O=Example\\, Inc.|2027-03-01T22:21:47Z;";

/* Records of so many bytes, segments of so many. */
static bool shake_hands(size_t record, size_t segment)
{
	struct bytes client = { 0 }, messages = { 0 }, server = { 0 };

	put_hello(&client, "example.com", 0);
	put_server_hello(&messages, 0, false);
	put_certificate(&messages);
	put(&messages, "\x0e\0\0\0", 4);
	put_records(&server, &messages, record);
	begin(segment);
	say(0, &client);
	say(1, &server);
	return !strcmp(said, whole);
}

static void test_pieces(void)
{
	unsigned good = 0;

	ok(shake_hands(16384, 1400), "a row says what client, server and certificate say");
	for (size_t record = 1; record < 64; record++)
		good += shake_hands(record, 1400) + shake_hands(16384, record) +
			shake_hands(record, 7);
	ok(good == 3 * 63, "however it is cut into records and segments");
}

static void test_1_3(void)
{
	struct bytes client = { 0 }, messages = { 0 }, server = { 0 }, again = { 0 };

	begin(1400);
	put_hello(&client, "a.example", 0);
	put_server_hello(&messages, 0x0304, true);
	put_records(&server, &messages, 16384);
	put(&server, "\x14\3\3\0\1\1", 6);
	say(0, &client);
	say(1, &server);
	ok(talk_is(""), "a server that asks for another hello has not yet answered");
	put(&again, "\x14\3\3\0\1\1", 6);
	put_hello(&again, "a.example", 0);
	say(0, &again);
	ok(talk_is("a.example|TLS 1.3|AES_128_GCM_SHA256||;"), "the other hello is another row");
	server.length = messages.length = 0;
	put_server_hello(&messages, 0x0304, false);
	put_records(&server, &messages, 16384);
	say(1, &server);
	ok(talk_is("a.example|TLS 1.3|AES_128_GCM_SHA256||;a.example|TLS "
		   "1.3|AES_128_GCM_SHA256||;"),
	   "TLS 1.3 is over with the server's hello");
}

static void test_alone(void)
{
	struct bytes client = { 0 }, finished = { 0 };

	begin(1400);
	put_hello(&client, "alone.example", 0);
	say(0, &client);
	put(&finished,
	    "\x14\3\3\0\1\1\x16\3\3\0\x08\1\0\xff\xff"
	    "data",
	    19);
	say(0, &finished);
	put(&client, "\x17\3\3\0\4data", 9);
	conversations_finish(&all);
	ok(talk_is("alone.example||||;"), "a hello without an answer is told at the end");
}

static void test_lost(void)
{
	struct bytes client = { 0 }, messages = { 0 }, server = { 0 };

	begin(1400);
	put_hello(&client, "lost.example", 0);
	put_server_hello(&messages, 0, false);
	put_certificate(&messages);
	put_records(&server, &messages, 64);
	say(0, &client);
	server.length = 100;
	say(1, &server);
	next[1] += 1000;
	server.length = 0;
	put(&server, "\x17\3\3\0\4data", 9);
	say(1, &server);
	next[1] -= 9;
	say(0, &(struct bytes){ .length = 1 });
	conversations_finish(&all);
	ok(talk_is("lost.example|TLS 1.2|ECDHE_RSA_WITH_AES_128_GCM_SHA256||;"),
	   "with a hole in the certificate the rest is told");
}

static void say_change(unsigned side)
{
	struct bytes bytes = { 0 };

	put(&bytes, "\x14\3\3\0\1\1", 6);
	say(side, &bytes);
}

/* missing: bytes of the server's that the capture lacks, its certificate among them. */
static void encrypt(bool client_first, bool answers, uint32_t missing)
{
	struct bytes client = { 0 }, messages = { 0 }, server = { 0 };

	begin(1400);
	put_hello(&client, "again.example", 0);
	put_server_hello(&messages, 0, false);
	if (client_first && !missing)
		put(&messages, "\x0e\0\0\0", 4);
	put_records(&server, &messages, 16384);
	say(0, &client);
	if (answers)
		say(1, &server);
	next[1] += missing;
	say_change(!client_first);
	say_change(client_first);
	conversations_finish(&all);
}

static void test_resumed(void)
{
	encrypt(false, true, 0);
	ok(resumed == 2, "a server that encrypts first goes on with an earlier session");
	encrypt(true, true, 0);
	ok(!resumed, "behind a full handshake neither row calls it so");
	encrypt(true, true, 1000);
	ok(!resumed, "nor where the end of the server's clear part is not in the capture");
	encrypt(false, false, 1000);
	ok(!resumed, "of a hello whose answer is lost nobody knows");
}

static void test_starts_later(void)
{
	struct bytes client = { 0 }, lines = { 0 };

	begin(1400);
	put(&lines, "STARTTLS\r\n", 10);
	say(0, &lines);
	put_hello(&client, "mail.example", 0);
	say(0, &client);
	conversations_finish(&all);
	ok(talk_is("mail.example||||;"), "behind another protocol TLS is found");
	begin(1400);
	lines.length = 0;
	put(&lines, "CONNECT x:443 HTTP/1.1\r\n\r\n", 26);
	say(0, &lines);
	lines.length = 0;
	put(&lines, "HTTP/1.1 200 OK\r\n\r\n", 19);
	say(1, &lines);
	say(0, &client);
	conversations_finish(&all);
	ok(talk_is("mail.example||||;"), "and behind CONNECT");
}

static void test_certificate(void)
{
	struct certificate out;
	uint8_t zero[sizeof(certificate)];
	unsigned complete = 0;

	for (size_t length = 0; length <= sizeof(certificate); length++) {
		uint8_t *copy = malloc(length ? length : 1);

		memcpy(copy, certificate, length);
		complete += certificate_read((struct cursor){ copy, length }, &out);
		free(copy);
	}
	ok(complete == 1 && !strcmp(out.issuer, "CN=host.example,O=Example\\, Inc.") &&
		   !strcmp(out.not_before, "2026-11-21T22:21:47Z"),
	   "a certificate is read when its subject is there, not before");
	memcpy(zero, certificate, sizeof(zero));
	zero[sizeof(zero) - 8] = 0;
	certificate_read((struct cursor){ zero, sizeof(zero) }, &out);
	ok(!strcmp(out.subject, "CN=host\\00example,O=Example\\, Inc."),
	   "a zero in a name is shown, and ends nothing");
}

int main(void)
{
	test_pieces();
	test_1_3();
	test_alone();
	test_lost();
	test_resumed();
	test_starts_later();
	test_certificate();
	conversations_fini(&all);
	return done();
}
