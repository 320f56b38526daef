// SPDX-License-Identifier: BSD-2-Clause
/* Asking an API server, by libcurl. */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "kube/request.h"

#define TOKEN_MAX 16384

bool request_escape(char *to, size_t size, const char *text)
{
	size_t used = 0;

	for (; *text; text++) {
		unsigned char c = *text;
		bool plain = isalnum(c) || strchr("-._~", c);

		if (used + 4 > size)
			return false;
		used += (size_t)sprintf(to + used, plain ? "%c" : "%%%02X", c);
	}
	to[used] = '\0';
	return true;
}

#ifdef HAVE_LIBCURL

#include <curl/curl.h>

#define CONNECT_S 10
#define STALL_S 30 /* of an answer that is expected whole */
#define ALIVE_S 20 /* a watch is silent for long, so the connection is asked */
#define TURN_MS 1000

struct request {
	CURL *easy;
	CURLM *multi;
	struct request_options options;
	request_chunk_fn *chunk; /* of the question that is asked */
	void *arg;
	int stopped; /* what chunk returned */
	char error[CURL_ERROR_SIZE];
};

int request_open(struct request **out, const struct request_options *options,
		 char error[REQUEST_ERROR])
{
	struct request *request;

	if (strncmp(options->server, "https://", 8)) {
		snprintf(error, REQUEST_ERROR, "'%.200s' does not begin with https://",
			 options->server);
		return -EINVAL;
	}
	snprintf(error, REQUEST_ERROR, "out of memory");
	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return -ENOMEM;
	request = calloc(1, sizeof(*request));
	if (!request) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	request->options = *options;
	request->easy = curl_easy_init();
	request->multi = curl_multi_init();
	if (!request->easy || !request->multi) {
		request_close(request);
		return -ENOMEM;
	}
	*out = request;
	return 0;
}

void request_close(struct request *request)
{
	if (!request)
		return;
	curl_easy_cleanup(request->easy);
	if (request->multi)
		curl_multi_cleanup(request->multi);
	free(request);
	curl_global_cleanup();
}

static size_t on_write(char *from, size_t size, size_t count, void *arg)
{
	struct request *request = arg;
	long status = 0;

	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200) /* the number says it all */
		return size * count;
	request->stopped = request->chunk(request->arg, from, size * count);
	return request->stopped ? 0 : size * count;
}

static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
	struct request *request = arg;
	long status = 0;

	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200 && size * count == 2 && line[0] == '\r')
		request->chunk(request->arg, line, 0);
	return size * count;
}

/* 0, or -errno and one line. */
static int set_token(struct request *request, char error[REQUEST_ERROR])
{
	const char *path = request->options.token;
	FILE *file = path ? fopen(path, "re") : NULL;
	char token[TOKEN_MAX];
	size_t length = 0;
	int err = 0;

	if (!path)
		return 0;
	if (file)
		length = fread(token, 1, sizeof(token) - 1, file);
	if (!file || ferror(file)) {
		err = -errno;
		snprintf(error, REQUEST_ERROR, "cannot read the token %.200s: %s", path,
			 strerror(errno));
	}
	if (file)
		fclose(file);
	while (length && isspace((unsigned char)token[length - 1]))
		length--;
	token[length] = '\0';
	for (size_t i = 0; !err && i < length; i++)
		if (!isgraph((unsigned char)token[i]))
			err = -EBADMSG;
	if (!err && (!length || length == sizeof(token) - 1))
		err = -EBADMSG;
	if (err == -EBADMSG)
		snprintf(error, REQUEST_ERROR, "%.200s holds no token", path);
	if (!err) {
		curl_easy_setopt(request->easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(request->easy, CURLOPT_XOAUTH2_BEARER, token);
	}
	explicit_bzero(token, sizeof(token));
	return err;
}

static void set(struct request *request, const char *path, uint32_t limit_s)
{
	char url[REQUEST_URL];
	CURL *easy = request->easy;

	/* Keeps connections, and forgets the rest. */
	curl_easy_reset(easy);
	snprintf(url, sizeof(url), "%s%s", request->options.server, path);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Who is told to stop does not wait for a name server that is silent. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, (long)ALIVE_S);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, (long)ALIVE_S);
	if (limit_s) {
		curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)limit_s);
	} else {
		curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
		curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
	}
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "skua");
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->error);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
	if (request->options.ca)
		curl_easy_setopt(easy, CURLOPT_CAINFO, request->options.ca);
	request->error[0] = '\0';
	request->stopped = 0;
}

/* To its end, or to the word stop. */
static int perform(struct request *request, CURLcode *code)
{
	int running = 1, left, err = 0;
	CURLMsg *message;

	curl_multi_add_handle(request->multi, request->easy);
	while (!err) {
		struct curl_waitfd waits[REQUEST_STOPS];
		unsigned count = 0;

		for (int i = 0; i < REQUEST_STOPS; i++)
			if (request->options.stops[i] >= 0)
				waits[count++] =
					(struct curl_waitfd){ .fd = request->options.stops[i],
							      .events = CURL_WAIT_POLLIN };
		if (curl_multi_perform(request->multi, &running))
			err = -ENOMEM;
		if (err || !running)
			break;
		if (curl_multi_poll(request->multi, waits, count, TURN_MS, NULL))
			err = -ENOMEM;
		else if (request_wait(request, 0))
			err = -ECANCELED;
	}
	*code = CURLE_OK;
	while ((message = curl_multi_info_read(request->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			*code = message->data.result;
	curl_multi_remove_handle(request->multi, request->easy);
	return err;
}

int request_get(struct request *request, const char *path, uint32_t limit_s,
		request_chunk_fn *chunk, void *arg, long *status, char error[REQUEST_ERROR])
{
	CURLcode code;
	int err;

	set(request, path, limit_s);
	request->chunk = chunk;
	request->arg = arg;
	err = set_token(request, error);
	if (err)
		return err;
	err = perform(request, &code);
	if (err)
		snprintf(error, REQUEST_ERROR, "%s", strerror(-err));
	if (err)
		return err;
	if (request->stopped)
		return request->stopped;
	if (code) {
		const char *why = request->error[0] ? request->error : curl_easy_strerror(code);

		text_escape(error, REQUEST_ERROR, why, strlen(why));
		return -EIO;
	}
	curl_easy_getinfo(request->easy, CURLINFO_RESPONSE_CODE, status);
	return 0;
}

bool request_wait(const struct request *request, uint32_t ms)
{
	struct pollfd waits[REQUEST_STOPS];

	for (int i = 0; i < REQUEST_STOPS; i++)
		waits[i] = (struct pollfd){ .fd = request->options.stops[i], .events = POLLIN };
	return poll(waits, REQUEST_STOPS, ms) > 0;
}

#else

int request_open(struct request **out, const struct request_options *options,
		 char error[REQUEST_ERROR])
{
	(void)out;
	(void)options;
	snprintf(error, REQUEST_ERROR,
		 "built without libcurl: install libcurl4-openssl-dev and build again");
	return -EOPNOTSUPP;
}

void request_close(struct request *request)
{
	(void)request;
}

int request_get(struct request *request, const char *path, uint32_t limit_s,
		request_chunk_fn *chunk, void *arg, long *status, char error[REQUEST_ERROR])
{
	(void)request;
	(void)path;
	(void)limit_s;
	(void)chunk;
	(void)arg;
	(void)status;
	(void)error;
	return -EOPNOTSUPP;
}

bool request_wait(const struct request *request, uint32_t ms)
{
	(void)request;
	(void)ms;
	return true;
}

#endif
