// SPDX-License-Identifier: BSD-2-Clause
/* Reads where a syslog server is. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include "sinks/syslog_target.h"

static const struct scheme {
	const char *name, *port;
	size_t limit;
} schemes[] = {
	/* RFC 5426, 3.2: what any receiver of IPv6 must take, and no path cuts in two. */
	[SYSLOG_UDP] = { "udp://", "514", 1180 },
	[SYSLOG_TCP] = { "tcp://", "601", 8192 },
	/* RFC 5424, 6.1: what a receiver should take. */
	[SYSLOG_UNIX] = { "unix:", "", 2048 },
};

static bool set(char *to, size_t size, const char *from, size_t length)
{
	if (!length || length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

static bool is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits && digits <= 5 && !text[digits] && atoi(text) >= 1 && atoi(text) <= 65535;
}

static bool set_host(struct syslog_target *out, const char *text, const char *port)
{
	const char *end = text[0] == '[' ? strchr(text, ']') : text + strcspn(text, ":");
	const char *begin = text + (text[0] == '[');

	if (!end || !set(out->host, sizeof(out->host), begin, end - begin))
		return false;
	for (const char *at = out->host; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("-._:%", *at))
			return false;
	end += *end == ']';
	if (*end == ':')
		port = end + 1;
	else if (*end)
		return false;
	return is_port(port) && set(out->port, sizeof(out->port), port, strlen(port));
}

int syslog_target_parse(struct syslog_target *out, const char *text)
{
	struct syslog_target target = {};
	const char *rest;
	bool good;
	unsigned i = 0;

	while (i < 3 && strncmp(text, schemes[i].name, strlen(schemes[i].name)))
		i++;
	if (i == 3)
		return -EINVAL;
	target.transport = i;
	rest = text + strlen(schemes[i].name);
	if (i == SYSLOG_UNIX)
		good = strlen(rest) < sizeof(((struct sockaddr_un *)0)->sun_path) &&
		       set(target.host, sizeof(target.host), rest, strlen(rest));
	else
		good = set_host(&target, rest, schemes[i].port);
	if (!good)
		return -EINVAL;
	*out = target;
	return 0;
}

size_t syslog_target_limit(const struct syslog_target *target)
{
	return schemes[target->transport].limit;
}
