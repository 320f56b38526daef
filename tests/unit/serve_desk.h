/* SPDX-License-Identifier: BSD-2-Clause */
/* A control socket in a scratch folder, and clients that behave as they are told. */
#ifndef TESTS_SERVE_DESK_H
#define TESTS_SERVE_DESK_H

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "serve/control.h"
#include "serve_sample.h"
#include "tap.h"

#define SECOND_NS 1000000000ull

struct desk {
	char folder[64], path[96];
	struct control *control;
	uint64_t now_ns;
	unsigned filled; /* how often the view was asked for */
	unsigned snapshots;
	size_t snapshot_length;
	int snapshot_err;
	bool limited; /* who asked last */
	uint32_t armed_s;
	struct control_selector selector; /* of the last snapshot or arming */
};

static inline void desk_fill(void *arg, struct status_view *out)
{
	struct desk *desk = arg;

	desk->filled++;
	sample_view(out);
}

/* A folder, and the name of a socket that is not there yet. */
static inline void desk_init(struct desk *desk)
{
	memset(desk, 0, sizeof(*desk));
	strcpy(desk->folder, "/tmp/skua-serve-XXXXXX");
	if (!mkdtemp(desk->folder))
		abort();
	snprintf(desk->path, sizeof(desk->path), "%s/control.sock", desk->folder);
	desk->now_ns = SECOND_NS;
}

/* As many bytes as it is told to, the same again and again. */
static inline int desk_snapshot(void *arg, const struct control_selector *selector,
				const struct reader_rights *rights, struct control_answer *out)
{
	struct desk *desk = arg;

	desk->snapshots++;
	desk->limited = rights != NULL;
	desk->selector = *selector;
	if (desk->snapshot_err)
		return desk->snapshot_err;
	*out = (struct control_answer){ malloc(desk->snapshot_length), desk->snapshot_length, 77,
					0 };
	for (size_t i = 0; i < out->length; i++)
		out->bytes[i] = i * 31 >> 3;
	return 0;
}

static inline int desk_arm(void *arg, const struct control_selector *selector,
			   const struct reader_rights *rights, uint32_t seconds)
{
	struct desk *desk = arg;

	if (rights)
		return -EPERM;
	desk->selector = *selector;
	desk->armed_s = seconds;
	return 0;
}

/* One line, until it was read. */
static inline int desk_findings(void *arg, uint64_t next, const struct reader_rights *rights,
				struct control_answer *out)
{
	struct desk *desk = arg;

	desk->limited = rights != NULL;
	*out = (struct control_answer){ next < 5 ? strdup("{}\n") : NULL, next < 5 ? 3 : 0, 5,
					next < 5 ? 4 - next : 0 };
	return 0;
}

static inline struct control_ops desk_ops(struct desk *desk)
{
	return (struct control_ops){ desk,     NULL,          desk_fill, desk_snapshot,
				     desk_arm, desk_findings, NULL };
}

static inline void desk_open(struct desk *desk)
{
	struct control_ops ops = desk_ops(desk);

	desk_init(desk);
	if (control_open(&desk->control, desk->path, &ops))
		abort();
}

static inline void desk_close(struct desk *desk)
{
	control_close(desk->control);
	rmdir(desk->folder);
}

static inline void desk_poll(struct desk *desk)
{
	control_poll(desk->control, desk->now_ns);
}

/* Is the owner's loop woken? */
static inline bool desk_wakes(const struct desk *desk)
{
	struct pollfd waited = { .fd = control_fd(desk->control), .events = POLLIN };

	return poll(&waited, 1, 0) > 0;
}

static inline int desk_connect(const struct desk *desk)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	strcpy(address.sun_path, desk->path);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -errno;
	}
	return fd;
}

static inline void say(int fd, const void *bytes, size_t length)
{
	if (send(fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
		abort();
}

static inline void ask_for(int fd, uint32_t length, uint16_t version, uint16_t kind)
{
	const struct control_head head = { length, version, kind };

	say(fd, &head, sizeof(head));
}

static inline void ask_status(int fd)
{
	ask_for(fd, sizeof(struct control_head), CONTROL_VERSION, CONTROL_STATUS);
}

/* Everything that is there; ends with 0 when the agent has hung up, with -1 if it has not. */
static inline int hear(int fd, void *to, size_t room, size_t *got)
{
	*got = 0;
	for (;;) {
		ssize_t more = recv(fd, (char *)to + *got, room - *got, MSG_DONTWAIT);

		if (more <= 0)
			return more;
		*got += more;
	}
}

/* Was the client told this, and hung up on?  CONTROL_OK: with the whole sample. */
static inline bool was_told(int fd, enum control_verdict verdict)
{
	static char bytes[2 * sizeof(struct control_reply)];
	struct control_reply reply;
	struct status_view wanted;
	size_t got;
	int end = hear(fd, bytes, sizeof(bytes), &got);

	close(fd);
	if (end || got < sizeof(reply.head) || got > sizeof(reply))
		return false;
	memcpy(&reply, bytes, sizeof(reply));
	if (reply.head.length != got || reply.head.version != CONTROL_VERSION ||
	    reply.head.what != verdict)
		return false;
	if (verdict != CONTROL_OK)
		return got == sizeof(reply.head);
	sample_view(&wanted);
	wanted.answered = reply.view.answered;
	wanted.turned_away = reply.view.turned_away;
	return got == sizeof(reply) && !memcmp(&wanted, &reply.view, sizeof(wanted));
}

#endif /* TESTS_SERVE_DESK_H */
