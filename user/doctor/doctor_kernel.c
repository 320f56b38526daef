// SPDX-License-Identifier: BSD-2-Clause
/* What the kernel lets skua's own programs do here; see doctor.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <linux/magic.h>
#include "base/text.h"
#include "capture/loader.h"
#include "doctor/doctor.h"

#define AREA "kernel"
#define BPFFS "/sys/fs/bpf"
/* Small: only whether they load is asked. */
#define TRIAL_ENTRIES 64
#define TRIAL_RING (64 * 1024)

/* The first line of a file of /proc or /sys; "" when it is not there. */
static void read_line(char *to, size_t size, const char *path)
{
	FILE *file = fopen(path, "re");

	to[0] = 0;
	if (!file)
		return;
	if (!fgets(to, (int)size, file))
		to[0] = 0;
	to[strcspn(to, "\n")] = 0;
	fclose(file);
}

static void release(struct doctor *doctor)
{
	struct utsname name = { 0 };
	char found[160];

	uname(&name);
	snprintf(found, sizeof(found), "%.64s, %.64s", name.release, name.machine);
	doctor_say(doctor, &(struct doctor_answer){ AREA, "release", DOCTOR_GOOD, found, NULL });
}

static void type_information(struct doctor *doctor)
{
	bool there = !access("/sys/kernel/btf/vmlinux", R_OK);

	doctor_say(doctor, &(struct doctor_answer){
				   AREA, "btf", there ? DOCTOR_GOOD : DOCTOR_NOTE,
				   there ? "/sys/kernel/btf/vmlinux" : "this kernel has none",
				   there ? NULL
					 : "who did it cannot be said; use a kernel with "
					   "CONFIG_DEBUG_INFO_BTF" });
}

/* The object that run attaches, verified and let go. */
static void programs(struct doctor *doctor)
{
	struct loader_options options = { .engine = ENGINE_OPTIONS_DEFAULT,
					  .ring_bytes = TRIAL_RING };
	char error[LOADER_ERROR_SIZE] = "";
	struct loader *loader = NULL;
	int err;

	options.engine.flows = options.engine.pending = options.engine.sources = TRIAL_ENTRIES;
	err = loader_open(&loader, &options, error);
	loader_close(loader);
	doctor_say(doctor,
		   &(struct doctor_answer){
			   AREA, "programs", err ? DOCTOR_BAD : DOCTOR_GOOD,
			   err ? error : "load, and are accepted by the verifier",
			   err ? "run as root or with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON; "
				 "in a container allow bpf(2) (deploy/seccomp/skua.json); "
				 "without them: skua run --source pcap"
			       : NULL });
}

static void lockdown(struct doctor *doctor)
{
	char line[128];
	bool strict;

	read_line(line, sizeof(line), "/sys/kernel/security/lockdown");
	strict = strstr(line, "[confidentiality]");
	doctor_say(doctor, &(struct doctor_answer){
				   AREA, "lockdown", strict ? DOCTOR_WARN : DOCTOR_GOOD,
				   line[0] ? line : "none",
				   strict ? "programs may not read kernel memory: processes "
					    "are not named"
					  : NULL });
}

static void unprivileged(struct doctor *doctor)
{
	char line[32];
	bool open_to_all;

	read_line(line, sizeof(line), "/proc/sys/kernel/unprivileged_bpf_disabled");
	open_to_all = !strcmp(line, "0");
	doctor_say(doctor,
		   &(struct doctor_answer){ AREA, "unprivileged bpf",
					    open_to_all ? DOCTOR_NOTE : DOCTOR_GOOD,
					    open_to_all ? "any user may load programs"
							: "programs need a capability",
					    open_to_all ? "skua does not need that: sysctl "
							  "kernel.unprivileged_bpf_disabled=1"
							: NULL });
}

static void compiler(struct doctor *doctor)
{
	char line[32];
	bool off;

	read_line(line, sizeof(line), "/proc/sys/net/core/bpf_jit_enable");
	off = !strcmp(line, "0");
	doctor_say(doctor,
		   &(struct doctor_answer){
			   AREA, "jit", off ? DOCTOR_WARN : DOCTOR_GOOD,
			   off       ? "programs are interpreted"
			   : line[0] ? "programs run as machine code"
				     : "not told here",
			   off ? "several times slower: sysctl net.core.bpf_jit_enable=1" : NULL });
}

static void pins(struct doctor *doctor)
{
	struct statfs where;
	bool there = !statfs(BPFFS, &where) && (unsigned long)where.f_type == BPF_FS_MAGIC;

	doctor_say(doctor,
		   &(struct doctor_answer){
			   AREA, "bpffs", there ? DOCTOR_GOOD : DOCTOR_NOTE,
			   there ? BPFFS : "not mounted at " BPFFS,
			   there ? NULL : "needed for --pin only: mount -t bpf bpf " BPFFS });
}

void doctor_kernel(struct doctor *doctor)
{
	release(doctor);
	programs(doctor);
	type_information(doctor);
	lockdown(doctor);
	unprivileged(doctor);
	compiler(doctor);
	pins(doctor);
}
