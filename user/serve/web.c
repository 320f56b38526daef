// SPDX-License-Identifier: BSD-2-Clause
/* Serves metrics and health; see web.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "serve/metrics.h"
#include "serve/web.h"
#include "serve/web_address.h"

#ifdef HAVE_LIBMICROHTTPD
#include <microhttpd.h>
#include <time.h>

#define TEXT_TYPE "text/plain; charset=utf-8"
#define MEMORY_PER_CLIENT 16384

/* A page and the second it was made in. */
struct page {
	char *bytes;
	size_t length;
	time_t made;
};

/* A client, since it came or had its last answer. */
struct visit {
	time_t since;
	int fd; /* -1: nobody */
};

struct web {
	struct MHD_Daemon *daemon;
	struct web_ops ops;
	struct visit visits[WEB_CLIENTS];
	struct page pages[2];                                   /* text, OpenMetrics */
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)]; /* "" no Unix socket */
};

bool web_available(void)
{
	return true;
}

static time_t now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Who asks in a loop costs copies, no counting.  An empty page is none: there was no memory. */
static const struct page *metrics_page(struct web *web, bool open)
{
	struct page *page = &web->pages[open];
	time_t now = now_s();
	FILE *stream;

	if (page->bytes && page->made == now)
		return page;
	free(page->bytes);
	page->bytes = NULL;
	stream = open_memstream(&page->bytes, &page->length);
	if (!stream)
		return NULL;
	web->ops.metrics(web->ops.arg, stream, open);
	if (fclose(stream) || !page->length) {
		free(page->bytes);
		page->bytes = NULL;
		return NULL;
	}
	page->made = now;
	return page;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
			      const void *bytes, size_t length)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(length, (void *)bytes, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result say(struct MHD_Connection *connection, unsigned status, const char *text)
{
	char line[256];
	int length = snprintf(line, sizeof(line), "%.200s\n", text);

	return answer(connection, status, TEXT_TYPE, line, length);
}

static enum MHD_Result say_metrics(struct web *web, struct MHD_Connection *connection)
{
	const char *accepted =
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
	bool open = accepted && strstr(accepted, "application/openmetrics-text");
	const struct page *page = metrics_page(web, open);

	if (!page)
		return say(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "no memory");
	return answer(connection, MHD_HTTP_OK, open ? METRICS_TYPE_OPEN : METRICS_TYPE_TEXT,
		      page->bytes, page->length);
}

static enum MHD_Result say_state(struct MHD_Connection *connection, const char *why_not)
{
	return say(connection, why_not ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK,
		   why_not ? why_not : "ok");
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct web *web = arg;

	(void)version, (void)upload;
	/* The first call shows the head only; a body, if there is one, is let go. */
	if (!*state) {
		*state = web;
		return MHD_YES;
	}
	if (*upload_size) {
		*upload_size = 0;
		return MHD_YES;
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return say(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET or HEAD only");
	if (!strcmp(url, "/metrics"))
		return say_metrics(web, connection);
	if (!strcmp(url, "/healthz"))
		return say_state(connection, web->ops.unhealthy(web->ops.arg));
	if (!strcmp(url, "/readyz"))
		return say_state(connection, web->ops.unready(web->ops.arg));
	return say(connection, MHD_HTTP_NOT_FOUND, "/metrics, /healthz or /readyz");
}

/* What a client did wrong is the client's to know. */
static void be_silent(void *arg, const char *format, va_list args)
{
	(void)arg, (void)format, (void)args;
}

static void on_client(void *arg, struct MHD_Connection *connection, void **visit,
		      enum MHD_ConnectionNotificationCode what)
{
	struct web *web = arg;
	struct visit *place = *visit;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (place)
			place->fd = -1;
		return;
	}
	for (unsigned i = 0; !place && i < WEB_CLIENTS; i++)
		if (web->visits[i].fd < 0)
			place = *visit = &web->visits[i];
	if (place)
		*place = (struct visit){
			.since = now_s(),
			.fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
				      ->connect_fd,
		};
}

static void on_answered(void *arg, struct MHD_Connection *connection, void **state,
			enum MHD_RequestTerminationCode how)
{
	struct visit *visit =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
			->socket_context;

	(void)arg, (void)state, (void)how;
	if (visit)
		visit->since = now_s();
}

/* The library's timeout is one of silence: who sends a byte now and then would stay for ever. */
static void end_visits(struct web *web)
{
	time_t now = now_s();

	for (unsigned i = 0; i < WEB_CLIENTS; i++)
		if (web->visits[i].fd >= 0 && now - web->visits[i].since > WEB_TIMEOUT_S)
			shutdown(web->visits[i].fd, SHUT_RDWR);
}

static int start(struct web *web, int listener)
{
	for (unsigned i = 0; i < WEB_CLIENTS; i++)
		web->visits[i].fd = -1;
	web->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, web,
		MHD_OPTION_EXTERNAL_LOGGER, be_silent, NULL, MHD_OPTION_LISTEN_SOCKET, listener,
		MHD_OPTION_CONNECTION_LIMIT, WEB_CLIENTS, MHD_OPTION_CONNECTION_TIMEOUT,
		WEB_TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_PER_CLIENT,
		MHD_OPTION_NOTIFY_CONNECTION, on_client, web, MHD_OPTION_NOTIFY_COMPLETED,
		on_answered, NULL, MHD_OPTION_END);
	return web->daemon ? 0 : -ENOMEM;
}

int web_open(struct web **out, const char *address, const struct web_ops *ops, uid_t uid, gid_t gid)
{
	struct web_address where;
	struct web *web;
	int listener, err = web_address_parse(&where, address);

	if (err)
		return err;
	web = calloc(1, sizeof(*web));
	if (!web)
		return -ENOMEM;
	web->ops = *ops;
	listener = web_address_listen(&where);
	if (listener < 0) {
		free(web);
		return listener;
	}
	if (where.any.sa_family == AF_UNIX) {
		strcpy(web->path, where.un.sun_path);
		err = lchown(web->path, uid, gid) && uid != (uid_t)-1 ? -errno : 0;
	}
	if (!err)
		err = start(web, listener);
	if (err) {
		close(listener);
		web_close(web);
		return err;
	}
	*out = web;
	return 0;
}

int web_fd(const struct web *web)
{
	return MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

void web_poll(struct web *web)
{
	end_visits(web);
	MHD_run(web->daemon);
}

void web_close(struct web *web)
{
	if (!web)
		return;
	if (web->daemon)
		MHD_stop_daemon(web->daemon);
	if (web->path[0])
		unlink(web->path);
	for (int i = 0; i < 2; i++)
		free(web->pages[i].bytes);
	free(web);
}

#else

bool web_available(void)
{
	return false;
}

int web_open(struct web **out, const char *address, const struct web_ops *ops, uid_t uid, gid_t gid)
{
	(void)out, (void)address, (void)ops, (void)uid, (void)gid;
	return -ENOSYS;
}

int web_fd(const struct web *web)
{
	(void)web;
	return -1;
}

void web_poll(struct web *web)
{
	(void)web;
}

void web_close(struct web *web)
{
	(void)web;
}

#endif
