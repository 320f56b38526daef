// SPDX-License-Identifier: BSD-2-Clause
/* What waits to be sent, how long, and how it is signed. */
#include <string.h>
#include "sinks/backoff.h"
#include "sinks/waiting.h"
#include "sinks/webhook.h"
#include "tap.h"

static void test_backoff(void)
{
	struct backoff low = {}, high = {};
	bool doubles = true, bounded = true;
	uint32_t step = BACKOFF_FIRST_MS, first = 0, last = 0;

	for (unsigned i = 0; i < 100; i++) {
		first = backoff_next(&low, 0);
		last = backoff_next(&high, UINT32_MAX);
		doubles = doubles && first == step / 2 && last == step;
		bounded = bounded && last <= BACKOFF_LAST_MS;
		step = step * 2 > BACKOFF_LAST_MS ? BACKOFF_LAST_MS : step * 2;
	}
	ok(doubles, "each pause is from half of its step to all of it, and steps double");
	ok(bounded && last == BACKOFF_LAST_MS, "up to a minute, however often it fails");
	backoff_reset(&low);
	ok(backoff_next(&low, 0) == BACKOFF_FIRST_MS / 2, "after a success it begins anew");
}

static bool next_is(const struct waiting *waiting, const char *text)
{
	const struct message *message = waiting_peek(waiting);

	return message && message->length == strlen(text) &&
	       !memcmp(message->bytes, text, message->length);
}

static unsigned push(struct waiting *waiting, const char *text)
{
	return waiting_push(waiting, text, strlen(text));
}

static void test_full(void)
{
	struct waiting waiting = { .max_count = 3, .max_bytes = 10 };

	ok(!push(&waiting, "a") && !push(&waiting, "b") && !push(&waiting, "c"),
	   "what has room waits");
	ok(push(&waiting, "d") == 1 && next_is(&waiting, "b"), "full: the oldest gives way");
	waiting_hold(&waiting);
	ok(next_is(&waiting, "c") && waiting.held == 1, "what is on its way is not sent again");
	ok(push(&waiting, "e") == 1 && next_is(&waiting, "d") && waiting.count == 3,
	   "and does not give way: the oldest of the others does");
	waiting_unhold(&waiting);
	ok(next_is(&waiting, "b"), "what did not arrive comes first again");
	waiting_hold(&waiting);
	waiting_hold(&waiting);
	waiting_hold(&waiting);
	ok(push(&waiting, "f") == 1 && !waiting_peek(&waiting) && waiting.count == 3,
	   "when all are on their way, the new one is dropped");
	waiting_release(&waiting, 2);
	ok(waiting.count == 1 && waiting.held == 1 && waiting.bytes == 1, "what arrived is gone");
	waiting_release(&waiting, 1);
	ok(!push(&waiting, "12345") && !push(&waiting, "6789") && push(&waiting, "ab") == 1 &&
		   next_is(&waiting, "6789"),
	   "bytes are bounded, too");
	ok(push(&waiting, "longer than all") == 3 && !waiting.count && !waiting.bytes,
	   "what never fits empties it, and is counted itself");
	waiting_fini(&waiting);
}

static void test_signature(void)
{
	/* Computed by openssl dgst -sha256 -hmac. */
	struct webhook webhook = { .secret = "0123456789abcdef", .secret_length = 16 };
	char text[WEBHOOK_HEX];

	webhook_sign(&webhook, "1", "{}\n", 3, text);
	ok(!strcmp(text, "b1dadd8c875c5d65cafc065f9c534cac6ea1b9685fa3aeb1022d624e13e722c7"),
	   "the signature is HMAC-SHA256 of time, dot and body");
	webhook_key("", 0, text);
	ok(!strcmp(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
	   "the key of a request is the SHA-256 of its body");
}

static void test_urls(void)
{
	static const char *const bad[] = { "ftp://a/",     "https://",
					   "https:///x",   "a",
					   "https://u@h/", "https://h/ x",
					   "https://h/\n", "https://u:p@h" };
	bool refused = true;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused = refused && webhook_check_url(bad[i]);
	ok(refused, "what is no URL of a web server, or holds an account, is refused");
	ok(!webhook_check_url("https://a.example/in?x=@1"), "a query may hold anything");
	ok(webhook_is_clear("http://a.example/") && !webhook_is_clear("http://127.0.0.1:8/") &&
		   !webhook_is_clear("https://a/"),
	   "without TLS all can listen, but on this machine");
}

int main(void)
{
	test_backoff();
	test_full();
	test_signature();
	test_urls();
	return done();
}
