// SPDX-License-Identifier: BSD-2-Clause
/* Opens, hands over and removes the control socket. */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "serve/control_state.h"
#include "serve/unix_socket.h"

#define FOLDER_MODE 0750
#define BACKLOG 128 /* who comes together waits here, not at the door */

/* Of CONTROL_GROUP, or this one where there is none. */
static gid_t group_or(gid_t gid)
{
	const struct group *group = getgrnam(CONTROL_GROUP);

	return group ? group->gr_gid : gid;
}

/* Whoever is not root may give it to a group of its own only: then it stays as it is. */
static void offer_to_group(const struct control *control)
{
	if (lchown(control->address.sun_path, -1, group_or(-1)) && errno != EPERM)
		log_debug("%s: cannot be given to group " CONTROL_GROUP ": %s",
			  control->address.sun_path, strerror(errno));
}

static int open_at_path(struct control *control)
{
	struct epoll_event readable = { .events = EPOLLIN };
	char folder[sizeof(control->address.sun_path)];

	control->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (control->epoll < 0)
		return -errno;
	unix_socket_folder(control->address.sun_path, folder);
	control->made_folder = !mkdir(folder, FOLDER_MODE);
	control->listener = unix_socket_listen(&control->address, BACKLOG);
	if (control->listener < 0)
		return control->listener;
	if (epoll_ctl(control->epoll, EPOLL_CTL_ADD, control->listener, &readable)) {
		int err = -errno;

		unlink(control->address.sun_path);
		return err;
	}
	offer_to_group(control);
	return 0;
}

static void control_free(struct control *control)
{
	if (control->epoll >= 0)
		close(control->epoll);
	if (control->listener >= 0)
		close(control->listener);
	free(control);
}

int control_open(struct control **out, const char *path, const struct control_ops *ops)
{
	struct control *control;
	int err;

	if (!path[0])
		return -ENOENT;
	if (strlen(path) >= sizeof(control->address.sun_path))
		return -ENAMETOOLONG;
	control = calloc(1, sizeof(*control));
	if (!control)
		return -ENOMEM;
	control->epoll = control->listener = -1;
	control->ops = *ops;
	control->address.sun_family = AF_UNIX;
	strcpy(control->address.sun_path, path);
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		control->clients[i].fd = -1;
	err = open_at_path(control);
	if (err) {
		control_free(control);
		return err;
	}
	*out = control;
	return 0;
}

const char *control_open_error(int err)
{
	switch (-err) {
	case EADDRINUSE:
		return "another agent answers there: stop it, or name another --socket";
	case EBUSY:
		return "another agent is just starting there: try again, or name another --socket";
	case ENOTSOCK:
		return "that is a file and no socket: remove it, or name another --socket";
	case ENAMETOOLONG:
		return "that is longer than 107 characters: name a shorter --socket";
	case ENOENT:
		return "its folder is not there: create it, or name another --socket";
	case EACCES:
	case EPERM:
	case EROFS:
		return "that may not be created: name a --socket in a folder of yours";
	default:
		return strerror(-err);
	}
}

int control_give(struct control *control, uid_t uid, gid_t gid)
{
	char folder[sizeof(control->address.sun_path)];

	gid = group_or(gid);
	if (lchown(control->address.sun_path, uid, gid))
		return -errno;
	unix_socket_folder(control->address.sun_path, folder);
	return control->made_folder && lchown(folder, uid, gid) ? -errno : 0;
}

void control_close(struct control *control)
{
	if (!control)
		return;
	for (int i = 0; i < CONTROL_CLIENTS; i++)
		if (control->clients[i].fd >= 0) {
			close(control->clients[i].fd);
			free(control->clients[i].answer.bytes);
		}
	unlink(control->address.sun_path);
	control_free(control);
}
