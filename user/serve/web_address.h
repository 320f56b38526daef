/* SPDX-License-Identifier: BSD-2-Clause */
/* Where to listen, as people write it. */
#ifndef SKUA_SERVE_WEB_ADDRESS_H
#define SKUA_SERVE_WEB_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>

struct web_address {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	};
	socklen_t size;
};

/* "9477", "127.0.0.1:9477", "[::1]:9477", "unix:/run/skua/web.sock".  0 or -EINVAL. */
int web_address_parse(struct web_address *out, const char *text);
/* Only this host can reach it. */
bool web_address_is_local(const struct web_address *address);
/* A listening descriptor, or -errno; for Unix sockets as unix_socket_listen() says. */
int web_address_listen(const struct web_address *address);

#endif /* SKUA_SERVE_WEB_ADDRESS_H */
