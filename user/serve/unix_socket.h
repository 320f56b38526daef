/* SPDX-License-Identifier: BSD-2-Clause */
/* Listens at a path, in a folder that others may want their socket in. */
#ifndef SKUA_SERVE_UNIX_SOCKET_H
#define SKUA_SERVE_UNIX_SOCKET_H

#include <sys/un.h>

/* The folder of the path, without the slash; "." if it names none. */
void unix_socket_folder(const char *path, char to[sizeof(((struct sockaddr_un *)0)->sun_path)]);

/*
 * A listening descriptor, which the caller closes, or -errno; its file is the
 * owner's and the group's, 0660, and stays until somebody unlinks it.  The file
 * of a dead socket is replaced.  -EADDRINUSE: somebody listens there; -EBUSY:
 * somebody else is just starting in that folder; -ENOTSOCK: it is another file.
 * If it fails, it leaves no file of its own.
 */
int unix_socket_listen(const struct sockaddr_un *address, int backlog);

#endif /* SKUA_SERVE_UNIX_SOCKET_H */
