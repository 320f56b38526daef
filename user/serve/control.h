/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket: a Unix stream socket that the worker's loop serves on
 * the side.  Nothing here waits and nothing is allocated after opening.  A
 * client has CONTROL_DEADLINE_NS for all of its request and reply; a client
 * beyond CONTROL_CLIENTS takes the place of the oldest, which is told to ask
 * again.  Opening needs socket, bind, mkdir and the like; serving and closing
 * only accept4, recvfrom, sendto, epoll_ctl, close and unlink.
 */
#ifndef SKUA_SERVE_CONTROL_H
#define SKUA_SERVE_CONTROL_H

#include <sys/types.h>
#include "serve/protocol.h"

#define CONTROL_CLIENTS 8
#define CONTROL_DEADLINE_NS 2000000000ull
/* One view serves all who ask within this time: who asks in a loop costs copies, no counting. */
#define CONTROL_FRESH_NS 100000000ull

/* Fills a zeroed view; must not wait. */
typedef void control_fill_fn(void *arg, struct status_view *out);

struct control;

/*
 * Creates the socket with mode 0660, and the last folder of the path with 0750
 * if it is missing.  A socket there on which nobody listens is replaced.  0 or
 * -errno, which control_open_error() explains.  Where there are several
 * processes, the one that serves opens it after the others were forked: a
 * listener that lives on in another would look like an agent that hangs.
 */
int control_open(struct control **out, const char *path, control_fill_fn *fill, void *arg);
/* What is wrong and what helps, for a message that begins with the path. */
const char *control_open_error(int err);
/* Hands socket, and the folder if we made it, to the account that will serve; 0 or -errno. */
int control_give(struct control *control, uid_t uid, gid_t gid);
/* To be waited on by poll or epoll: readable when there is something to do. */
int control_fd(const struct control *control);
/*
 * Does what can be done at once; to be called when the descriptor is readable
 * and at least once a second, for the deadlines.  now_ns: CLOCK_MONOTONIC.
 */
void control_poll(struct control *control, uint64_t now_ns);
/* Drops all clients and removes the socket.  NULL is fine. */
void control_close(struct control *control);

#endif /* SKUA_SERVE_CONTROL_H */
