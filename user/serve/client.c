// SPDX-License-Identifier: BSD-2-Clause
/* Asks a running agent over its control socket. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "serve/client.h"

#define AGAIN_MS 20 /* between two attempts at a busy agent */

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

static int read_all(int fd, void *to, size_t length, int64_t end_ms)
{
	size_t got = 0;

	while (got < length) {
		ssize_t more;
		int err = wait_for(fd, POLLIN, end_ms);

		if (err)
			return err;
		more = recv(fd, (char *)to + got, length - got, 0);
		if (!more)
			return -ECONNRESET;
		if (more < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		got += more > 0 ? more : 0;
	}
	return 0;
}

static int refusal(const struct control_head *head, unsigned *version)
{
	if (head->version != CONTROL_VERSION) {
		*version = head->version;
		return -EPROTONOSUPPORT;
	}
	return head->what == CONTROL_BUSY ? -EBUSY : -EBADMSG;
}

static int ask(int fd, int64_t end_ms, struct status_view *out, unsigned *version)
{
	const struct control_head request = { sizeof(request), CONTROL_VERSION, CONTROL_STATUS };
	struct control_reply reply;
	int err;

	/* A head always fits into a fresh socket's buffer. */
	if (send(fd, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request) && errno != EPIPE)
		return -errno;
	err = read_all(fd, &reply.head, sizeof(reply.head), end_ms);
	if (err)
		return err;
	switch (control_reply_length(&reply.head)) {
	case sizeof(reply):
		err = read_all(fd, &reply.view, sizeof(reply.view), end_ms);
		break;
	case sizeof(reply.head):
		return refusal(&reply.head, version);
	default:
		return -EBADMSG;
	}
	if (err)
		return err;
	if (!view_check(&reply.view))
		return -EBADMSG;
	*out = reply.view;
	return 0;
}

static int ask_once(const struct sockaddr_un *address, int64_t end_ms, struct status_view *out,
		    unsigned *version)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	err = connect_to(fd, address, end_ms);
	if (!err)
		err = ask(fd, end_ms, out, version);
	close(fd);
	return err;
}

int client_status(const char *path, int timeout_ms, struct status_view *out, unsigned *version)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int64_t end_ms = now_ms() + timeout_ms;
	int err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	while ((err = ask_once(&address, end_ms, out, version)) == -EBUSY &&
	       now_ms() + AGAIN_MS < end_ms)
		usleep(AGAIN_MS * 1000);
	return err;
}
