// SPDX-License-Identifier: BSD-2-Clause
/* Reads the path of a control group. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/cgroup_path.h"

#define ID_LENGTH (CGROUP_CONTAINER - 1)

/* What stands before a container's id, in a scope's name or in a folder's. */
static const struct {
	const char *prefix, *runtime;
} prefixes[] = {
	{ "docker-", "docker" }, { "cri-containerd-", "containerd" }, { "nerdctl-", "containerd" },
	{ "crio-", "cri-o" },    { "libpod-payload-", "podman" }, /* --cgroups=split, as Quadlet has
								     it */
	{ "libpod-", "podman" },
};

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && !strcmp(text + length - tail, end);
}

static bool is_unit(const char *name)
{
	static const char *const types[] = { ".service", ".scope", ".socket", ".mount", ".swap" };

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (ends_with(name, types[i]))
			return true;
	return false;
}

static bool is_hex(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isdigit((unsigned char)text[i]) && (text[i] < 'a' || text[i] > 'f'))
			return false;
	return true;
}

/* An id of a container, alone or as the name of a scope. */
static bool take_id(struct cgroup_parts *out, const char *text, const char *runtime)
{
	if (!is_hex(text, ID_LENGTH) || (text[ID_LENGTH] && strcmp(text + ID_LENGTH, ".scope")))
		return false;
	memcpy(out->container, text, ID_LENGTH);
	out->container[ID_LENGTH] = 0;
	out->runtime = runtime;
	return true;
}

/* parent: the component before it; "" for the first. */
static bool take_container(struct cgroup_parts *out, const char *name, const char *parent)
{
	const char *mixed =
		strstr(name, ":cri-containerd:"); /* kubelet by systemd, it by folders */

	if (mixed)
		return take_id(out, mixed + strlen(":cri-containerd:"), "containerd");
	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t length = strlen(prefixes[i].prefix);

		if (!strncmp(name, prefixes[i].prefix, length) &&
		    take_id(out, name + length, prefixes[i].runtime))
			return true;
	}
	/* Folders have the bare id: Docker's, containerd's below a pod, and of whoever else. */
	return take_id(out, name, !strcmp(parent, "docker") ? "docker" : NULL);
}

/* "pod" and a UID, behind the start of the name or a dash; systemd has no dashes to spare. */
static bool take_pod(struct cgroup_parts *out, const char *name)
{
	const char *at = strncmp(name, "pod", 3) ? strstr(name, "-pod") : name;
	char uid[CGROUP_POD];
	size_t length = 0;

	if (!at)
		return false;
	at += *at == '-' ? 4 : 3;
	for (; length < CGROUP_POD - 1 && (is_hex(at, 1) || *at == '-' || *at == '_'); at++)
		uid[length++] = *at == '_' ? '-' : *at;
	uid[length] = 0;
	/* Of a static pod it is a hash without dashes. */
	if ((length != CGROUP_POD - 1 && length != 32) ||
	    (*at && strcmp(at, ".slice") && strncmp(at, ".slice:", 7)))
		return false;
	memcpy(out->pod_uid, uid, sizeof(uid));
	return true;
}

/* systemd puts "_" before a name that the kernel could take for a file of its own. */
static void keep_unit(char to[CGROUP_NAME], const char *name)
{
	snprintf(to, CGROUP_NAME, "%s", name + (*name == '_'));
}

static bool is_user_manager(const char *unit)
{
	return !strncmp(unit, "user@", 5) && ends_with(unit, ".service");
}

enum stage { SYSTEM, USER, DONE }; /* whose unit is looked for */

/* Slices lead to a unit; what else comes before one means that no manager made it. */
static enum stage take_unit(struct cgroup_parts *out, const char *name, bool container,
			    enum stage stage)
{
	if (stage == DONE || ends_with(name, ".slice"))
		return stage;
	if (container || !is_unit(name))
		return DONE;
	keep_unit(stage == SYSTEM ? out->unit : out->user_unit, name);
	return stage == SYSTEM && is_user_manager(out->unit) ? USER : DONE;
}

void cgroup_path_read(struct cgroup_parts *out, const char *path)
{
	char name[CGROUP_NAME], parent[CGROUP_NAME] = "";
	enum stage stage = SYSTEM;

	memset(out, 0, sizeof(*out));
	while (*(path += strspn(path, "/"))) {
		size_t length = strcspn(path, "/");
		bool container;

		if (length >= sizeof(name))
			return;
		memcpy(name, path, length);
		name[length] = 0;
		path += length;
		container = take_container(out, name, parent);
		if (!take_pod(out, name) && out->pod_uid[0] && container && !out->runtime)
			out->runtime = "containerd"; /* CRI-O's folders have its name */
		stage = take_unit(out, name, container, stage);
		memcpy(parent, name, length + 1);
	}
}
