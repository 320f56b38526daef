/* SPDX-License-Identifier: BSD-2-Clause */
/* The inside of the control socket, for the files that open and that serve it. */
#ifndef SKUA_SERVE_CONTROL_STATE_H
#define SKUA_SERVE_CONTROL_STATE_H

#include <sys/un.h>
#include "serve/control.h"

/* More than any request, so that what comes too much is seen and taken off the socket. */
#define CONTROL_REQUEST_ROOM 64

struct control_client {
	int fd; /* -1: the place is free */
	bool replying;
	uint64_t since_ns;
	size_t got, sent;
	char request[CONTROL_REQUEST_ROOM];
	struct control_reply reply;
};

struct control {
	int listener, epoll;
	bool made_folder, paused;
	uint64_t paused_ns;
	control_fill_fn *fill;
	void *arg;
	bool has_view;
	uint64_t view_ns;
	uint64_t answered, turned_away;
	struct status_view view; /* the last one filled */
	struct control_client clients[CONTROL_CLIENTS];
	struct sockaddr_un address;
};

#endif /* SKUA_SERVE_CONTROL_STATE_H */
