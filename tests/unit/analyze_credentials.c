// SPDX-License-Identifier: BSD-2-Clause
/* Secrets are masked unless asked for, and each is shown once. */
#include <stdlib.h>
#include <string.h>
#include "analyze/credential_answers.h"
#include "dissect/credential.h"
#include "dissect/http_message.h"
#include "tap.h"

static struct analyst *analyst;
static char *text;
static size_t size;
static FILE *stream;

static void begin(bool show, bool all, enum answers_format format)
{
	const struct credential_answers_options options = { .show_secrets = show, .all = all };

	stream = open_memstream(&text, &size);
	if (!stream || credential_answers_open(&analyst, &options) ||
	    answers_open(&analyst->answers, stream, format, analyst->columns))
		abort();
}

static void finish(void)
{
	answers_close(analyst->answers);
	analyst->close(analyst);
	fclose(stream);
}

static struct cursor bytes(const char *from)
{
	return (struct cursor){ (const uint8_t *)from, strlen(from) };
}

static struct item_place place(uint16_t client_port, uint64_t frame)
{
	return (struct item_place){ .key = { .low_port = client_port, .high_port = 21, .proto = 6 },
				    .conversation = client_port,
				    .frame = frame };
}

static void say(enum item_kind kind, const void *is, const struct item_place *at)
{
	const struct item item = { kind, at, is };

	analyst->item(analyst, &item);
}

static void say_login(uint16_t client_port, const char *secret)
{
	const struct credential credential = { "FTP", "PASS", bytes("joe"), bytes(secret) };
	const struct item_place at = place(client_port, 7);

	say(ITEM_CREDENTIAL, &credential, &at);
}

static unsigned rows(void)
{
	unsigned count = 0;

	for (const char *at = text; (at = strchr(at, '\n')); at++)
		count++;
	return count;
}

static void test_masked(void)
{
	static const enum answers_format formats[] = { ANSWERS_TABLE, ANSWERS_JSON, ANSWERS_CSV };
	unsigned masked = 0, told = 0;

	for (unsigned i = 0; i < 3; i++) {
		begin(false, false, formats[i]);
		say_login(40000, "s3cr3t");
		finish();
		masked += strstr(text, "***") && strstr(text, "joe") && strstr(text, "6");
		told += strstr(text, "s3cr3t") != NULL;
		free(text);
	}
	ok(masked == 3, "a row has the name, a mask and the secret's length, in every form");
	ok(!told, "and never the secret");
	begin(true, false, ANSWERS_JSON);
	say_login(40000, "s3cr3t");
	finish();
	ok(strstr(text, "\"secret\":\"s3cr3t\",\"secret_length\":6"), "unless it is asked for");
	free(text);
}

static void test_once(void)
{
	begin(false, false, ANSWERS_JSON);
	say_login(40000, "one");
	say_login(40001, "one");
	say_login(40002, "two");
	finish();
	ok(rows() == 2, "between the same hosts each is shown once, whatever the client's port");
	free(text);
	begin(false, true, ANSWERS_JSON);
	say_login(40000, "one");
	say_login(40001, "one");
	finish();
	ok(rows() == 2, "or each time, if that is asked for");
	free(text);
}

static void say_form(const char *first, const char *second)
{
	struct http_message message;
	const char head[] =
		"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded; x\r\n"
		"Authorization: Basic am9lOnNlY3JldA==\r\n\r\n";
	struct http_body body = { .number = 1 };
	const struct item_place at = place(40000, 3), later = place(40000, 4);

	http_message_parse(&message, (const uint8_t *)head, sizeof(head) - 1);
	message.number = 1;
	say(ITEM_HTTP_REQUEST, &message, &at);
	body.bytes = (const uint8_t *)first;
	body.length = strlen(first);
	say(ITEM_HTTP_BODY, &body, &at);
	body.bytes = (const uint8_t *)second;
	body.length = strlen(second);
	say(ITEM_HTTP_BODY, &body, &later);
	say(ITEM_HTTP_END, &body, &later);
}

static void test_http(void)
{
	begin(true, false, ANSWERS_CSV);
	say_form("user=jim&pass", "word=a%20b");
	finish();
	ok(strstr(text, "\"HTTP\",\"Basic\",\"joe\",\"secret\",6"), "HTTP Basic makes a row");
	ok(strstr(text, ",4,") && strstr(text, "\"HTTP\",\"form\",\"jim\",\"a b\",3"),
	   "a form in pieces makes one, in the frame of its last piece");
	free(text);
	begin(true, false, ANSWERS_JSON);
	say_form("q=1", "&r=2");
	finish();
	ok(rows() == 1, "a form without a password makes none");
	free(text);
}

int main(void)
{
	test_masked();
	test_once();
	test_http();
	return done();
}
