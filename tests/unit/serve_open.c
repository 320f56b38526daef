// SPDX-License-Identifier: BSD-2-Clause
/* The control socket takes its place, and only its own; and it lives within few system calls. */
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "serve/client.h"
#include "serve/control_state.h"
#include "serve_desk.h"

static unsigned mode_of(const char *path)
{
	struct stat found;

	return stat(path, &found) ? 0 : found.st_mode & 07777;
}

static int open_at(const char *path)
{
	const struct control_ops ops = { .status = desk_fill };
	struct control *control;
	int err = control_open(&control, path, &ops);

	if (!err)
		control_close(control);
	return err;
}

static void test_place(void)
{
	struct desk desk;
	char deep[128];
	mode_t mask = umask(0077);
	bool wide;

	desk_open(&desk);
	ok(mode_of(desk.path) == 0660, "owner and group may ask, whatever the umask says");
	umask(0);
	snprintf(deep, sizeof(deep), "%s/run/control.sock", desk.folder);
	ok(!open_at(deep), "a missing folder is made");
	snprintf(deep, sizeof(deep), "%s/run", desk.folder);
	wide = mode_of(deep) != 0750;
	rmdir(deep);
	umask(mask);
	ok(!wide, "for owner and group only");
	control_close(desk.control);
	desk.control = NULL;
	ok(access(desk.path, F_OK), "closing removes the socket");
	snprintf(deep, sizeof(deep), "%s/no/where/control.sock", desk.folder);
	ok(open_at(deep) == -ENOENT, "folders above it are not ours to make");
	memset(deep, 'x', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	ok(open_at(deep) == -ENAMETOOLONG && open_at("") == -ENOENT,
	   "a path that no socket can have is refused");
	desk_close(&desk);
}

static bool belongs_to(const char *path, uid_t uid, gid_t gid)
{
	struct stat found;

	return !stat(path, &found) && found.st_uid == uid && found.st_gid == gid;
}

static void test_give(void)
{
	const char *sentence = "socket and folder can be handed to the account that serves";
	const struct control_ops ops = { .status = desk_fill };
	const struct group *group = getgrnam(CONTROL_GROUP);
	const gid_t given = group ? group->gr_gid : 65533, kept = group ? group->gr_gid : 0;
	struct control *control;
	struct desk desk;
	char folder[80], path[96];

	desk_init(&desk);
	snprintf(folder, sizeof(folder), "%s/run", desk.folder);
	snprintf(path, sizeof(path), "%s/control.sock", folder);
	if (geteuid()) {
		skip(sentence, "needs root");
	} else if (!control_open(&control, path, &ops)) {
		ok(!control_give(control, 65534, 65533) && belongs_to(path, 65534, given) &&
			   belongs_to(folder, 65534, given) && belongs_to(desk.folder, 0, 0),
		   sentence);
		control_close(control);
		ok(!control_open(&control, path, &ops) && !control_give(control, 0, 0) &&
			   belongs_to(path, 0, kept) && belongs_to(folder, 65534, given),
		   "but not a folder that was there before");
		control_close(control);
	}
	rmdir(folder);
	desk_close(&desk);
}

static void test_stale(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct desk desk;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), file;

	desk_init(&desk);
	strcpy(address.sun_path, desk.path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		abort();
	close(fd);
	ok(!open_at(desk.path), "a socket that a dead agent left is replaced");
	file = open(desk.path, O_CREAT | O_WRONLY, 0600);
	ok(open_at(desk.path) == -ENOTSOCK && !access(desk.path, F_OK),
	   "a file that is no socket is left alone");
	close(file);
	unlink(desk.path);
	symlink("elsewhere", desk.path);
	ok(open_at(desk.path) == -ENOTSOCK, "nor is a link followed");
	unlink(desk.path);
	desk_close(&desk);
}

/* Who hangs does not accept: its queue may be full, but it lives. */
static void test_hung(void)
{
	int fds[200], count = 0;
	struct desk desk;

	desk_open(&desk);
	while (count < 200 && (fds[count] = desk_connect(&desk)) >= 0)
		count++;
	ok(count > 100 && fds[count] == -EAGAIN && open_at(desk.path) == -EADDRINUSE,
	   "an agent that hangs is not pushed aside");
	while (count)
		close(fds[--count]);
	desk_close(&desk);
}

static void test_second(void)
{
	struct desk desk;
	int fd, lock;

	desk_open(&desk);
	ok(open_at(desk.path) == -EADDRINUSE, "a second agent is refused");
	ok(strstr(control_open_error(-EADDRINUSE), "another agent answers there"), "and told why");
	desk_poll(&desk);
	fd = desk_connect(&desk);
	ask_status(fd);
	desk_poll(&desk);
	ok(was_told(fd, CONTROL_OK), "which does not disturb the first");
	desk_close(&desk);

	desk_init(&desk);
	lock = open(desk.folder, O_RDONLY | O_DIRECTORY);
	flock(lock, LOCK_EX);
	ok(open_at(desk.path) == -EBUSY,
	   "while another is starting, a second one waits, not forever");
	close(lock);
	ok(!open_at(desk.path), "and comes in when that is done");
	desk_close(&desk);
}

/* Without a descriptor to spare, waiting clients must not make the loop spin. */
static void test_no_descriptor(void)
{
	struct rlimit before, tight;
	struct desk desk;
	bool asleep;
	int fd;

	desk_open(&desk);
	fd = desk_connect(&desk);
	ask_status(fd);
	getrlimit(RLIMIT_NOFILE, &before);
	tight = before;
	tight.rlim_cur = fd + 1;
	setrlimit(RLIMIT_NOFILE, &tight);
	desk_poll(&desk);
	setrlimit(RLIMIT_NOFILE, &before);
	asleep = !desk_wakes(&desk);
	desk.now_ns += SECOND_NS;
	desk_poll(&desk);
	ok(asleep, "without a descriptor to spare the loop sleeps");
	ok(was_told(fd, CONTROL_OK), "and tries again a second later");
	desk_close(&desk);
}

#ifdef __NR_epoll_wait
#define NR_WAIT __NR_epoll_wait
#define NR_UNLINK __NR_unlink
#else
#define NR_WAIT __NR_epoll_pwait
#define NR_UNLINK __NR_unlinkat
#endif
#define ALLOW(number)                                                                              \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),                                         \
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* What the worker keeps for it; anything else kills. */
static int confine(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		ALLOW(__NR_accept4),
		ALLOW(__NR_recvfrom),
		ALLOW(__NR_sendto),
		ALLOW(__NR_close),
		ALLOW(__NR_epoll_ctl),
		ALLOW(NR_WAIT),
		ALLOW(__NR_clock_gettime),
		ALLOW(NR_UNLINK),
		ALLOW(__NR_exit_group),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void serve_confined(struct desk *desk)
{
	struct epoll_event event;

	if (confine())
		_exit(77);
	while (desk->control->answered < 3) {
		epoll_wait(control_fd(desk->control), &event, 1, 2000);
		desk_poll(desk);
	}
	control_close(desk->control);
	_exit(0);
}

static void test_confined(void)
{
	const char *sentence = "serving and closing need eight system calls";
	struct client client = { .timeout_ms = 60000 };
	struct status_view view;
	struct desk desk;
	unsigned asked = 0;
	int status, fd;
	pid_t child;

#ifdef __SANITIZE_ADDRESS__
	skip(sentence, "a sanitizer needs more");
	return;
#endif
	desk_open(&desk);
	child = fork();
	if (!child)
		serve_confined(&desk);
	fd = desk_connect(&desk);
	say(fd, "nonsense", 8);
	client.path = desk.path;
	for (int i = 0; i < 3; i++)
		asked += !client_status(&client, &view);
	if (asked < 3)
		kill(child, SIGKILL);
	waitpid(child, &status, 0);
	close(fd);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip(sentence, "seccomp is not permitted here");
	else
		ok(asked == 3 && WIFEXITED(status) && !WEXITSTATUS(status) &&
			   access(desk.path, F_OK),
		   sentence);
	desk_close(&desk);
}

int main(void)
{
	test_place();
	test_give();
	test_stale();
	test_second();
	test_hung();
	test_no_descriptor();
	test_confined();
	return done();
}
