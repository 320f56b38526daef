// SPDX-License-Identifier: BSD-2-Clause
/* The protocol of sd_notify(3), without its library. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include "base/notify.h"

#define MESSAGE_SIZE 512
#define PATIENCE_US 100000
#define UNHURRIED_NS (30 * 1000000000ULL)

/* Half of what is waited for, as sd_watchdog_enabled(3) advises. */
static uint64_t beat_ns(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	uint64_t ns = usec ? strtoull(usec, NULL, 10) * 1000 / 2 : 0;

	if (pid && strtoul(pid, NULL, 10) != (unsigned long)getpid())
		ns = 0; /* somebody else is waited for */
	return ns ? ns : UNHURRIED_NS;
}

int notify_init(struct notify *notify)
{
	const struct timeval patience = { .tv_usec = PATIENCE_US };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t length = path ? strlen(path) : 0;
	struct notify new = { .fd = -1, .to = { .sun_family = AF_UNIX } };

	*notify = new;
	if (!length)
		return 0;
	if (path[0] != '/' && path[0] != '@')
		return -EAFNOSUPPORT;
	if (length < 2 || length >= sizeof(new.to.sun_path))
		return -EINVAL;
	memcpy(new.to.sun_path, path, length);
	new.to_length = offsetof(struct sockaddr_un, sun_path) + length;
	if (path[0] == '@')
		new.to.sun_path[0] = '\0'; /* an abstract name has no end but its length */
	else
		new.to_length++;
	new.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (new.fd < 0)
		return -errno;
	setsockopt(new.fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	new.beat_ns = beat_ns();
	*notify = new;
	return 0;
}

void notify_fini(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

int notify_say(const struct notify *notify, const char *format, ...)
{
	char message[MESSAGE_SIZE];
	va_list arguments;
	int length;

	if (notify->fd < 0)
		return 0;
	va_start(arguments, format);
	length = vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof(message))
		return -EMSGSIZE;
	if (sendto(notify->fd, message, length, MSG_NOSIGNAL, (const struct sockaddr *)&notify->to,
		   notify->to_length) < 0)
		return -errno;
	return 0;
}

bool notify_due(struct notify *notify, uint64_t now_ns)
{
	if (notify->fd < 0 || now_ns < notify->next_ns)
		return false;
	/* By the clock, not by when it was asked: rounding up to its seconds does not add up. */
	notify->next_ns += notify->beat_ns;
	if (notify->next_ns <= now_ns)
		notify->next_ns = now_ns + notify->beat_ns;
	return true;
}
