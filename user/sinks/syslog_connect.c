// SPDX-License-Identifier: BSD-2-Clause
/* A socket to a syslog server. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "sinks/syslog_connect.h"

#define STALL_MS 30000 /* not a byte confirmed for so long: the connection is given up */

static int open_socket(int family, int type, const struct sockaddr *to, socklen_t size)
{
	int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), err, on = 1;
	unsigned stall_ms = STALL_MS;

	if (fd < 0)
		return -errno;
	if (type == SOCK_STREAM) {
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
		setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &stall_ms, sizeof(stall_ms));
	}
	if (!connect(fd, to, size) || errno == EINPROGRESS)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int syslog_connect(const struct syslog_target *target, unsigned attempt)
{
	const struct addrinfo hints = {
		.ai_socktype = target->transport == SYSLOG_TCP ? SOCK_STREAM : SOCK_DGRAM,
	};
	struct sockaddr_un path = { .sun_family = AF_UNIX };
	struct addrinfo *found = NULL, *one;
	unsigned count = 0;
	int fd;

	if (target->transport == SYSLOG_UNIX) {
		if (strlen(target->host) >= sizeof(path.sun_path))
			return -ENAMETOOLONG;
		memcpy(path.sun_path, target->host, strlen(target->host));
		return open_socket(AF_UNIX, SOCK_DGRAM, (struct sockaddr *)&path, sizeof(path));
	}
	if (getaddrinfo(target->host, target->port, &hints, &found))
		return -EHOSTUNREACH;
	for (one = found; one; one = one->ai_next)
		count++;
	one = found;
	for (unsigned i = 0; i < attempt % count; i++)
		one = one->ai_next;
	fd = open_socket(one->ai_family, one->ai_socktype, one->ai_addr, one->ai_addrlen);
	freeaddrinfo(found);
	return fd;
}
