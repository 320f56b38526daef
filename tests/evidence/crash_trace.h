/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a function in a child and kills it at one of its system calls, before or after it is made.
 */
#ifndef TESTS_CRASH_TRACE_H
#define TESTS_CRASH_TRACE_H

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a writer is at; told from its system calls. */
enum phase {
	PHASE_OPEN,   /* reading the chain, or recovering */
	PHASE_BEGIN,  /* directories, the part */
	PHASE_WRITE,  /* blocks */
	PHASE_FINISH, /* on the disk, hashed */
	PHASE_JSON,
	PHASE_RENAME,
	PHASE_MANIFEST, /* the line of a publication */
	PHASE_HEAD,
	PHASE_SIGN,
	PHASE_REMOVE, /* the line of a removal, then the file */
	PHASE_ROTATE, /* segments: listed again, dropped, renamed */
	PHASES
};

static const char *const phase_names[PHASES] = { "open", "begin",         "write",    "finish",
						 "json", "rename",        "manifest", "head",
						 "sign", "quota removal", "rotation" };

static inline void peek(pid_t pid, uint64_t from, char *to, size_t size)
{
	struct iovec local = { to, size - 1 }, remote = { (void *)(uintptr_t)from, size - 1 };
	ssize_t got;

	/* A string near the end of a page: take less. */
	do {
		got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
		local.iov_len /= 2;
		remote.iov_len = local.iov_len;
	} while (got < 0 && local.iov_len);
	to[got < 0 ? 0 : got] = 0;
}

static inline bool ends_in(const char *text, const char *tail)
{
	size_t length = strlen(text), tail_length = strlen(tail);

	return length >= tail_length && !strcmp(text + length - tail_length, tail);
}

static inline enum phase phase_of_open(enum phase phase, const char *name)
{
	if (ends_in(name, ".pcapng.part"))
		return PHASE_WRITE;
	if (ends_in(name, ".json.part"))
		return PHASE_JSON;
	if (!strcmp(name, "HEAD.part"))
		return PHASE_HEAD;
	return !strcmp(name, "HEAD.minisig.part") ? PHASE_SIGN : phase;
}

static inline enum phase phase_of_line(enum phase phase, const char *text)
{
	if (strncmp(text, "{\"seq\":", 7) != 0)
		return phase;
	if (strstr(text, "\"publish\""))
		return PHASE_MANIFEST;
	return strstr(text, "\"remove\"") ? PHASE_REMOVE : PHASE_ROTATE;
}

/* After a system call is announced. */
static inline enum phase next_phase(pid_t pid, enum phase phase,
				    const struct __ptrace_syscall_info *call)
{
	const uint64_t *args = call->entry.args;
	char text[161];

	switch (call->entry.nr) {
	case SYS_openat:
		peek(pid, args[1], text, sizeof(text));
		return phase_of_open(phase, text);
	case SYS_write:
		peek(pid, args[1], text, sizeof(text));
		return phase_of_line(phase, text);
	case SYS_mkdirat:
		return PHASE_BEGIN;
	case SYS_fdatasync:
		return phase == PHASE_WRITE ? PHASE_FINISH : phase;
	case SYS_renameat:
	case SYS_renameat2:
		peek(pid, args[3], text, sizeof(text));
		if (ends_in(text, ".pcapng"))
			return PHASE_RENAME;
		if (!strcmp(text, "HEAD"))
			return PHASE_HEAD;
		if (!strcmp(text, "HEAD.minisig"))
			return PHASE_SIGN;
		return !strncmp(text, "MANIFEST-", 9) ? PHASE_ROTATE : phase;
	case SYS_unlinkat:
		peek(pid, args[1], text, sizeof(text));
		if (ends_in(text, ".pcapng"))
			return PHASE_REMOVE;
		return !strncmp(text, "MANIFEST-", 9) ? PHASE_ROTATE : phase;
	default:
		return phase;
	}
}

/*
 * Runs child(arg) until it has made so many stops (each call stops twice) in a
 * phase, and kills it there; PHASES: in any phase; at 0: never.  Counts the
 * stops of each phase.  Returns the phase that it was killed in, or PHASES.
 */
static inline enum phase trace(int (*child)(void *), void *arg, enum phase wanted, unsigned at,
			       unsigned stops[PHASES])
{
	struct __ptrace_syscall_info call;
	enum phase phase = PHASE_OPEN;
	pid_t pid = fork();
	int status;

	memset(stops, 0, PHASES * sizeof(stops[0]));
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(child(arg));
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
		return PHASES;
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) || waitpid(pid, &status, 0) < 0 ||
		    !WIFSTOPPED(status))
			return PHASES;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(call), &call) > 0 &&
		    call.op == PTRACE_SYSCALL_INFO_ENTRY)
			phase = next_phase(pid, phase, &call);
		stops[phase]++;
		if ((phase == wanted || wanted == PHASES) && !--at) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return phase;
		}
	}
}

#endif /* TESTS_CRASH_TRACE_H */
