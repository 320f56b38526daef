// SPDX-License-Identifier: BSD-2-Clause
/* Puts the process group behind a finding into it, and weighs it. */
#include <stdio.h>
#include <string.h>
#include "base/cgroup_path.h"
#include "detect/context_origin.h"
#include "detect/context_rules.h"

#define DNS_PORT 53

/* Of a scan the rows of its source and of its port are as fine as it is. */
static void ends_of(const struct finding *finding, struct origin_ends *ends)
{
	memset(ends, 0, sizeof(*ends));
	ends->client = finding->src;
	if (finding->has_dst)
		ends->server = finding->dst;
	ends->port = finding->dport;
	ends->proto = finding->dport || finding->kind == FINDING_EXFIL ? finding->proto : 0;
}

/* sole: what others did as well is not known to be whose it is. */
static void fill(const struct context *context, const struct origin_ends *ends, bool sole,
		 struct finding_origin *out)
{
	struct origin origin;

	if (!context->origins || !origins_find(context->origins, ends, &origin) ||
	    (sole && origin.others))
		return;
	out->cgroup = origin.cgroup;
	out->uid = origin.uid;
	out->others = origin.others;
	if (!origin.name)
		return;
	snprintf(out->path, sizeof(out->path), "%s", origin.name->path);
	snprintf(out->account, sizeof(out->account), "%s", origin.name->account);
}

void context_origin_of(const struct context *context, struct finding *finding)
{
	struct origin_ends ends;

	ends_of(finding, &ends);
	if (finding->has_dst || finding->kind == FINDING_SCAN)
		fill(context, &ends, false, &finding->origin);
}

/*
 * No coarser than the finding: who talks to other servers is not who talks to
 * this one.  Of a name that was told, the server that was told it last; of one
 * that was looked up, whoever alone asks DNS here, as a stub resolver does.
 */
void context_origin(const struct surroundings *around, struct finding *finding)
{
	bool looked_up = around->pair && around->pair->key.kind == PAIR_DOMAIN;
	struct context_end server;
	struct origin_ends ends;

	if (finding->has_dst || !around->pair) {
		context_origin_of(around->context, finding);
		return;
	}
	ends_of(finding, &ends);
	if (context_server(around, &server)) {
		ends.server = server.address;
		ends.port = server.port;
		ends.proto = server.proto;
	} else if (looked_up) {
		ends.port = DNS_PORT;
		ends.proto = SKUA_UDP;
	} else {
		return;
	}
	fill(around->context, &ends, looked_up, &finding->origin);
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
