// SPDX-License-Identifier: BSD-2-Clause
/* Asks a running agent over its control socket. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "serve/client.h"

#define AGAIN_MS 20         /* between two attempts at a busy agent */
#define AGAIN_COSTLY_MS 200 /* what it does a few times a second is not asked for more often */
#define STREAM_STEP 1048576 /* memory grows as bytes come, not as somebody says they will */

/* The question, and the answer as far as it has come. */
struct exchange {
	struct control_request request;
	struct control_reply reply; /* of a status; of others, its beginning */
	struct control_answer answer;
	int64_t end_ms;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/* 0 when the socket is ready, or has failed so that the next call says how. */
static int wait_for(int fd, short events, int64_t end_ms)
{
	struct pollfd waited = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = end_ms - now_ms();
		int ready = left > 0 ? poll(&waited, 1, left) : 0;

		if (ready > 0)
			return 0;
		if (!ready)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

static int connect_to(int fd, const struct sockaddr_un *address, int64_t end_ms)
{
	while (connect(fd, (const struct sockaddr *)address, sizeof(*address))) {
		if (errno != EAGAIN && errno != EINTR) /* EAGAIN: too many wait already */
			return -errno;
		if (now_ms() >= end_ms)
			return -ETIMEDOUT;
		usleep(AGAIN_MS * 1000);
	}
	return 0;
}

static int read_some(int fd, void *to, size_t length, int64_t end_ms, size_t *got)
{
	int err = wait_for(fd, POLLIN, end_ms);
	ssize_t more;

	if (err)
		return err;
	more = recv(fd, to, length, 0);
	if (!more)
		return -ECONNRESET;
	if (more < 0 && errno != EAGAIN && errno != EINTR)
		return -errno;
	*got += more > 0 ? more : 0;
	return 0;
}

static int read_all(int fd, void *to, size_t length, int64_t end_ms)
{
	size_t got = 0;
	int err = 0;

	while (!err && got < length)
		err = read_some(fd, (char *)to + got, length - got, end_ms, &got);
	return err;
}

/* So many bytes, of which the next must come in time, however many they are. */
static int read_stream(int fd, uint64_t length, int timeout_ms, char **out)
{
	size_t got = 0, room = 0;
	char *bytes = NULL;
	int err = 0;

	while (!err && got < length) {
		if (got == room) {
			size_t wanted = room + (room > STREAM_STEP ? room / 2 : STREAM_STEP);
			char *larger;

			wanted = wanted < length ? wanted : length;
			larger = realloc(bytes, wanted);
			if (!larger) {
				err = -ENOMEM;
				break;
			}
			bytes = larger;
			room = wanted;
		}
		err = read_some(fd, bytes + got, room - got, now_ms() + timeout_ms, &got);
	}
	if (err)
		free(bytes);
	else
		*out = bytes;
	return err;
}

static int refusal(const struct control_head *head, unsigned *version)
{
	if (head->version != CONTROL_VERSION) {
		*version = head->version;
		return -EPROTONOSUPPORT;
	}
	switch (head->what) {
	case CONTROL_BUSY:
		return -EBUSY;
	case CONTROL_BAD_KIND: /* an older agent */
	case CONTROL_UNSUPPORTED:
		return -EOPNOTSUPP;
	case CONTROL_NOTHING:
		return -ENODATA;
	case CONTROL_TOO_BIG:
		return -EFBIG;
	case CONTROL_BAD_FIELD:
		return -EINVAL;
	case CONTROL_FAILED:
		return -EIO;
	case CONTROL_FORBIDDEN:
		return -EKEYREJECTED;
	default:
		return -EBADMSG;
	}
}

/* What stands behind the head of a reply that is OK. */
static int read_rest(struct client *client, int fd, struct exchange *exchange)
{
	struct control_stream stream;
	int err;

	switch (exchange->request.head.what) {
	case CONTROL_STATUS:
		err = read_all(fd, &exchange->reply.view, sizeof(exchange->reply.view),
			       exchange->end_ms);
		return !err && !view_check(&exchange->reply.view) ? -EBADMSG : err;
	case CONTROL_SNAPSHOT:
	case CONTROL_FINDINGS:
	case CONTROL_DERIVATIONS:
		err = read_all(fd, &stream, sizeof(stream), exchange->end_ms);
		if (err)
			return err;
		if (stream.length > CONTROL_STREAM_MAX)
			return -EBADMSG;
		exchange->answer = (struct control_answer){ .length = stream.length,
							    .next = stream.next,
							    .missed = stream.missed };
		return read_stream(fd, stream.length, client->timeout_ms, &exchange->answer.bytes);
	default:
		return 0;
	}
}

static int ask(struct client *client, int fd, struct exchange *exchange)
{
	struct control_head *head = &exchange->reply.head;
	size_t length = exchange->request.head.length;
	int err;

	/* A request always fits into a fresh socket's buffer. */
	if (send(fd, &exchange->request, length, MSG_NOSIGNAL) != (ssize_t)length && errno != EPIPE)
		return -errno;
	err = read_all(fd, head, sizeof(*head), exchange->end_ms);
	if (err)
		return err;
	if (!control_reply_length(head, exchange->request.head.what))
		return -EBADMSG;
	if (head->what != CONTROL_OK || head->version != CONTROL_VERSION)
		return refusal(head, &client->version);
	return read_rest(client, fd, exchange);
}

static int ask_once(struct client *client, const struct sockaddr_un *address,
		    struct exchange *exchange)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	err = connect_to(fd, address, exchange->end_ms);
	if (!err)
		err = ask(client, fd, exchange);
	close(fd);
	return err;
}

static int ask_until_answered(struct client *client, enum control_kind kind,
			      struct exchange *exchange)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int pause_ms = kind == CONTROL_STATUS ? AGAIN_MS : AGAIN_COSTLY_MS, err;
	bool busy = false;

	if (strlen(client->path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, client->path);
	exchange->request.head =
		(struct control_head){ control_request_length(kind), CONTROL_VERSION, kind };
	exchange->end_ms = now_ms() + client->timeout_ms;
	while ((err = ask_once(client, &address, exchange)) == -EBUSY &&
	       now_ms() + pause_ms < exchange->end_ms) {
		busy = true;
		usleep(pause_ms * 1000);
	}
	/* It does answer: there was no time left for another one. */
	return busy && err == -ETIMEDOUT ? -EBUSY : err;
}

int client_status(struct client *client, struct status_view *out)
{
	struct exchange exchange = {};
	int err = ask_until_answered(client, CONTROL_STATUS, &exchange);

	if (!err)
		*out = exchange.reply.view;
	return err;
}

int client_snapshot(struct client *client, const struct control_selector *selector,
		    struct control_answer *out)
{
	struct exchange exchange = { .request.selector = *selector };
	int err = ask_until_answered(client, CONTROL_SNAPSHOT, &exchange);

	if (!err)
		*out = exchange.answer;
	return err;
}

static int read_lines(struct client *client, enum control_kind kind, uint64_t next,
		      struct control_answer *out)
{
	struct exchange exchange = { .request.cursor = { next } };
	int err = ask_until_answered(client, kind, &exchange);

	if (!err)
		*out = exchange.answer;
	return err;
}

int client_findings(struct client *client, uint64_t next, struct control_answer *out)
{
	return read_lines(client, CONTROL_FINDINGS, next, out);
}

int client_derivations(struct client *client, uint64_t next, struct control_answer *out)
{
	return read_lines(client, CONTROL_DERIVATIONS, next, out);
}

int client_arm(struct client *client, const struct control_selector *selector, uint32_t seconds)
{
	struct exchange exchange = { .request.arm = { *selector, seconds, 0 } };

	return ask_until_answered(client, CONTROL_ARM, &exchange);
}
