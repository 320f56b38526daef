// SPDX-License-Identifier: BSD-2-Clause
/* Writes who on the agent's machine did what a finding is about. */
#include <stdio.h>
#include <string.h>
#include "base/cgroup_path.h"
#include "base/text.h"
#include "report/origin.h"

#define ID_SHOWN 12 /* as docker ps and crictl show it */

static void put_known(struct json *json, const char *name, const char *text)
{
	if (text && text[0])
		json_put_text(json, name, text);
}

/* Of a container the number of its account says more than this machine's name for it. */
void origin_write_json(struct json *json, const struct finding_origin *origin)
{
	struct cgroup_parts parts;

	if (!origin->cgroup)
		return;
	cgroup_path_read(&parts, origin->path);
	json_open_object(json, "origin");
	put_known(json, "unit", parts.unit);
	put_known(json, "user_unit", parts.user_unit);
	put_known(json, "container", parts.container);
	put_known(json, "runtime", parts.runtime);
	put_known(json, "pod_uid", parts.pod_uid);
	json_put_uint(json, "uid", origin->uid);
	if (!parts.container[0])
		put_known(json, "user", origin->account);
	put_known(json, "cgroup", origin->path);
	json_put_uint(json, "cgroup_id", origin->cgroup);
	if (origin->others)
		json_put_uint(json, "others", origin->others);
	json_close(json);
}

/* What people know it by. */
static const char *name_of(const struct cgroup_parts *parts)
{
	return parts->user_unit[0] ? parts->user_unit : parts->unit;
}

const char *origin_text(char to[ORIGIN_TEXT], const struct finding_origin *origin)
{
	struct cgroup_parts parts;
	char name[TEXT_ESCAPED(CGROUP_NAME)], uid[32];

	cgroup_path_read(&parts, origin->path);
	text_escape(name, sizeof(name), name_of(&parts), strlen(name_of(&parts)));
	snprintf(uid, sizeof(uid), "uid %u", origin->uid);
	if (!origin->cgroup)
		to[0] = 0;
	else if (parts.container[0])
		snprintf(to, ORIGIN_TEXT, "%s %.*s", parts.runtime ? parts.runtime : "container",
			 ID_SHOWN, parts.container);
	else
		snprintf(to, ORIGIN_TEXT, "%.160s", name[0] ? name : uid);
	if (origin->cgroup && origin->others)
		strcat(to, " and others");
	return to;
}
