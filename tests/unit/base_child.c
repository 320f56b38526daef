// SPDX-License-Identifier: BSD-2-Clause
/* Processes of ours are waited for, and none for ever. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/child.h"
#include "base/privs.h"
#include "tap.h"

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Hears nothing but SIGKILL; its own end of the pipe tells when it is gone. */
static pid_t deaf(int *told)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		return -1;
	pid = fork();
	if (!pid) {
		for (int i = 1; i < 32; i++)
			signal(i, SIG_IGN);
		if (write(ends[1], "", 1) == 1)
			for (;;)
				pause();
	}
	close(ends[1]);
	*told = ends[0];
	return pid;
}

static void test_deaf(void)
{
	double begun;
	char byte;
	int told;
	pid_t pid = deaf(&told);

	ok(read(told, &byte, 1) == 1, "a process hears nothing");
	begun = now_s();
	ok(!child_end(pid, 200) && now_s() - begun >= 0.19 && now_s() - begun < 40,
	   "it has its time, and no more");
	ok(read(told, &byte, 1) == 0 && waitpid(pid, NULL, WNOHANG) < 0 && errno == ECHILD,
	   "then it is gone, and nothing is left of it");
	close(told);
}

static void test_ends(void)
{
	double begun = now_s();
	pid_t pid = fork();

	if (!pid)
		_exit(3);
	ok(child_end(pid, 60000) && now_s() - begun < 30, "one that ends is not waited for longer");
	ok(child_end(0, 60000) && child_end(pid, 60000), "nor one that is not there");
}

/* As a worker is. */
static void test_confined(void)
{
	char byte;
	int told, status = -1;
	pid_t pid, worker = fork();

	if (!worker) {
		pid = deaf(&told);
		if (pid < 0 || read(told, &byte, 1) != 1 || privs_confine())
			_exit(2);
		_exit(child_end(pid, 0) || read(told, &byte, 1) != 0);
	}
	waitpid(worker, &status, 0);
	ok(!status, "a confined worker can do so, too");
}

int main(void)
{
	alarm(300);
	fflush(stdout);
	test_deaf();
	fflush(stdout);
	test_ends();
	fflush(stdout);
	test_confined();
	return done();
}
