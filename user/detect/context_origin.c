// SPDX-License-Identifier: BSD-2-Clause
/* Puts the process group behind a finding into it, and weighs it. */
#include <stdio.h>
#include <string.h>
#include "base/cgroup_path.h"
#include "detect/context_origin.h"
#include "detect/context_rules.h"

/*
 * No coarser than the finding is: who talks to other servers of this port is
 * not who talks to this one.  A scan of many targets and ports is its source's.
 */
static void ends_of(const struct surroundings *around, const struct finding *finding,
		    struct origin_ends *ends)
{
	struct context_end server;

	memset(ends, 0, sizeof(*ends));
	ends->client = finding->src;
	if (finding->has_dst)
		ends->server = finding->dst;
	ends->port = finding->dport;
	ends->proto = finding->dport || finding->kind == FINDING_EXFIL ? finding->proto : 0;
	if (!finding->has_dst && around->pair && context_server(around, &server)) {
		ends->server = server.address;
		ends->port = server.port;
		ends->proto = server.proto;
	}
}

void context_origin(const struct surroundings *around, struct finding *finding)
{
	const struct origins *origins = around->context->origins;
	struct origin_ends ends;
	struct origin origin;

	if (!origins)
		return;
	ends_of(around, finding, &ends);
	if (!origins_find(origins, &ends, &origin))
		return;
	finding->origin.cgroup = origin.cgroup;
	finding->origin.uid = origin.uid;
	finding->origin.others = origin.others;
	if (!origin.name)
		return;
	snprintf(finding->origin.path, sizeof(finding->origin.path), "%s", origin.name->path);
	snprintf(finding->origin.account, sizeof(finding->origin.account), "%s",
		 origin.name->account);
}

/*
 * On one machine this takes the place of prevalence.  Only units of the system's
 * manager count, which root alone can make, and only where nobody else opened
 * the same: an implant must not hide behind an updater's server.
 */
double context_known_unit(const struct surroundings *around, char *why, size_t size)
{
	const struct finding_origin *origin = &around->finding->origin;
	struct cgroup_parts parts;
	const char *entry;

	if (!origin->path[0] || origin->others)
		return 1;
	cgroup_path_read(&parts, origin->path);
	entry = lists_match_unit(around->context->lists, parts.unit);
	if (!entry)
		return 1;
	snprintf(why, size, "opened by %.90s, a unit that is listed", entry);
	return 0.2;
}
