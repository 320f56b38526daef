// SPDX-License-Identifier: BSD-2-Clause
/* Why the kernel does not let this process load programs; see refusal.h. */
#include <cap-ng.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include "capture/refusal.h"

static const struct {
	unsigned capability;
	const char *name;
} needed[] = {
	{ CAP_BPF, "CAP_BPF" },
	{ CAP_NET_ADMIN, "CAP_NET_ADMIN" },
	{ CAP_PERFMON, "CAP_PERFMON" },
};

/* Their names with "and" between; how many. */
static unsigned missing(char *out, size_t size)
{
	unsigned count = 0;
	size_t length = 0;

	capng_get_caps_process();
	out[0] = '\0';
	for (unsigned i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (capng_have_capability(CAPNG_EFFECTIVE, needed[i].capability))
			continue;
		length += snprintf(out + length, size - length, "%s%s", count ? " and " : "",
				   needed[i].name);
		count++;
	}
	return count;
}

/* Root there has every capability over what is in there, and none over the kernel. */
static bool in_user_namespace(void)
{
	unsigned long inside = 0, outside = 0, count = UINT32_MAX;
	FILE *map = fopen("/proc/self/uid_map", "re");

	if (map && fscanf(map, "%lu %lu %lu", &inside, &outside, &count) != 3)
		count = UINT32_MAX;
	if (map)
		fclose(map);
	return count != UINT32_MAX;
}

void refusal_explain(char *out, size_t size)
{
	char names[64]; /* all three fit */
	unsigned count = missing(names, sizeof(names));

	if (count)
		snprintf(out, size, "; %s %s missing: run as root, or with %s", names,
			 count > 1 ? "are" : "is", count > 1 ? "them" : "it");
	else if (in_user_namespace())
		snprintf(out, size,
			 "; its capabilities are those of a user namespace: run as root of the "
			 "machine");
	else if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER)
		snprintf(
			out, size,
			"; no capability is missing, so a seccomp filter refuses bpf(2): allow it, "
			"as deploy/seccomp/skua.json does");
	else
		snprintf(out, size,
			 "; no capability is missing, so kernel lockdown or a security module "
			 "forbids it");
}
