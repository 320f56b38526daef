// SPDX-License-Identifier: BSD-2-Clause
/* Sends findings to a web server, by libcurl. */
#include "sinks/webhook.h"

#ifdef HAVE_LIBCURL

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/log.h"
#include "base/text.h"

#define IDLE_MS 60000
#define CONNECT_S 10
#define RETRY_AFTER_MAX_S 300

struct client {
	const struct webhook *webhook;
	struct sender_end *end;
	struct backoff backoff;
	CURL *easy;
	CURLM *multi;
	struct curl_slist *headers;
	bool busy, failing; /* failing: and that has been said */
	uint64_t at_ms;     /* of the next try */
	size_t length;      /* of body: what is held; 0: nothing is */
	char error[CURL_ERROR_SIZE];
	char body[WEBHOOK_BATCH_BYTES];
};

/* What it answers beside its status does not matter. */
static size_t on_answer(char *from, size_t size, size_t count, void *arg)
{
	(void)from;
	(void)arg;
	return size * count;
}

/* Lines that stay together until the server has them.  One that is too long for any is dropped. */
static void gather(struct client *client)
{
	struct sender_end *end = client->end;
	const struct message *message;

	while (end->waiting.held < WEBHOOK_BATCH && (message = waiting_peek(&end->waiting))) {
		if (message->length > sizeof(client->body) - client->length)
			break;
		memcpy(client->body + client->length, message->bytes, message->length);
		client->length += message->length;
		waiting_hold(&end->waiting);
	}
}
_Static_assert(SENDER_MESSAGE <= WEBHOOK_BATCH_BYTES, "any message fits");

static void add_header(struct client *client, const char *name, const char *value)
{
	char line[256];
	struct curl_slist *longer;

	snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(client->headers, line);
	if (longer)
		client->headers = longer;
}

static void set_headers(struct client *client)
{
	char key[WEBHOOK_HEX], now[TEXT_NUMBER], signature[WEBHOOK_HEX + 8] = "sha256=";

	curl_slist_free_all(client->headers);
	client->headers = NULL;
	add_header(client, "Content-Type", "application/x-ndjson");
	add_header(client, "Expect", "");
	webhook_key(client->body, client->length, key);
	add_header(client, "Idempotency-Key", key);
	text_number(now, time(NULL));
	add_header(client, "X-Skua-Timestamp", now);
	if (!client->webhook->secret_length)
		return;
	webhook_sign(client->webhook, now, client->body, client->length,
		     signature + strlen(signature));
	add_header(client, "X-Skua-Signature", signature);
}

static void begin(struct client *client)
{
	CURL *easy = client->easy;

	set_headers(client);
	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_URL, client->webhook->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)client->webhook->timeout_s);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "skua");
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
	if (client->webhook->cacert)
		curl_easy_setopt(easy, CURLOPT_CAINFO, client->webhook->cacert);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, client->headers);
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, client->body);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)client->length);
	client->error[0] = '\0';
	client->busy = !curl_multi_add_handle(client->multi, easy);
}

static bool is_worth_another_try(long status)
{
	return status == 408 || status == 425 || status == 429 || status >= 500;
}

static void say(struct client *client, const char *what, long status, const char *then)
{
	const char *why = client->error;
	char said[TEXT_ESCAPED(CURL_ERROR_SIZE)] = "";

	text_escape(said, sizeof(said), why, strlen(why));
	if (status)
		log_warning("%s: the server answers %ld; %s", what, status, then);
	else
		log_warning("%s: %s; %s", what, said[0] ? said : "no answer", then);
}

static void try_again(struct client *client, long status)
{
	uint64_t pause_ms = sender_pause_ms(client->end, &client->backoff);
	curl_off_t wished_s = 0;

	curl_easy_getinfo(client->easy, CURLINFO_RETRY_AFTER, &wished_s);
	if (wished_s > RETRY_AFTER_MAX_S)
		wished_s = RETRY_AFTER_MAX_S;
	if (wished_s > 0 && (uint64_t)wished_s * 1000 > pause_ms && !client->end->over)
		pause_ms = wished_s * 1000;
	client->at_ms = sender_now_ms() + pause_ms;
	if (!client->failing)
		say(client, "webhook", status, "what is found waits for it");
	client->failing = true;
}

static void finish(struct client *client, CURLcode code)
{
	struct sender_end *end = client->end;
	long status = 0;

	curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OK && status / 100 == 2) {
		sender_delivered(end, end->waiting.held);
		if (client->failing)
			log_info("webhook: works again");
		client->failing = false;
		backoff_reset(&client->backoff);
	} else if (code != CURLE_OK || is_worth_another_try(status)) {
		try_again(client, code == CURLE_OK ? status : 0);
		return;
	} else {
		if (!end->counts->dropped[SENDER_REJECTED])
			say(client, "webhook", status, "that is final: it does not take these");
		sender_drop(end, SENDER_REJECTED, end->waiting.held);
		waiting_release(&end->waiting, end->waiting.held);
	}
	client->length = 0;
}

static void work(struct client *client)
{
	CURLMsg *message;
	int running, left;

	if (!client->busy && !client->length)
		gather(client);
	if (!client->busy && client->length && sender_now_ms() >= client->at_ms)
		begin(client);
	if (!client->busy)
		return;
	curl_multi_perform(client->multi, &running);
	while ((message = curl_multi_info_read(client->multi, &left))) {
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		client->busy = false;
		finish(client, code);
		curl_multi_remove_handle(client->multi, client->easy);
		break;
	}
}

static int how_long(const struct client *client)
{
	uint64_t now = sender_now_ms();

	if (client->busy || (!client->length && !client->end->waiting.count))
		return IDLE_MS;
	return client->at_ms > now ? (int)(client->at_ms - now) : 0;
}

static void send_all(struct client *client)
{
	struct sender_end *end = client->end;
	bool hurried = false;

	while (!sender_is_done(end)) {
		struct curl_waitfd channel = { .fd = end->channel, .events = CURL_WAIT_POLLIN };

		curl_multi_poll(client->multi, &channel, end->over ? 0 : 1,
				sender_timeout(end, how_long(client)), NULL);
		sender_receive(end);
		if (end->over && !hurried)
			client->at_ms = 0;
		hurried = end->over;
		work(client);
	}
}

bool webhook_is_there(void)
{
	return true;
}

void webhook_send(struct sender_end *end, void *webhook)
{
	struct client *client = calloc(1, sizeof(*client));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (client) {
		client->webhook = webhook;
		client->end = end;
		client->easy = curl_easy_init();
		client->multi = curl_multi_init();
	}
	if (client && client->easy && client->multi)
		send_all(client);
	else
		log_error("webhook: out of memory: nothing is sent");
	if (client && client->busy)
		curl_multi_remove_handle(client->multi, client->easy);
	if (client) {
		curl_easy_cleanup(client->easy);
		curl_multi_cleanup(client->multi);
		curl_slist_free_all(client->headers);
	}
	free(client);
	curl_global_cleanup();
}

#else

bool webhook_is_there(void)
{
	return false;
}

void webhook_send(struct sender_end *end, void *webhook)
{
	(void)end;
	(void)webhook;
}

#endif
