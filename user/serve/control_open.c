// SPDX-License-Identifier: BSD-2-Clause
/* Opens and removes the control socket, in a folder that others may want to open theirs in. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "serve/control_state.h"

#define MODE 0660
#define FOLDER_MODE 0750
#define BACKLOG 128 /* who comes together waits here, not at the door */

/* The folder of the path, without the slash; "." if it names none. */
static void folder_of(const char *path, char to[sizeof(((struct sockaddr_un *)0)->sun_path)])
{
	const char *slash = strrchr(path, '/');
	size_t length = slash ? slash - path : 0;

	if (!slash) {
		strcpy(to, ".");
		return;
	}
	length += !length; /* "/x" */
	memcpy(to, path, length);
	to[length] = '\0';
}

/*
 * Two agents that start together must not both find the same dead socket, and
 * the slower remove the faster's: who holds the folder's lock may look.
 */
static int lock_folder(struct control *control)
{
	char folder[sizeof(control->address.sun_path)];
	int fd;

	folder_of(control->address.sun_path, folder);
	control->made_folder = !mkdir(folder, FOLDER_MODE);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB); tries++) {
		if (errno != EWOULDBLOCK || tries == 20) {
			int err = errno == EWOULDBLOCK ? -EBUSY : -errno;

			close(fd);
			return err;
		}
		usleep(50000);
	}
	return fd;
}

/* Removes a socket on which nobody listens; -EADDRINUSE if somebody does. */
static int remove_stale(const struct sockaddr_un *address)
{
	struct stat found;
	int fd, err;

	if (lstat(address->sun_path, &found))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(found.st_mode))
		return -ENOTSOCK;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	err = connect(fd, (const struct sockaddr *)address, sizeof(*address)) ? errno : 0;
	close(fd);
	if (!err || err == EAGAIN) /* EAGAIN: more are waiting than it takes */
		return -EADDRINUSE;
	if (err != ECONNREFUSED)
		return -err;
	return unlink(address->sun_path) ? -errno : 0;
}

/* Of CONTROL_GROUP, or this one where there is none. */
static gid_t group_or(gid_t gid)
{
	const struct group *group = getgrnam(CONTROL_GROUP);

	return group ? group->gr_gid : gid;
}

static int start_listening(struct control *control)
{
	const struct sockaddr *address = (const struct sockaddr *)&control->address;
	struct epoll_event readable = { .events = EPOLLIN };
	int fd = control->listener;

	/* Before bind, so that it is never wider; after it, because the umask may have cut it. */
	if (fchmod(fd, MODE) || bind(fd, address, sizeof(control->address)))
		return -errno;
	if (chmod(control->address.sun_path, MODE) || listen(fd, BACKLOG) ||
	    epoll_ctl(control->epoll, EPOLL_CTL_ADD, fd, &readable)) {
		int err = -errno;

		unlink(control->address.sun_path);
		return err;
	}
	/* Whoever is not root may give it to a group of its own only: then it stays as it is. */
	if (lchown(control->address.sun_path, -1, group_or(-1)) && errno != EPERM)
		log_debug("%s: cannot be given to group " CONTROL_GROUP ": %s",
			  control->address.sun_path, strerror(errno));
	return 0;
}

static int open_at_path(struct control *control)
{
	int folder, err;

	control->epoll = epoll_create1(EPOLL_CLOEXEC);
	control->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (control->epoll < 0 || control->listener < 0)
		return -errno;
	folder = lock_folder(control);
	if (folder < 0)
		return folder;
	err = remove_stale(&control->address);
	if (!err)
		err = start_listening(control);
	close(folder);
	return err;
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
	folder_of(control->address.sun_path, folder);
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
