// SPDX-License-Identifier: BSD-2-Clause
/* Listens at a path, in a folder that others may want their socket in; see unix_socket.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "serve/unix_socket.h"

#define MODE 0660
#define LOCK_TRIES 20
#define LOCK_PAUSE_US 50000

void unix_socket_folder(const char *path, char to[sizeof(((struct sockaddr_un *)0)->sun_path)])
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
static int lock_folder(const struct sockaddr_un *address)
{
	char folder[sizeof(address->sun_path)];
	int fd;

	unix_socket_folder(address->sun_path, folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB); tries++) {
		if (errno != EWOULDBLOCK || tries == LOCK_TRIES) {
			int err = errno == EWOULDBLOCK ? -EBUSY : -errno;

			close(fd);
			return err;
		}
		usleep(LOCK_PAUSE_US);
	}
	return fd;
}

/* Removes a socket on which nobody listens; -EADDRINUSE if somebody does. */
static int remove_dead(const struct sockaddr_un *address)
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

static int bind_and_listen(int fd, const struct sockaddr_un *address, int backlog)
{
	/* Before bind, so that it is never wider; after it, because the umask may have cut it. */
	if (fchmod(fd, MODE) || bind(fd, (const struct sockaddr *)address, sizeof(*address)))
		return -errno;
	if (chmod(address->sun_path, MODE) || listen(fd, backlog)) {
		int err = -errno;

		unlink(address->sun_path);
		return err;
	}
	return 0;
}

int unix_socket_listen(const struct sockaddr_un *address, int backlog)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), folder, err;

	if (fd < 0)
		return -errno;
	folder = lock_folder(address);
	err = folder < 0 ? folder : remove_dead(address);
	if (!err)
		err = bind_and_listen(fd, address, backlog);
	if (folder >= 0)
		close(folder);
	if (err)
		close(fd);
	return err ? err : fd;
}
