// SPDX-License-Identifier: BSD-2-Clause
/* Serves the control socket without ever waiting for a client. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "serve/control_state.h"

/* Without a descriptor to spare, accepting is tried once a second. */
#define PAUSE_NS 1000000000ull
#define PIECE 262144 /* about what a socket takes at once */

static void client_drop(struct control_client *client)
{
	close(client->fd);
	client->fd = -1;
	free(client->answer.bytes);
	client->answer = (struct control_answer){};
	client->holds_snapshot = false;
}

static void client_turn_away(struct control *control, struct control_client *client)
{
	control->turned_away++;
	client_drop(client);
}

/* As good as it can be done at once: who did not listen so far may miss it. */
static void client_tell(struct control_client *client, enum control_verdict verdict)
{
	const struct control_head head = { sizeof(head), CONTROL_VERSION, verdict };

	send(client->fd, &head, sizeof(head), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void client_refuse(struct control *control, struct control_client *client,
			  enum control_verdict verdict)
{
	client_tell(client, verdict);
	/* A good question whose answer is no was answered. */
	if (verdict == CONTROL_NOTHING || verdict == CONTROL_UNSUPPORTED ||
	    verdict == CONTROL_FORBIDDEN) {
		control->answered++;
		client_drop(client);
		return;
	}
	client_turn_away(control, client);
}

/* What is left of the reply, or of the stream behind it; a piece a turn, so that work goes on. */
static ssize_t client_send(const struct control_client *client)
{
	const size_t head = client->reply.head.length;
	bool in_head = client->sent < head;
	const char *from = in_head ? (const char *)&client->reply + client->sent
				   : client->answer.bytes + (client->sent - head);
	size_t left = (in_head ? head : control_reply_size(client)) - client->sent;

	return send(client->fd, from, left < PIECE ? left : PIECE, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void client_write(struct control *control, struct control_client *client)
{
	struct epoll_event writable = { .events = EPOLLOUT };
	const size_t head = client->reply.head.length;
	ssize_t sent = client_send(client);

	client->sent += sent > 0 ? sent : 0;
	if (sent > 0 && client->sent == head && client->answer.length) {
		sent = client_send(client);
		client->sent += sent > 0 ? sent : 0;
	}
	if (sent < 0 && errno != EAGAIN && errno != EINTR) {
		client_turn_away(control, client);
		return;
	}
	if (client->sent == control_reply_size(client)) {
		control->answered++;
		client_drop(client);
		return;
	}
	/* No longer readable: who sends on without reading must not keep the loop awake. */
	if (epoll_ctl(control->epoll, EPOLL_CTL_MOD, client->fd, &writable))
		client_turn_away(control, client);
}

static void client_read(struct control *control, struct control_client *client, uint64_t now_ns)
{
	struct control_request request;
	enum control_verdict verdict;
	ssize_t got = recv(client->fd, client->request + client->got,
			   sizeof(client->request) - client->got, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		client_turn_away(control, client);
		return;
	}
	client->got += got;
	verdict = control_parse_request(client->request, client->got, &request);
	if (verdict == CONTROL_MORE)
		return;
	if (verdict == CONTROL_OK)
		verdict = control_answer(control, client, &request, now_ns);
	if (verdict == CONTROL_OK) {
		client->replying = true;
		client_write(control, client);
	} else {
		client_refuse(control, client, verdict);
	}
}

/* Who reads a stream has longer, but not to sit on it. */
static bool is_late(const struct control_client *client, uint64_t now_ns)
{
	uint64_t age_ns = now_ns - client->since_ns;

	if (age_ns < CONTROL_DEADLINE_NS)
		return false;
	return !client->answer.length || age_ns >= CONTROL_STREAM_DEADLINE_NS ||
	       client->sent <
		       (age_ns - CONTROL_DEADLINE_NS) / 1000 * CONTROL_STREAM_BYTES_S / 1000000;
}

static void client_step(struct control *control, struct control_client *client, uint64_t now_ns)
{
	if (client->replying)
		client_write(control, client);
	else
		client_read(control, client, now_ns);
	if (client->fd >= 0 && is_late(client, now_ns))
		client_turn_away(control, client);
}

/*
 * A free place, made free if it must be: of the oldest, though not of who reads
 * the snapshot, which has its own deadlines and cannot be told amid it.
 */
static struct control_client *make_room(struct control *control)
{
	struct control_client *oldest = NULL;

	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		struct control_client *client = &control->clients[i];

		if (client->fd < 0)
			return client;
		if (!client->holds_snapshot && (!oldest || client->since_ns < oldest->since_ns))
			oldest = client;
	}
	assert(oldest);       /* one at most holds a snapshot */
	if (oldest->replying) /* a head amid its reply would be garbage */
		client_turn_away(control, oldest);
	else
		client_refuse(control, oldest, CONTROL_BUSY);
	return oldest;
}

static void add_client(struct control *control, int fd, uint64_t now_ns)
{
	struct epoll_event readable = { .events = EPOLLIN };
	struct control_client *client = make_room(control);

	client->fd = fd;
	client->replying = false;
	client->since_ns = now_ns;
	client->got = client->sent = 0;
	if (epoll_ctl(control->epoll, EPOLL_CTL_ADD, fd, &readable))
		client_turn_away(control, client);
	else
		client_step(control, client, now_ns); /* mostly the request is there already */
}

static void set_paused(struct control *control, bool paused)
{
	struct epoll_event event = { .events = paused ? 0 : EPOLLIN };

	control->paused = paused;
	epoll_ctl(control->epoll, EPOLL_CTL_MOD, control->listener, &event);
}

/* At most so many a call as there are places, so that a crowd cannot hold the loop. */
static void accept_clients(struct control *control, uint64_t now_ns)
{
	if (control->paused) {
		if (now_ns - control->paused_ns < PAUSE_NS)
			return;
		set_paused(control, false);
	}
	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		int fd = accept4(control->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			add_client(control, fd, now_ns);
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno != EAGAIN) { /* no descriptor or memory: it would stay readable */
			control->paused_ns = now_ns;
			set_paused(control, true);
		}
		return;
	}
}

int control_fd(const struct control *control)
{
	return control->epoll;
}

void control_poll(struct control *control, uint64_t now_ns)
{
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			client_step(control, &control->clients[i], now_ns);
	accept_clients(control, now_ns);
}
