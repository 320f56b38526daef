// SPDX-License-Identifier: BSD-2-Clause
/* HTTP requests by libcurl, one at a time over a connection that is kept. */
#include <errno.h>
#include "record/upload_http.h"

#ifdef HAVE_LIBCURL

#include <curl/curl.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/text.h"

#define CONNECT_S 30
#define STALL_S 60 /* not a byte for so long: try again rather than wait */
#define TURN_MS 1000
#define ANSWER_MAX 1024 /* of what a server says to an error */

struct upload_http {
	CURL *easy;
	CURLM *multi;
	struct upload_http_options options;
	/* of the request that is on its way */
	const struct upload_body *body;
	struct sha256_ctx state;
	uint64_t sent;
	bool changed; /* the body is not what its hash says */
	FILE *to;
	uint64_t limit, got;
	bool too_much;
	size_t said_length;
	char said[ANSWER_MAX];
	char error[CURL_ERROR_SIZE];
};

const char *upload_http_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}

int upload_http_open(struct upload_http **out, const struct upload_http_options *options)
{
	struct upload_http *http;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return -EIO;
	http = calloc(1, sizeof(*http));
	if (!http) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	http->options = *options;
	http->easy = curl_easy_init();
	http->multi = curl_multi_init();
	if (!http->easy || !http->multi) {
		upload_http_close(http);
		return -ENOMEM;
	}
	*out = http;
	return 0;
}

void upload_http_close(struct upload_http *http)
{
	if (!http)
		return;
	curl_easy_cleanup(http->easy);
	if (http->multi)
		curl_multi_cleanup(http->multi);
	free(http);
	curl_global_cleanup();
}

static bool hash_is(const struct sha256_ctx *state, const char *said)
{
	struct sha256_ctx copy = *state;
	unsigned char hash[SHA256_DIGEST_SIZE];
	char text[UPLOAD_HASH];

	sha256_digest(&copy, sizeof(hash), hash);
	sodium_bin2hex(text, sizeof(text), hash, sizeof(hash));
	return !strcmp(text, said);
}

/* The last bytes are handed over only when the whole is what its hash says. */
static size_t on_read(char *to, size_t size, size_t count, void *arg)
{
	struct upload_http *http = arg;
	const struct upload_body *body = http->body;
	uint64_t left = body->length - http->sent;
	size_t room = size * count < left ? size * count : left;
	ssize_t got = room;

	if (!room)
		return 0;
	if (body->fd >= 0)
		got = pread(body->fd, to, room, http->sent);
	else
		memcpy(to, body->bytes + http->sent, room);
	if (got <= 0) {
		http->changed = true;
		return CURL_READFUNC_ABORT;
	}
	sha256_update(&http->state, got, (const uint8_t *)to);
	http->sent += got;
	if (http->sent == body->length && !hash_is(&http->state, body->sha256)) {
		http->changed = true;
		return CURL_READFUNC_ABORT;
	}
	return got;
}

/* A connection that had gone stale is opened anew: from the beginning. */
static int on_seek(void *arg, curl_off_t offset, int origin)
{
	struct upload_http *http = arg;

	if (offset || origin != SEEK_SET)
		return CURL_SEEKFUNC_CANTSEEK;
	http->sent = 0;
	sha256_init(&http->state);
	return CURL_SEEKFUNC_OK;
}

static size_t on_write(char *from, size_t size, size_t count, void *arg)
{
	struct upload_http *http = arg;
	size_t length = size * count, keep = length;
	long status = 0;

	curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
	if (http->to && status == 200) {
		http->got += length;
		http->too_much = http->got > http->limit;
		return http->too_much ? 0 : fwrite(from, 1, length, http->to);
	}
	if (keep > ANSWER_MAX - http->said_length)
		keep = ANSWER_MAX - http->said_length;
	memcpy(http->said + http->said_length, from, keep);
	http->said_length += keep;
	return length;
}

/* "403 (AccessDenied)": S3 gives errors a word. */
static void say_status(struct upload_http *http, struct upload_answer *answer)
{
	const char *code = memmem(http->said, http->said_length, "<Code>", 6), *end = NULL;
	char word[TEXT_ESCAPED(40)] = "";

	if (code)
		end = memmem(code, http->said + http->said_length - code, "</Code>", 7);
	if (end && end - code - 6 <= 40)
		text_escape(word, sizeof(word), code + 6, end - code - 6);
	snprintf(answer->reason, sizeof(answer->reason), "the server answers %ld%s%s%s",
		 answer->status, word[0] ? " (" : "", word, word[0] ? ")" : "");
}

static int judge(struct upload_http *http, CURLcode code, struct upload_answer *answer)
{
	curl_off_t retry_after = 0;

	curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_getinfo(http->easy, CURLINFO_RETRY_AFTER, &retry_after);
	answer->retry_after_s = retry_after < 0 || retry_after > 86400 ? 0 : retry_after;
	if (http->changed)
		return -EBADMSG;
	if (http->too_much)
		return -EFBIG;
	if (answer->status >= 300) {
		say_status(http, answer);
		if (answer->status == 413 || strstr(answer->reason, "EntityTooLarge"))
			return -EFBIG;
		return answer->status == 404 && http->to ? -ENOENT : -EIO;
	}
	if (code) {
		const char *why = http->error[0] ? http->error : curl_easy_strerror(code);

		text_escape(answer->reason, sizeof(answer->reason), why, strlen(why));
		return -EIO;
	}
	/* A body that goes nowhere, such as "partial content" that was not asked for, is none. */
	if (http->to && answer->status != 200) {
		say_status(http, answer);
		return -EIO;
	}
	return 0;
}

/* Runs the request to its end, or to the word stop. */
static int perform(struct upload_http *http, struct upload_answer *answer)
{
	const int *stops = http->options.stops;
	struct curl_waitfd waits[UPLOAD_STOPS];
	int running = 1, left, err = 0;
	unsigned n = 0;
	CURLcode code = CURLE_OK;
	CURLMsg *message;

	for (int i = 0; i < UPLOAD_STOPS; i++)
		if (stops[i] >= 0)
			waits[n++] =
				(struct curl_waitfd){ .fd = stops[i], .events = CURL_WAIT_POLLIN };
	curl_multi_add_handle(http->multi, http->easy);
	while (!err) {
		if (curl_multi_perform(http->multi, &running)) {
			code = CURLE_OUT_OF_MEMORY;
			break;
		}
		if (!running)
			break;
		if (curl_multi_poll(http->multi, waits, n, TURN_MS, NULL))
			code = CURLE_OUT_OF_MEMORY;
		if (code)
			break;
		if (upload_stopped(stops, 0))
			err = -ECANCELED;
	}
	while ((message = curl_multi_info_read(http->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			code = message->data.result;
	if (!err)
		err = judge(http, code, answer);
	curl_multi_remove_handle(http->multi, http->easy);
	return err;
}

static struct curl_slist *add(struct curl_slist *list, const char *name, const char *value)
{
	char line[4200];
	struct curl_slist *longer;

	snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(list, line);
	explicit_bzero(line, sizeof(line));
	return longer ? longer : list;
}

/* RFC 9530: of the bytes that are sent. */
static struct curl_slist *add_digest(struct curl_slist *list, const char *sha256)
{
	unsigned char hash[SHA256_DIGEST_SIZE];
	char base64[64], value[96];

	if (sodium_hex2bin(hash, sizeof(hash), sha256, strlen(sha256), NULL, NULL, NULL))
		return list;
	sodium_bin2base64(base64, sizeof(base64), hash, sizeof(hash),
			  sodium_base64_VARIANT_ORIGINAL);
	snprintf(value, sizeof(value), "sha-256=:%s:", base64);
	return add(list, "Content-Digest", value);
}

static void set_common(struct upload_http *http, const char *name)
{
	char url[UPLOAD_URL + UPLOAD_PATH + 64];
	CURL *easy = http->easy;

	/* Keeps connections, and forgets the rest. */
	curl_easy_reset(easy);
	snprintf(url, sizeof(url), "%s%s", http->options.target->base, name);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "skua");
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
	if (http->options.cacert)
		curl_easy_setopt(easy, CURLOPT_CAINFO, http->options.cacert);
	http->error[0] = '\0';
	http->said_length = 0;
	http->sent = http->got = 0;
	http->changed = http->too_much = false;
	sha256_init(&http->state);
}

static struct curl_slist *set_keys(struct upload_http *http, const char *sha256,
				   struct curl_slist *list)
{
	const struct upload_keys *keys = http->options.keys;
	char scope[96];

	if (http->options.target->s3) {
		snprintf(scope, sizeof(scope), "aws:amz:%s:s3", keys->s3_region);
		curl_easy_setopt(http->easy, CURLOPT_AWS_SIGV4, scope);
		curl_easy_setopt(http->easy, CURLOPT_USERNAME, keys->s3_id);
		curl_easy_setopt(http->easy, CURLOPT_PASSWORD, keys->s3_secret);
		list = add(list, "x-amz-content-sha256", sha256);
		if (keys->s3_token[0])
			list = add(list, "x-amz-security-token", keys->s3_token);
	} else if (keys->http_token[0]) {
		curl_easy_setopt(http->easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(http->easy, CURLOPT_XOAUTH2_BEARER, keys->http_token);
	} else if (keys->http_user[0]) {
		/* At once, as a challenge would cost sending the body twice. */
		curl_easy_setopt(http->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(http->easy, CURLOPT_USERNAME, keys->http_user);
		curl_easy_setopt(http->easy, CURLOPT_PASSWORD, keys->http_password);
	}
	return list;
}

int upload_http_put(struct upload_http *http, const char *name, const struct upload_body *body,
		    struct upload_answer *answer)
{
	struct curl_slist *headers = NULL;
	int err;

	memset(answer, 0, sizeof(*answer));
	set_common(http, name);
	http->body = body;
	http->to = NULL;
	headers = set_keys(http, body->sha256, headers);
	headers = add(headers, "Content-Type", "application/octet-stream");
	if (!http->options.target->s3)
		headers = add_digest(headers, body->sha256);
	curl_easy_setopt(http->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(http->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)body->length);
	curl_easy_setopt(http->easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(http->easy, CURLOPT_READDATA, http);
	curl_easy_setopt(http->easy, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(http->easy, CURLOPT_SEEKDATA, http);
	curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, headers);
	err = perform(http, answer);
	curl_slist_free_all(headers);
	/* A server that is content before it has all of it does not have it. */
	if (!err && http->sent != body->length) {
		snprintf(answer->reason, sizeof(answer->reason), "the server took a part only");
		err = -EIO;
	}
	return err;
}

int upload_http_make_folder(struct upload_http *http, const char *name)
{
	struct upload_answer answer = {};

	set_common(http, name);
	http->to = NULL;
	set_keys(http, "", NULL);
	curl_easy_setopt(http->easy, CURLOPT_CUSTOMREQUEST, "MKCOL");
	return perform(http, &answer);
}

int upload_http_get(struct upload_http *http, const char *name, FILE *to, uint64_t limit,
		    struct upload_answer *answer)
{
	static const char nothing[] = "e3b0c44298fc1c149afbf4c8996fb924"
				      "27ae41e4649b934ca495991b7852b855";
	struct curl_slist *headers;
	int err;

	memset(answer, 0, sizeof(*answer));
	set_common(http, name);
	http->to = to;
	http->limit = limit;
	headers = set_keys(http, nothing, NULL);
	curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, headers);
	err = perform(http, answer);
	curl_slist_free_all(headers);
	if (!err && (fflush(to) || ferror(to))) {
		snprintf(answer->reason, sizeof(answer->reason), "cannot keep it: %s",
			 strerror(errno));
		err = -EIO;
	}
	return err;
}

#endif
