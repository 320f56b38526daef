// SPDX-License-Identifier: BSD-2-Clause
/* Reads where to listen, and listens; see web_address.h. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "serve/unix_socket.h"
#include "serve/web_address.h"

#define UNIX_PREFIX "unix:"
#define BACKLOG 32

/* 1 to 65535, or 0. */
static unsigned parse_port(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	return isdigit((unsigned char)text[0]) && !*end && port <= 65535 ? port : 0;
}

static int parse_unix(struct web_address *out, const char *path)
{
	if (!path[0] || strlen(path) >= sizeof(out->un.sun_path))
		return -EINVAL;
	out->un.sun_family = AF_UNIX;
	strcpy(out->un.sun_path, path);
	out->size = sizeof(out->un);
	return 0;
}

int web_address_parse(struct web_address *out, const char *text)
{
	char host[INET6_ADDRSTRLEN + 2] = "127.0.0.1";
	const char *colon = strrchr(text, ':');
	const char *port_text = colon ? colon + 1 : text;
	unsigned port;
	size_t length;

	*out = (struct web_address){ 0 };
	if (!strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)))
		return parse_unix(out, text + strlen(UNIX_PREFIX));
	if (colon) {
		length = colon - text;
		if (length >= sizeof(host))
			return -EINVAL;
		memcpy(host, text, length);
		host[length] = 0;
	}
	port = parse_port(port_text);
	length = strlen(host);
	if (!port)
		return -EINVAL;
	if (inet_pton(AF_INET, host, &out->in.sin_addr) == 1) {
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(port);
		out->size = sizeof(out->in);
		return 0;
	}
	if (length < 3 || host[0] != '[' || host[length - 1] != ']')
		return -EINVAL;
	host[length - 1] = 0;
	if (inet_pton(AF_INET6, host + 1, &out->in6.sin6_addr) != 1)
		return -EINVAL;
	out->in6.sin6_family = AF_INET6;
	out->in6.sin6_port = htons(port);
	out->size = sizeof(out->in6);
	return 0;
}

bool web_address_is_local(const struct web_address *address)
{
	switch (address->any.sa_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
		return ntohl(address->in.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	default:
		return IN6_IS_ADDR_LOOPBACK(&address->in6.sin6_addr);
	}
}

int web_address_listen(const struct web_address *address)
{
	int on = 1, fd, err = 0;

	if (address->any.sa_family == AF_UNIX)
		return unix_socket_listen(&address->un, BACKLOG);
	fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, &address->any, address->size) || listen(fd, BACKLOG))
		err = -errno;
	if (err)
		close(fd);
	return err ? err : fd;
}
