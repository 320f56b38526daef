// SPDX-License-Identifier: BSD-2-Clause
/* A socket at a path takes its place and only its own, for control and metrics alike. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include "serve/unix_socket.h"
#include "serve/web_address.h"
#include "serve_desk.h"

static int listen_for_metrics(const char *path)
{
	struct web_address address;
	char text[128];
	int fd;

	snprintf(text, sizeof(text), "unix:%s", path);
	fd = web_address_parse(&address, text) ? -EINVAL : web_address_listen(&address);
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int listen_for_control(const char *path)
{
	const struct control_ops ops = { .status = desk_fill };
	struct control *control;
	int err = control_open(&control, path, &ops);

	if (!err)
		control_close(control);
	return err;
}

static void leave_dead_socket(const char *path, mode_t mode)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(address.sun_path, path);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) || chmod(path, mode))
		abort();
	close(fd);
}

static void test_place(const char *path)
{
	struct stat found = { 0 };
	mode_t mask;
	int file;

	leave_dead_socket(path, 0600);
	mask = umask(0077);
	ok(!listen_for_metrics(path) && !stat(path, &found) && (found.st_mode & 07777) == 0660,
	   "metrics replace a dead socket; owner and group may ask, whatever the umask says");
	umask(mask);
	unlink(path);
	file = open(path, O_CREAT | O_WRONLY, 0600);
	ok(listen_for_metrics(path) == -ENOTSOCK && !access(path, F_OK),
	   "a file that is no socket is left alone");
	close(file);
	unlink(path);
}

static void test_second(const struct desk *desk)
{
	ok(listen_for_metrics(desk->path) == -EADDRINUSE && !access(desk->path, F_OK),
	   "somebody who lives is not pushed aside");
}

static void test_lock(const struct desk *desk)
{
	int lock = open(desk->folder, O_RDONLY | O_DIRECTORY);

	if (flock(lock, LOCK_EX))
		abort();
	ok(listen_for_metrics(desk->path) == -EBUSY,
	   "while another is starting there, metrics wait, not forever");
	close(lock);
	ok(!listen_for_metrics(desk->path), "and come when that is done");
	unlink(desk->path);
}

/* What the listening answers in a child, -errno; 77 when the child cannot be set up. */
static int answer_in_child(int (*set_up)(void), int (*listens)(const char *), const char *path)
{
	int status = 0;
	pid_t child = fork();

	if (!child)
		_exit(set_up() ? 77 : -listens(path));
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -EIO;
	return WEXITSTATUS(status) == 77 ? 77 : -WEXITSTATUS(status);
}

/* From here on listen(2) fails. */
static int forbid_listening(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_listen, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void test_failure(const char *path)
{
	const char *sentence = "metrics that cannot listen leave no socket";
	int answer = answer_in_child(forbid_listening, listen_for_metrics, path);

	if (answer == 77)
		skip(sentence, "seccomp is not permitted here");
	else
		ok(answer == -EOPNOTSUPP && access(path, F_OK), sentence);
	answer = answer_in_child(forbid_listening, listen_for_control, path);
	if (answer != 77)
		ok(answer == -EOPNOTSUPP && access(path, F_OK), "nor does control");
	unlink(path);
}

static int become_nobody(void)
{
	return geteuid() ? 0 : setgid(65534) || setuid(65534);
}

static void test_forbidden(const struct desk *desk)
{
	if (chmod(desk->folder, 0777))
		abort();
	leave_dead_socket(desk->path, 0);
	ok(answer_in_child(become_nobody, listen_for_metrics, desk->path) == -EACCES,
	   "a socket that may not be tried is told as that, not as somebody's");
	unlink(desk->path);
}

static void test_folder(void)
{
	char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];

	unix_socket_folder("/run/skua/web.sock", folder);
	ok(!strcmp(folder, "/run/skua"), "the folder of a path is what stands before its name");
	unix_socket_folder("/web.sock", folder);
	ok(!strcmp(folder, "/"), "also the root's");
	unix_socket_folder("web.sock", folder);
	ok(!strcmp(folder, "."), "and this one's");
}

int main(void)
{
	struct desk desk;

	desk_open(&desk);
	test_second(&desk);
	desk_close(&desk);
	desk_init(&desk);
	test_place(desk.path);
	test_lock(&desk);
	test_failure(desk.path);
	test_forbidden(&desk);
	desk_close(&desk);
	test_folder();
	return done();
}
