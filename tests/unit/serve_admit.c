// SPDX-License-Identifier: BSD-2-Clause
/* Readers of some namespaces only are let in beyond the group, and are known as such. */
#include <sys/wait.h>
#include "serve_desk.h"

#define READER 54321
#define STRANGER 54322
#define NOT_LET_IN 100
#define NO_ANSWER 101

static const struct readers readers = { { { READER, "shop" }, { READER, "lab" } }, 2 };

static void open_limited(struct desk *desk)
{
	struct control_ops ops = desk_ops(desk);

	desk_init(desk);
	desk->snapshot_length = 10;
	ops.readers = &readers;
	if (control_open(&desk->control, desk->path, &ops))
		abort();
}

static struct control_request request_of(enum control_kind kind)
{
	struct control_request request = { .head = { control_request_length(kind), CONTROL_VERSION,
						     kind } };

	if (kind == CONTROL_ARM) {
		request.arm.selector.has_a = 1;
		request.arm.seconds = 5;
	}
	return request;
}

/* In a process of its own: the verdict, or NOT_LET_IN. */
static int ask(const struct desk *desk, uid_t uid, enum control_kind kind)
{
	const struct control_request request = request_of(kind);
	struct pollfd answer = { .events = POLLIN };
	struct control_head head;
	int fd;

	if (setgid(uid) || setuid(uid))
		return NO_ANSWER;
	fd = desk_connect(desk);
	if (fd < 0)
		return fd == -EACCES ? NOT_LET_IN : NO_ANSWER;
	say(fd, &request, request.head.length);
	answer.fd = fd;
	if (poll(&answer, 1, 60000) <= 0 || recv(fd, &head, sizeof(head), 0) != sizeof(head))
		return NO_ANSWER;
	return head.what;
}

static int verdict_for(struct desk *desk, uid_t uid, enum control_kind kind)
{
	pid_t child = fork();
	int status;

	if (!child)
		_exit(ask(desk, uid, kind));
	/* So that nobody asks too often; who asks slowly shall not be too late meanwhile. */
	desk->now_ns += 2 * SECOND_NS;
	while (!waitpid(child, &status, WNOHANG)) {
		desk_poll(desk);
		usleep(1000);
	}
	return WEXITSTATUS(status);
}

static void test_folder(struct desk *desk)
{
	struct stat found;
	int err = control_admit(desk->control, &readers);

	ok(err == -EACCES && !stat(desk->folder, &found) && (found.st_mode & 07777) == 0700,
	   "a folder that is not the agent's is left as it is, and that is said");
	if (chmod(desk->folder, 0711))
		abort();
	ok(!control_admit(desk->control, &readers) && !stat(desk->path, &found) &&
		   (found.st_mode & 0777) == 0660,
	   "where one can pass through it, the socket has a list and no wider mode");
}

static void test_who(struct desk *desk)
{
	ok(verdict_for(desk, READER, CONTROL_SNAPSHOT) == CONTROL_OK && desk->limited,
	   "a reader gets in, and a snapshot of what it may have");
	ok(verdict_for(desk, READER, CONTROL_FINDINGS) == CONTROL_OK && desk->limited,
	   "findings likewise");
	ok(verdict_for(desk, READER, CONTROL_ARM) == CONTROL_FORBIDDEN && !desk->armed_s,
	   "what it has no right to is refused by that name");
	ok(verdict_for(desk, READER, CONTROL_STATUS) == CONTROL_OK,
	   "how the agent is may all know");
	ok(verdict_for(desk, STRANGER, CONTROL_STATUS) == NOT_LET_IN, "another is not let in");
	ok(verdict_for(desk, 0, CONTROL_SNAPSHOT) == CONTROL_OK && !desk->limited &&
		   verdict_for(desk, 0, CONTROL_FINDINGS) == CONTROL_OK && !desk->limited &&
		   verdict_for(desk, 0, CONTROL_ARM) == CONTROL_OK && desk->armed_s,
	   "root may have all");
}

static void test_made_folder(void)
{
	struct control_ops ops = { .readers = &readers };
	char folder[] = "/tmp/skua-admit-XXXXXX", inner[64], path[96];
	struct control *control;
	struct stat found;

	if (!mkdtemp(folder))
		abort();
	snprintf(inner, sizeof(inner), "%s/skua", folder);
	snprintf(path, sizeof(path), "%s/control.sock", inner);
	if (control_open(&control, path, &ops))
		abort();
	ok(!control_admit(control, &readers) && !stat(inner, &found) &&
		   (found.st_mode & 0777) == 0751,
	   "a folder that the agent made lets them through, and not look into it");
	control_close(control);
	rmdir(inner);
	rmdir(folder);
}

int main(void)
{
	struct desk desk;

	umask(022); /* whatever the caller's */
	open_limited(&desk);
	if (control_admit(desk.control, &readers) == -EOPNOTSUPP) {
		printf("1..0 # SKIP /tmp has no access control lists\n");
		desk_close(&desk);
		return 77;
	}
	test_folder(&desk);
	if (!geteuid())
		test_who(&desk);
	else
		ok(true, "who gets in # SKIP only root can be several accounts");
	desk_close(&desk);
	test_made_folder();
	return done();
}
