// SPDX-License-Identifier: BSD-2-Clause
/*
 * Answers on a control socket as an agent does, or as it should not:
 * agent PATH [good|hang|version|garbage].  Says "ready", then serves until
 * SIGTERM.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "serve/control.h"
#include "../unit/serve_sample.h"

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static void fill(void *arg, struct status_view *out)
{
	(void)arg;
	sample_view(out);
}

static void say_ready(void)
{
	puts("ready");
	fflush(stdout);
}

static int serve(const char *path)
{
	struct control *control;
	int err = control_open(&control, path, fill, NULL);

	if (err) {
		fprintf(stderr, "agent: %s: %s\n", path, control_open_error(err));
		return 1;
	}
	say_ready();
	while (!stopped) {
		struct pollfd waited = { .fd = control_fd(control), .events = POLLIN };
		struct timespec now;

		poll(&waited, 1, 1000);
		clock_gettime(CLOCK_MONOTONIC, &now);
		control_poll(control, now.tv_sec * 1000000000ull + now.tv_nsec);
	}
	control_close(control);
	return 0;
}

/* Takes whoever comes and says these bytes. */
static int say_only(const char *path, const void *bytes, size_t length)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 8)) {
		fprintf(stderr, "agent: %s: %s\n", path, strerror(errno));
		return 1;
	}
	say_ready();
	while (!stopped) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0 && send(fd, bytes, length, MSG_NOSIGNAL) < 0)
			close(fd);
	}
	unlink(path);
	return 0;
}

int main(int argc, char **argv)
{
	const struct control_head newer = { sizeof(newer), CONTROL_VERSION + 1,
					    CONTROL_BAD_VERSION };
	const struct sigaction stopping = { .sa_handler = stop };
	const char *mode = argc > 2 ? argv[2] : "good";

	if (argc < 2)
		return 2;
	sigaction(SIGTERM, &stopping, NULL);
	if (!strcmp(mode, "good"))
		return serve(argv[1]);
	if (!strcmp(mode, "hang"))
		return say_only(argv[1], "", 0);
	if (!strcmp(mode, "version"))
		return say_only(argv[1], &newer, sizeof(newer));
	if (!strcmp(mode, "garbage"))
		return say_only(argv[1], "220 mail.example ESMTP\r\n", 24);
	return 2;
}
