// SPDX-License-Identifier: BSD-2-Clause
/* What this process may do; see doctor.h. */
#include <cap-ng.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "doctor/doctor.h"

#define AREA "rights"

struct right {
	int capability;
	const char *name, *why;
	bool needed;
};

static const struct right wanted[] = {
	{ CAP_BPF, "CAP_BPF", "to load programs", true },
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN", "to attach them to interfaces", true },
	{ CAP_PERFMON, "CAP_PERFMON", "without it the verifier refuses parsers", true },
	{ CAP_NET_RAW, "CAP_NET_RAW", "only for run --source pcap and run -w", false },
};

static void capabilities(struct doctor *doctor)
{
	capng_get_caps_process();
	for (unsigned i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		const struct right *right = &wanted[i];
		bool have = capng_have_capability(CAPNG_EFFECTIVE, right->capability);
		char remedy[160];

		snprintf(remedy, sizeof(remedy),
			 "%s: run as root, or give it by "
			 "AmbientCapabilities= or the container's capabilities",
			 right->why);
		doctor_say(doctor, &(struct doctor_answer){ AREA, right->name,
							    have            ? DOCTOR_GOOD
							    : right->needed ? DOCTOR_BAD
									    : DOCTOR_NOTE,
							    have ? "there" : "missing",
							    have ? NULL : remedy });
	}
}

/* Asked of the kernel, for /proc may be missing; what forbids to ask is a filter, too. */
static bool is_filtered(void)
{
	int mode = prctl(PR_GET_SECCOMP);

	return mode > 0 || (mode < 0 && errno != EINVAL); /* EINVAL: a kernel without seccomp */
}

static void filters(struct doctor *doctor)
{
	bool filtered = is_filtered();

	doctor_say(doctor, &(struct doctor_answer){
				   AREA, "seccomp", filtered ? DOCTOR_NOTE : DOCTOR_GOOD,
				   filtered ? "a filter is set: this runs in a container or a unit"
					    : "no filter",
				   filtered ? "if programs do not load, let it allow bpf(2): "
					      "deploy/seccomp/skua.json"
					    : NULL });
}

static void account(struct doctor *doctor)
{
	bool there = getpwnam("skua");

	doctor_say(doctor,
		   &(struct doctor_answer){
			   AREA, "account", there || geteuid() ? DOCTOR_GOOD : DOCTOR_NOTE,
			   geteuid() ? "no change of account: not started as root"
			   : there   ? "the worker becomes skua"
				     : "the worker becomes nobody",
			   there || geteuid() ? NULL
					      : "useradd --system skua gives it one of its own" });
}

/* Since Linux 5.11 the memory of maps is charged to the cgroup instead. */
static void memory(struct doctor *doctor)
{
	struct rlimit limit = { 0 };
	struct utsname name = { 0 };
	unsigned major = 0, minor = 0;
	char found[96];
	bool matters;

	uname(&name);
	sscanf(name.release, "%u.%u", &major, &minor);
	matters = major < 5 || (major == 5 && minor < 11);
	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_cur == RLIM_INFINITY)
		snprintf(found, sizeof(found), "unlimited");
	else
		snprintf(found, sizeof(found), "%llu kB%s",
			 (unsigned long long)limit.rlim_cur / 1024,
			 matters ? "" : ", which this kernel does not ask for maps");
	matters = matters && limit.rlim_cur != RLIM_INFINITY;
	doctor_say(doctor,
		   &(struct doctor_answer){
			   AREA, "memlock", matters ? DOCTOR_WARN : DOCTOR_GOOD, found,
			   matters ? "maps may not find room: LimitMEMLOCK=infinity" : NULL });
}

void doctor_rights(struct doctor *doctor)
{
	capabilities(doctor);
	filters(doctor);
	account(doctor);
	memory(doctor);
}
