/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose a control group is, by its path in the unified hierarchy: the unit of
 * systemd, the container and the pod that it was made for, as systemd, Docker,
 * containerd, CRI-O, Podman and the kubelet name them with either driver
 * (systemd, cgroupfs).  Pure; looks at nothing but the text.
 */
#ifndef SKUA_BASE_CGROUP_PATH_H
#define SKUA_BASE_CGROUP_PATH_H

#define CGROUP_NAME 256 /* one component: NAME_MAX and a zero */
#define CGROUP_CONTAINER 65
#define CGROUP_POD 37

/* What does not apply is empty, or NULL. */
struct cgroup_parts {
	/* Of the system's manager: the first component that is no slice, so that nobody who may
	 * make groups of his own can pretend to be in one.  Not that of a container alone. */
	char unit[CGROUP_NAME];
	char user_unit[CGROUP_NAME];      /* of a user's manager, below user@UID.service */
	char container[CGROUP_CONTAINER]; /* 64 hexadecimal digits, of the innermost */
	char pod_uid[CGROUP_POD];         /* as Kubernetes writes it */
	const char *runtime; /* "docker", "containerd", "cri-o", "podman": constant text */
};

void cgroup_path_read(struct cgroup_parts *out, const char *path);

#endif /* SKUA_BASE_CGROUP_PATH_H */
