/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of the control socket, for the files that open it, serve and answer. */
#ifndef SKUA_SERVE_CONTROL_STATE_H
#define SKUA_SERVE_CONTROL_STATE_H

#include <sys/un.h>
#include "serve/control.h"

/* More than any request, so that what comes too much is seen and taken off the socket. */
#define CONTROL_REQUEST_ROOM 128
/* Of so many who read again and again we remember that it was logged. */
#define CONTROL_READERS 32

struct control_client {
	int fd; /* -1: the place is free */
	bool replying;
	bool holds_snapshot;
	uint64_t since_ns; /* it came, or its stream began */
	size_t got, sent;  /* sent: of the reply and its stream together */
	char request[CONTROL_REQUEST_ROOM];
	union {
		struct control_head head;
		struct control_reply status;
		struct control_stream_reply stream;
	} reply;                      /* as long as its head says */
	struct control_answer answer; /* the stream after it */
};

struct control_reader {
	uid_t uid;
	pid_t pid;
	enum control_kind kind; /* 0: the place is free */
	uint64_t seen_ns;
};

struct control {
	int listener, epoll;
	bool made_folder, paused;
	uint64_t paused_ns;
	struct control_ops ops;
	bool has_view;
	uint64_t view_ns;
	uint64_t answered, turned_away;
	uint64_t costly_ns; /* when costly requests would be at their rate again */
	struct control_reader readers[CONTROL_READERS];
	struct status_view view; /* the last one filled */
	struct control_client clients[CONTROL_CLIENTS];
	struct sockaddr_un address;
};

static inline size_t control_reply_size(const struct control_client *client)
{
	return client->reply.head.length + client->answer.length;
}

/*
 * Prepares the reply to a request that passed its check: CONTROL_OK, or why
 * there is none but that.  Logs who reads packets and findings, or arms.
 */
enum control_verdict control_answer(struct control *control, struct control_client *client,
				    const struct control_request *request, uint64_t now_ns);

#endif /* SKUA_SERVE_CONTROL_STATE_H */
