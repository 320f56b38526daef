/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket: a Unix stream socket that the worker's loop serves on
 * the side.  Nothing here waits.  A client has CONTROL_DEADLINE_NS for all of
 * its request and reply; a client beyond CONTROL_CLIENTS takes the place of
 * the oldest, which is told to ask again.  Who reads packets or findings may
 * take longer, as long as it reads on.  One snapshot is in memory at a time,
 * and costly requests are answered CONTROL_RATE times a second; others are
 * told to ask again.  Opening needs socket, bind, mkdir and the like; serving
 * and closing only accept4, recvfrom, sendto, getsockopt, epoll_ctl, close and
 * unlink, what the functions of struct control_ops need, and standard error.
 */
#ifndef SKUA_SERVE_CONTROL_H
#define SKUA_SERVE_CONTROL_H

#include <sys/types.h>
#include "serve/protocol.h"
#include "serve/readers.h"

#define CONTROL_GROUP "skua" /* may ask, where there is such a group */
#define CONTROL_CLIENTS 8
#define CONTROL_DEADLINE_NS 2000000000ull
/* One view serves all who ask within this time: who asks in a loop costs copies, no counting. */
#define CONTROL_FRESH_NS 100000000ull
/* A reader of a stream may be this slow after its first 2 seconds, and take this long at most. */
#define CONTROL_STREAM_BYTES_S 65536
#define CONTROL_STREAM_DEADLINE_NS 60000000000ull
/* Snapshots and arming together, in one second and at once. */
#define CONTROL_RATE 4

/*
 * What the agent gives to be asked for.  None may wait.  NULL: clients are told
 * that this agent has it not.  Those that fail return -errno, -EPERM if who
 * asks has no right to it; the answers' bytes are freed by the control socket.
 * rights: of who asks, NULL: all.
 */
struct control_ops {
	void *arg;
	const struct readers *readers; /* borrowed; NULL: there are none */
	/* Fills a zeroed view. */
	void (*status)(void *arg, struct status_view *out);
	/*
	 * pcapng of what is kept now, and in next the cursor for what comes later, which is the
	 * agent's to choose but never 0.  A cursor that this run did not give (the agent was
	 * started anew) counts as none.  -ENOENT: nothing; -EFBIG: too much.
	 */
	int (*snapshot)(void *arg, const struct control_selector *selector,
			const struct reader_rights *rights, struct control_answer *out);
	int (*arm)(void *arg, const struct control_selector *selector,
		   const struct reader_rights *rights, uint32_t seconds);
	/* JSON lines from the cursor on (history.h); nothing new is no error. */
	int (*findings)(void *arg, uint64_t next, const struct reader_rights *rights,
			struct control_answer *out);
	/* Likewise, with how their scores came about. */
	int (*derivations)(void *arg, uint64_t next, const struct reader_rights *rights,
			   struct control_answer *out);
};

struct control;

/*
 * Creates the socket with mode 0660, for group CONTROL_GROUP where that can be,
 * and the last folder of the path with 0750 if it is missing.  A socket there
 * on which nobody listens is replaced.  The functions are copied.  0 or
 * -errno, which control_open_error() explains.  Where there are several
 * processes, the one that serves opens it after the others were forked: a
 * listener that lives on in another would look like an agent that hangs.
 */
int control_open(struct control **out, const char *path, const struct control_ops *ops);
/* What is wrong and what helps, for a message that begins with the path. */
const char *control_open_error(int err);
/*
 * Hands socket, and the folder if we made it, to the account that will serve;
 * 0 or -errno.  Group CONTROL_GROUP keeps them, if there is one.
 */
int control_give(struct control *control, uid_t uid, gid_t gid);
/*
 * Lets the readers in who are not of the group; before control_give().  0;
 * -EACCES: the folder is not ours, and lets them not through; or -errno: the
 * file system knows no access control lists.
 */
int control_admit(struct control *control, const struct readers *readers);
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
