// SPDX-License-Identifier: BSD-2-Clause
/* Paths of control groups as systemd, container runtimes and the kubelet make them. */
#include <stdio.h>
#include <string.h>
#include "base/cgroup_path.h"
#include "tap.h"

#define ID "3dfa0c2b8f5c4e9ea1b6d7e8f90123453dfa0c2b8f5c4e9ea1b6d7e8f9012345"
#define OTHER "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define POD "0f5a1c9e-1b2c-4d3e-8f90-a1b2c3d4e5f6"
#define POD_ "0f5a1c9e_1b2c_4d3e_8f90_a1b2c3d4e5f6"
#define HASH "8d1b4b1b3b1e4b1f8d1b4b1b3b1e4b1f"
#define USER "/user.slice/user-1000.slice/user@1000.service"
#define SLICES "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_ ".slice"

static const struct {
	const char *path, *unit, *user_unit, *runtime, *container, *pod, *what;
} vectors[] = {
	{ "/", "", "", NULL, "", "", "the root is nobody's" },
	{ "", "", "", NULL, "", "", "no path says nothing" },
	{ "/init.scope", "init.scope", "", NULL, "", "", "the init process" },
	{ "/system.slice/sshd.service", "sshd.service", "", NULL, "", "", "a service" },
	{ "/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", "", NULL, "",
	  "", "an instance, in a slice of a slice" },
	{ "/system.slice/docker.service", "docker.service", "", NULL, "", "", "Docker itself" },
	{ "/system.slice/foo.service/payload/deep", "foo.service", "", NULL, "", "",
	  "groups that a service makes are its own" },
	{ "/system.slice/dev-disk-by\\x2duuid.swap", "dev-disk-by\\x2duuid.swap", "", NULL, "", "",
	  "an escaped name stays as systemctl has it" },
	{ "/system.slice/_cpu.service", "cpu.service", "", NULL, "", "",
	  "the underscore that guards a name of the kernel's is none of the unit's" },
	{ "/system.slice", "", "", NULL, "", "", "a slice alone is no unit" },
	{ "/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "", NULL, "", "",
	  "a login session" },
	{ USER "/init.scope", "user@1000.service", "init.scope", NULL, "", "", "a user's manager" },
	{ USER "/app.slice/app-gnome-firefox-4711.scope", "user@1000.service",
	  "app-gnome-firefox-4711.scope", NULL, "", "", "a program of a desktop" },
	{ USER "/app.slice/apt-daily.service", "user@1000.service", "apt-daily.service", NULL, "",
	  "", "a user's unit of a system unit's name is the user's" },
	{ USER "/own/system.slice/apt-daily.service", "user@1000.service", "", NULL, "", "",
	  "nor do folders that a user makes help" },
	{ "/own/apt-daily.service", "", "", NULL, "", "", "what no manager made has no unit" },

	{ "/system.slice/docker-" ID ".scope", "", "", "docker", ID, "", "Docker, by systemd" },
	{ "/docker/" ID, "", "", "docker", ID, "", "Docker, by folders" },
	{ "/docker/" ID "/system.slice/apt-daily.service", "", "", "docker", ID, "",
	  "a unit inside a container is not the machine's" },
	{ "/system.slice/docker-" ID ".scope/init.scope", "", "", "docker", ID, "",
	  "nor behind a scope" },
	{ USER "/user.slice/docker-" ID ".scope", "user@1000.service", "", "docker", ID, "",
	  "Docker without root" },
	{ "/system.slice/nerdctl-" ID ".scope", "", "", "containerd", ID, "", "nerdctl" },
	{ "/machine.slice/libpod-" ID ".scope/container", "", "", "podman", ID, "",
	  "Podman, by systemd" },
	{ "/libpod_parent/libpod-" ID, "", "", "podman", ID, "", "Podman, by folders" },
	{ USER "/user.slice/libpod-" ID ".scope/container", "user@1000.service", "", "podman", ID,
	  "", "Podman without root" },
	{ "/machine.slice/machine-libpod_pod_" OTHER ".slice/libpod-" ID ".scope", "", "", "podman",
	  ID, "", "Podman's pods are no pods of Kubernetes" },
	{ "/system.slice/web.service/libpod-payload-" ID, "web.service", "", "podman", ID, "",
	  "Quadlet: a unit and its container" },
	{ "/machine.slice/libpod-conmon-" ID ".scope", "libpod-conmon-" ID ".scope", "", NULL, "",
	  "", "who watches a container is not in it" },

	{ SLICES "/cri-containerd-" ID ".scope", "", "", "containerd", ID, POD,
	  "the kubelet and containerd, by systemd" },
	{ "/kubepods/besteffort/pod" POD "/" ID, "", "", "containerd", ID, POD,
	  "the same by folders" },
	{ "/kubepods/pod" POD "/" ID, "", "", "containerd", ID, POD,
	  "a guaranteed pod has no folder of its class" },
	{ "/kubepods.slice/kubepods-pod" POD_ ".slice/cri-containerd-" ID ".scope", "", "",
	  "containerd", ID, POD, "nor a slice" },
	{ "/kubepods.slice/kubepods-pod" HASH ".slice/crio-" ID ".scope", "", "", "cri-o", ID, HASH,
	  "a static pod's UID is a hash" },
	{ SLICES "/crio-" ID ".scope/container", "", "", "cri-o", ID, POD, "CRI-O, by systemd" },
	{ "/kubepods/burstable/pod" POD "/crio-" ID, "", "", "cri-o", ID, POD,
	  "CRI-O, by folders" },
	{ SLICES "/crio-conmon-" ID ".scope", "crio-conmon-" ID ".scope", "", NULL, "", POD,
	  "who watches there" },
	{ SLICES "/docker-" ID ".scope", "", "", "docker", ID, POD, "cri-dockerd" },
	{ SLICES "", "", "", NULL, "", POD, "a pod's own group" },
	{ "/system.slice/containerd.service/kubepods-besteffort-pod" POD_
	  ".slice:cri-containerd:" ID,
	  "containerd.service", "", "containerd", ID, POD, "two drivers that do not fit" },
	{ "/docker/" OTHER "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" POD_
	  ".slice/cri-containerd-" ID ".scope",
	  "", "", "containerd", ID, POD, "kind: the innermost container" },
	{ "/ecs/0123456789abcdef/" ID, "", "", NULL, ID, "", "an id below a folder nobody knows" },

	{ "/docker/" ID "0", "", "", NULL, "", "", "65 digits are no id" },
	{ "/system.slice/docker-cafe.scope", "docker-cafe.scope", "", NULL, "", "",
	  "nor are four" },
	{ "/kubepods/pod0f5a1c9e", "", "", NULL, "", "", "nor is a UID cut short one" },
};

int main(void)
{
	char longest[2 + 300], many[2000] = "";
	struct cgroup_parts parts;

	for (unsigned i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		bool right;

		cgroup_path_read(&parts, vectors[i].path);
		right = !strcmp(parts.unit, vectors[i].unit) &&
			!strcmp(parts.user_unit, vectors[i].user_unit) &&
			!strcmp(parts.runtime ? parts.runtime : "",
				vectors[i].runtime ? vectors[i].runtime : "") &&
			!strcmp(parts.container, vectors[i].container) &&
			!strcmp(parts.pod_uid, vectors[i].pod);
		if (!right)
			printf("# unit '%s' user '%s' runtime '%s' container '%s' pod '%s'\n",
			       parts.unit, parts.user_unit, parts.runtime ? parts.runtime : "",
			       parts.container, parts.pod_uid);
		ok(right, vectors[i].what);
	}
	memset(longest, 'a', sizeof(longest));
	longest[0] = '/';
	longest[sizeof(longest) - 1] = 0;
	cgroup_path_read(&parts, longest);
	ok(!parts.unit[0] && !parts.container[0],
	   "a component longer than the kernel's is nobody's");
	for (int i = 0; i < 300; i++)
		strcat(many, "/-pod");
	cgroup_path_read(&parts, many);
	ok(!parts.pod_uid[0], "three hundred components are read to the end");
	return done();
}
