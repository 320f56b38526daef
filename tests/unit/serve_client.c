// SPDX-License-Identifier: BSD-2-Clause
/* Who asks an agent is never kept waiting, and never believes what is no answer. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include "serve/client.h"
#include "serve_desk.h"

/* Of the client: for what comes, however busy the machine, and for what does not. */
#define LONG_MS 60000
#define SHORT_MS 300
#define BOUND_S 30 /* of the short one, on a busy machine */

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* A process that takes one client and says these bytes, in pieces with pauses between. */
struct agent {
	const void *bytes;
	size_t length, piece;
	int pause_ms;
	bool stays; /* does not hang up */
};

static void play(const struct agent *agent, int listener)
{
	char request[8];

	for (;;) {
		int fd = accept(listener, NULL, NULL);

		recv(fd, request, sizeof(request), MSG_WAITALL);
		for (size_t at = 0; at < agent->length; at += agent->piece) {
			size_t left = agent->length - at;

			send(fd, (const char *)agent->bytes + at,
			     left < agent->piece ? left : agent->piece, MSG_NOSIGNAL);
			usleep(agent->pause_ms * 1000);
		}
		if (!agent->stays)
			close(fd);
	}
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) || listen(fd, 0))
		abort();
	return fd;
}

/* What a client of such an agent gets, and how long it took. */
static int ask(const struct agent *agent, int wait_ms, unsigned *version, double *took_s)
{
	struct client client;
	struct status_view view;
	struct desk desk;
	int listener, err;
	double begun;
	pid_t child;

	desk_init(&desk);
	listener = listen_at(desk.path);
	child = fork();
	if (!child)
		play(agent, listener);
	close(listener);
	begun = seconds();
	client = (struct client){ desk.path, wait_ms, 0 };
	err = client_status(&client, &view);
	*version = client.version;
	*took_s = seconds() - begun;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	unlink(desk.path);
	rmdir(desk.folder);
	return err;
}

static int answer(const void *bytes, size_t length, bool stays)
{
	const struct agent agent = { bytes, length, length, 0, stays };
	unsigned version;
	double took_s;

	return ask(&agent, LONG_MS, &version, &took_s);
}

static struct control_reply good_reply(void)
{
	struct control_reply reply = {
		.head = { sizeof(reply), CONTROL_VERSION, CONTROL_OK },
	};

	sample_view(&reply.view);
	return reply;
}

/* Whoever heard it in time goes on until time is up; on a busy machine hearing it takes longer. */
static bool is_asked_again(const struct agent *busy)
{
	unsigned version;
	double took_s;
	int err, wait_ms = SHORT_MS;

	do {
		err = ask(busy, wait_ms, &version, &took_s);
		wait_ms *= 2;
	} while (err == -ETIMEDOUT && wait_ms <= 64 * SHORT_MS);
	return err == -EBUSY && took_s > wait_ms / 3e3 && took_s < BOUND_S;
}

static void test_answers(void)
{
	struct control_reply reply = good_reply();
	struct control_head head = { sizeof(head), 7, CONTROL_BAD_VERSION };
	struct agent agent = { &reply, sizeof(reply), 1000, 1, false };
	unsigned version = 0;
	double took_s;

	ok(!ask(&agent, LONG_MS, &version, &took_s), "a reply may come in pieces");
	agent = (struct agent){ &head, sizeof(head), sizeof(head), 0, false };
	ok(ask(&agent, LONG_MS, &version, &took_s) == -EPROTONOSUPPORT && version == 7,
	   "an agent of another version says which");
	head = (struct control_head){ sizeof(head), CONTROL_VERSION, CONTROL_BUSY };
	ok(is_asked_again(&agent), "a busy agent is asked again, until time is up");
}

static void test_hangs(void)
{
	struct control_reply reply = good_reply();
	struct agent agent = { &reply, 0, 1, 0, true };
	unsigned version;
	double took_s;

	ok(ask(&agent, SHORT_MS, &version, &took_s) == -ETIMEDOUT && took_s > 0.25 &&
		   took_s < BOUND_S,
	   "an agent that says nothing is waited for, not forever");
	agent = (struct agent){ &reply, sizeof(reply), 1, 20, true };
	ok(ask(&agent, SHORT_MS, &version, &took_s) == -ETIMEDOUT && took_s < BOUND_S,
	   "nor one that says a byte now and then");
	agent = (struct agent){ &reply, 5000, 5000, 0, false };
	ok(ask(&agent, LONG_MS, &version, &took_s) == -ECONNRESET, "half a reply is none");
}

/* Nobody accepts, and the queue is full. */
static void test_full_queue(void)
{
	struct client client = { .timeout_ms = SHORT_MS };
	struct status_view view;
	struct desk desk;
	int listener, fds[4], err;
	double begun;

	desk_init(&desk);
	client.path = desk.path;
	listener = listen_at(desk.path);
	for (int i = 0; i < 4; i++)
		fds[i] = desk_connect(&desk);
	begun = seconds();
	err = client_status(&client, &view);
	ok(fds[3] < 0 && err == -ETIMEDOUT && seconds() - begun < BOUND_S,
	   "an agent that takes no more is waited for, not forever");
	for (int i = 0; i < 4; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	close(listener);
	ok(client_status(&client, &view) == -ECONNREFUSED,
	   "a socket without an agent is known at once");
	unlink(desk.path);
	ok(client_status(&client, &view) == -ENOENT, "and so is no socket");
	rmdir(desk.folder);
}

/* Is a view refused after this change? */
#define REFUSES(change)                                                                            \
	({                                                                                         \
		struct control_reply lie = good_reply();                                           \
		struct status_view *view = &lie.view;                                              \
		change;                                                                            \
		answer(&lie, sizeof(lie), false) == -EBADMSG;                                      \
	})

static void test_lies(void)
{
	struct control_reply reply = good_reply();

	ok(answer("HTTP/1.1 400 Bad Request\r\n\r\n", 28, true) == -EBADMSG,
	   "another server is no agent");
	reply.head.length--;
	ok(answer(&reply, sizeof(reply), true) == -EBADMSG, "nor who names another length");
	ok(REFUSES(view->interface_count = STATUS_INTERFACES + 1) &&
		   REFUSES(view->cause_count = STATUS_CAUSES + 1) &&
		   REFUSES(view->table_count = STATUS_TABLES + 1) &&
		   REFUSES(view->ring_count = STATUS_RINGS + 1),
	   "more rows than there are places are refused");
	ok(REFUSES(memset(view->version, 'x', STATUS_NAME)) &&
		   REFUSES(memset(view->source, 'x', STATUS_WORD)) &&
		   REFUSES(memset(view->interfaces[1].state, 'x', STATUS_WORD)) &&
		   REFUSES(memset(view->tables[0].name, 'x', STATUS_NAME)),
	   "and texts without an end");
	ok(REFUSES(strcpy(view->causes[0].name, "a\":1,\"b")) &&
		   REFUSES(strcpy(view->tables[0].name, "\"")) &&
		   REFUSES(view->rings[0].name[0] = '\0') &&
		   REFUSES(view->causes[0].group = STATUS_GROUPS),
	   "and names that would not be one field of JSON, and groups that there are not");
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_answers();
	test_hangs();
	test_full_queue();
	test_lies();
	return done();
}
