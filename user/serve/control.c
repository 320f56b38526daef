// SPDX-License-Identifier: BSD-2-Clause
/* Serves the control socket without ever waiting for a client. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "serve/control_state.h"

#define PAUSE_NS                                                                                   \
	1000000000ull /* without a descriptor to spare, accepting is tried once a second           \
		       */

static void client_drop(struct control_client *client)
{
	close(client->fd);
	client->fd = -1;
}

static void client_turn_away(struct control *control, struct control_client *client)
{
	control->turned_away++;
	client_drop(client);
}

static void set_refusal(struct control_head *head, enum control_verdict verdict)
{
	*head = (struct control_head){ sizeof(*head), CONTROL_VERSION, verdict };
}

/* As good as it can be done at once: who did not listen so far may miss it. */
static void client_refuse(struct control *control, struct control_client *client,
			  enum control_verdict verdict)
{
	struct control_head head;

	set_refusal(&head, verdict);
	send(client->fd, &head, sizeof(head), MSG_DONTWAIT | MSG_NOSIGNAL);
	client_turn_away(control, client);
}

static void refresh_view(struct control *control, uint64_t now_ns)
{
	if (!control->has_view || now_ns - control->view_ns >= CONTROL_FRESH_NS) {
		memset(&control->view, 0, sizeof(control->view));
		control->fill(control->arg, &control->view);
		control->view_ns = now_ns;
		control->has_view = true;
	}
	control->view.answered = control->answered;
	control->view.turned_away = control->turned_away;
}

static void client_write(struct control *control, struct control_client *client)
{
	struct epoll_event writable = { .events = EPOLLOUT };
	const char *reply = (const char *)&client->reply;
	size_t left = client->reply.head.length - client->sent;
	ssize_t sent = send(client->fd, reply + client->sent, left, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent < 0 && errno != EAGAIN && errno != EINTR) {
		client_turn_away(control, client);
		return;
	}
	client->sent += sent > 0 ? sent : 0;
	if (client->sent == client->reply.head.length) {
		control->answered++;
		client_drop(client);
		return;
	}
	/* No longer readable: who sends on without reading must not keep the loop awake. */
	if (epoll_ctl(control->epoll, EPOLL_CTL_MOD, client->fd, &writable))
		client_turn_away(control, client);
}

static void client_answer(struct control *control, struct control_client *client, uint64_t now_ns)
{
	refresh_view(control, now_ns);
	client->reply.head =
		(struct control_head){ sizeof(client->reply), CONTROL_VERSION, CONTROL_OK };
	client->reply.view = control->view;
	client->replying = true;
	client_write(control, client);
}

static void client_read(struct control *control, struct control_client *client, uint64_t now_ns)
{
	struct control_head head;
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
	verdict = control_parse_request(client->request, client->got, &head);
	if (verdict == CONTROL_OK)
		client_answer(control, client, now_ns);
	else if (verdict != CONTROL_MORE)
		client_refuse(control, client, verdict);
}

static void client_step(struct control *control, struct control_client *client, uint64_t now_ns)
{
	if (client->replying)
		client_write(control, client);
	else
		client_read(control, client, now_ns);
	if (client->fd >= 0 && now_ns - client->since_ns >= CONTROL_DEADLINE_NS)
		client_turn_away(control, client);
}

/* A free place, made free if it must be. */
static struct control_client *make_room(struct control *control)
{
	struct control_client *oldest = control->clients;

	for (int i = 0; i < CONTROL_CLIENTS; i++) {
		struct control_client *client = &control->clients[i];

		if (client->fd < 0)
			return client;
		if (client->since_ns < oldest->since_ns)
			oldest = client;
	}
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
