// SPDX-License-Identifier: BSD-2-Clause
/* In which order a vault brings things to the disk: what a power cut, unlike a kill, would show. */
#include "../unit/vault_stage.h"
#include "crash_trace.h"

#define STEPS 4096

static char steps[STEPS]; /* "sync X, rename Y, ..." */

/* Names of a run without what differs: ids, and where the vault lies. */
static const char *short_name(const char *path)
{
	static const char *const known[] = { ".pcapng.part", ".json.part",    ".pcapng",
					     ".json",        "HEAD.part",     "HEAD.minisig.part",
					     "HEAD.minisig", "MANIFEST.jsonl" };

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (ends_in(path, known[i]))
			return known[i][0] == '.' ? known[i] + 1 : known[i];
	if (ends_in(path, "HEAD"))
		return "HEAD";
	return ends_in(path, "/vault") ? "vault" : "day";
}

static void note(const char *verb, const char *path)
{
	size_t used = strlen(steps);

	snprintf(steps + used, sizeof(steps) - used, "%s%s %s", used ? ", " : "", verb,
		 short_name(path));
}

static const char *path_of(pid_t pid, uint64_t fd)
{
	static char path[256];
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, (int)fd);
	length = readlink(link, path, sizeof(path) - 1);
	path[length < 0 ? 0 : length] = 0;
	return path;
}

static void note_call(pid_t pid, const struct __ptrace_syscall_info *call)
{
	const uint64_t *args = call->entry.args;
	char text[161];

	switch (call->entry.nr) {
	case SYS_fdatasync:
	case SYS_fsync:
		note("sync", path_of(pid, args[0]));
		break;
	case SYS_renameat:
	case SYS_renameat2:
		peek(pid, args[3], text, sizeof(text));
		note("rename", text);
		break;
	case SYS_write:
		if (ends_in(path_of(pid, args[0]), "MANIFEST.jsonl"))
			note("append", "MANIFEST.jsonl");
		break;
	case SYS_unlinkat:
		peek(pid, args[1], text, sizeof(text));
		if (ends_in(text, ".pcapng") || ends_in(text, ".json"))
			note("remove", text);
		break;
	}
}

static void watch(int (*child)(void))
{
	struct __ptrace_syscall_info call;
	pid_t pid = fork();
	int status;

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(child());
	}
	steps[0] = 0;
	waitpid(pid, &status, 0);
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	while (!ptrace(PTRACE_SYSCALL, pid, NULL, NULL) && waitpid(pid, &status, 0) == pid &&
	       WIFSTOPPED(status)) {
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) &&
		    ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(call), &call) > 0 &&
		    call.op == PTRACE_SYSCALL_INFO_ENTRY)
			note_call(pid, &call);
	}
}

static struct vault *vault; /* opened before, so that only what follows is seen */

static int publish(void)
{
	return stage_publish(vault, 2, STAGE_TIME, 3, 3, NULL);
}

static int expire(void)
{
	vault_tick(vault, STAGE_TIME + STAGE_HOUR);
	return 0;
}

static void follows(const char *wanted, const char *sentence)
{
	ok(!strcmp(steps, wanted), sentence);
	if (strcmp(steps, wanted) != 0)
		printf("# wanted %s\n# saw    %s\n", wanted, steps);
}

int main(void)
{
	begin_stage();
	vault = stage_open_with((struct vault_options){ .max_age_s = 60 });
	if (!vault || stage_publish(vault, 1, STAGE_TIME, 3, 3, NULL))
		return 1;
	watch(publish);
	follows("sync pcapng.part, sync json.part, rename json, sync day, rename pcapng, sync day, "
		"sync HEAD.part, append MANIFEST.jsonl, sync MANIFEST.jsonl, rename HEAD, sync "
		"vault",
		"a file is on the disk before it has its name, it has that before it is listed, "
		"and "
		"is listed before HEAD says so");
	/* What the child wrote, this process does not know of: begin anew. */
	vault_close(vault);
	clear_stage();
	vault = stage_open_with((struct vault_options){ .max_age_s = 60 });
	stage_publish(vault, 1, STAGE_TIME, 3, 3, NULL);
	watch(expire);
	follows("sync HEAD.part, append MANIFEST.jsonl, sync MANIFEST.jsonl, rename HEAD, sync "
		"vault, "
		"remove pcapng, remove json, sync day",
		"a removal is listed on the disk before the file goes, and gone before the next "
		"line");
	vault_close(vault);
	end_stage();
	return done();
}
