// SPDX-License-Identifier: BSD-2-Clause
/* What a service manager hears, by a socket of our own. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/notify.h"
#include "tap.h"

#define SECOND_NS 1000000000ULL

static int listen_at(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	socklen_t length = offsetof(struct sockaddr_un, sun_path) + strlen(path);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, path, strlen(path));
	if (path[0] == '@')
		at.sun_path[0] = '\0';
	else
		length++;
	unlink(path);
	return fd < 0 || bind(fd, (const struct sockaddr *)&at, length) ? -1 : fd;
}

static bool heard(int fd, const char *wanted)
{
	char got[1024];
	ssize_t length = recv(fd, got, sizeof(got), 0);

	return length == (ssize_t)strlen(wanted) && !memcmp(got, wanted, length);
}

static void try_address(const char *path, const char *sentence)
{
	int fd = listen_at(path);
	struct notify notify;

	setenv("NOTIFY_SOCKET", path, 1);
	ok(fd >= 0 && !notify_init(&notify) &&
		   !notify_say(&notify, "READY=1\nSTATUS=%d eggs", 12) &&
		   heard(fd, "READY=1\nSTATUS=12 eggs"),
	   sentence);
	notify_fini(&notify);
	close(fd);
}

static int init_with(const char *path)
{
	struct notify notify;
	int err;

	setenv("NOTIFY_SOCKET", path, 1);
	err = notify_init(&notify);
	notify_fini(&notify);
	return err;
}

static void try_silence(void)
{
	char path[200] = "/";
	struct notify notify;

	unsetenv("NOTIFY_SOCKET");
	ok(!notify_init(&notify) && !notify_say(&notify, "READY=1") && !notify_due(&notify, 1),
	   "nobody listens: nothing is said, nothing is due");
	ok(init_with("vsock:2:1234") == -EAFNOSUPPORT, "an address of another family is refused");
	ok(init_with("relative") == -EAFNOSUPPORT, "so is a path without a beginning");
	ok(init_with("/") == -EINVAL && init_with("@") == -EINVAL, "and one without an end");
	memset(path + 1, 'x', 107);
	ok(init_with(path) == -EINVAL, "108 characters are no address");
	path[107] = '\0';
	ok(!init_with(path), "107 are one");
	setenv("NOTIFY_SOCKET", path, 1);
	notify_init(&notify);
	ok(notify_say(&notify, "READY=1") == -ENOENT,
	   "who is not there does not hear: that is told");
	memset(path, 'y', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	ok(notify_say(&notify, "STATUS=%s%s%s", path, path, path) == -EMSGSIZE,
	   "a message that is cut would lie: it is refused");
	notify_fini(&notify);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

static void try_busy(const char *path)
{
	int fd = listen_at(path), err = 0;
	uint64_t begun;
	struct notify notify;

	setenv("NOTIFY_SOCKET", path, 1);
	notify_init(&notify);
	begun = now_ns();
	for (int i = 0; i < 100000 && !err; i++)
		err = notify_say(&notify, "WATCHDOG=1");
	ok(err == -EAGAIN && now_ns() - begun < 60 * SECOND_NS,
	   "a listener that never reads is not waited for for ever");
	notify_fini(&notify);
	close(fd);
}

static uint64_t interval(const char *usec, const char *pid)
{
	struct notify notify;

	if (usec)
		setenv("WATCHDOG_USEC", usec, 1);
	else
		unsetenv("WATCHDOG_USEC");
	if (pid)
		setenv("WATCHDOG_PID", pid, 1);
	else
		unsetenv("WATCHDOG_PID");
	notify_init(&notify);
	notify_fini(&notify);
	return notify.beat_ns;
}

static void try_beats(const char *path)
{
	char mine[16], another[16];
	struct notify notify;

	snprintf(mine, sizeof(mine), "%d", (int)getpid());
	snprintf(another, sizeof(another), "%d", (int)getppid());
	setenv("NOTIFY_SOCKET", path, 1);
	ok(interval("30000000", NULL) == 15 * SECOND_NS,
	   "signs of life come twice in the time given");
	ok(interval("30000000", mine) == 15 * SECOND_NS, "also when it is given to us by number");
	ok(interval("4000000", another) == 30 * SECOND_NS, "but not when it is another's");
	ok(interval(NULL, NULL) == 30 * SECOND_NS && interval("0", NULL) == 30 * SECOND_NS,
	   "where none is given they are unhurried");
	interval("4000000", NULL);
	notify_init(&notify);
	ok(notify_due(&notify, 100 * SECOND_NS), "the first is due at once");
	ok(!notify_due(&notify, 102 * SECOND_NS - 1) && notify_due(&notify, 102 * SECOND_NS),
	   "the next when half of the time has passed");
	ok(notify_due(&notify, 900 * SECOND_NS) && !notify_due(&notify, 900 * SECOND_NS),
	   "and those that were missed are not made good");
	notify_fini(&notify);
}

int main(void)
{
	char folder[] = "/tmp/skua-notify-XXXXXX", path[64], name[64];

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/manager", folder);
	snprintf(name, sizeof(name), "@%s", folder + strlen("/tmp/"));
	try_address(path, "a message arrives at a path");
	try_address(name, "and at an abstract name");
	try_silence();
	try_busy(name);
	try_beats(path);
	unlink(path);
	rmdir(folder);
	return done();
}
