// SPDX-License-Identifier: BSD-2-Clause
/* What a process has given up is gone: read from /proc, and tried. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/privs.h"
#include "tap.h"

/* Of a child, as bits: which sentences hold. */
static unsigned *held;

static bool status_says(const char *line)
{
	char text[4096], *end;
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	end = strstr(text, line);
	return end && (end == text || end[-1] == '\n') && end[strlen(line)] == '\n';
}

static void holds(unsigned bit, bool good)
{
	if (good)
		*held |= 1u << bit;
}

static bool refused(long result)
{
	return result < 0 && errno == EPERM;
}

static void be_worker(void)
{
	struct privs_account account;
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	char *const argv[] = { "/bin/true", NULL };

	holds(0, !privs_account_find(&account, "nobody") && account.change);
	holds(1, !privs_drop(&account));
	holds(2, status_says("CapEff:\t0000000000000000") &&
			 status_says("CapPrm:\t0000000000000000") &&
			 status_says("CapBnd:\t0000000000000000"));
	holds(3, getuid() == account.uid && geteuid() == account.uid && getgid() == account.gid);
	holds(4, setuid(0) < 0);
	holds(5, !privs_confine());
	holds(6, status_says("NoNewPrivs:\t1") && status_says("Seccomp:\t2"));
	holds(7,
	      refused(socket(AF_INET, SOCK_STREAM, 0)) && refused(socket(AF_PACKET, SOCK_RAW, 0)));
	holds(8, refused(execv("/bin/true", argv)) &&
			 refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)));
	holds(9, refused(ptrace(PTRACE_TRACEME, 0, 0, 0)));
	holds(10, refused(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr))));
	holds(11, syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr)) < 0 && errno != EPERM);
	holds(12, syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr)) < 0 && errno != EPERM);
	holds(13, malloc(1 << 20) != NULL && write(STDOUT_FILENO, "", 0) == 0);
	_exit(0);
}

static void be_attacher(void)
{
	static const int kept[] = { CAP_NET_ADMIN, CAP_BPF };

	holds(0, !privs_keep(kept, 2));
	holds(1, status_says("CapEff:\t0000008000001000") &&
			 status_says("CapPrm:\t0000008000001000") &&
			 status_says("CapBnd:\t0000000000000000"));
	holds(2, status_says("NoNewPrivs:\t1"));
	_exit(0);
}

static unsigned in_child(void (*be)(void))
{
	pid_t pid;

	*held = 0;
	fflush(stdout);
	pid = fork();
	if (!pid)
		be();
	waitpid(pid, NULL, 0);
	return *held;
}

static void say(unsigned bits, const char *const *sentences, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		ok(bits & 1u << i, sentences[i]);
}

int main(void)
{
	static const char *const worker[] = {
		"root can become nobody",
		"it gives up everything",
		"no capability is left, not even to be gained",
		"it is nobody",
		"and cannot be root again",
		"it confines itself",
		"the kernel says so",
		"it opens no socket",
		"it starts no program and no process",
		"it traces nobody",
		"it creates no map",
		"but reads maps, if it has any",
		"and writes them",
		"and has memory, and writes",
	};
	static const char *const attacher[] = {
		"root can keep a few capabilities",
		"those, and no others",
		"and gains none by execution",
	};

	if (geteuid()) {
		printf("1..0 # SKIP giving up root's rights needs root\n");
		return 0;
	}
	held = mmap(NULL, sizeof(*held), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	say(in_child(be_worker), worker, sizeof(worker) / sizeof(worker[0]));
	say(in_child(be_attacher), attacher, sizeof(attacher) / sizeof(attacher[0]));
	return done();
}
