# SPDX-License-Identifier: BSD-2-Clause
"""A real container, by podman and runc, of nothing but busybox, that calls home over the stage's link."""
import os
import shutil
import subprocess

import stage

PORT = 83
# As long as the others; nc waits for the answer's end.
CALL = "for i in $(/busybox seq 18); do echo hello | /busybox nc -w 2 %s %d; /busybox sleep 1.2; done" % (stage.SERVER, PORT)


def missing():
    """What is not there, or None."""
    for tool in ("podman", "runc", "busybox"):
        if not shutil.which(tool):
            return tool + " is not installed"
    needs = subprocess.run(["ldd", shutil.which("busybox")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return None if needs.returncode else "busybox needs libraries: install busybox-static"


class Container:
    def __init__(self, scene, folder):
        self.folder = folder + "/container"
        self.words = ["podman", "--root", self.folder + "/root", "--runroot", self.folder + "/run",
                      "--cgroup-manager", "cgroupfs", "--runtime", "runc"]
        os.makedirs(self.folder + "/files")
        shutil.copy(shutil.which("busybox"), self.folder + "/files/busybox")
        self.process = scene.start(self.words + [
            "run", "--rm", "--quiet", "--cidfile", self.folder + "/id", "--network", "ns:/run/netns/" + stage.NEAR,
            "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--rootfs", self.folder + "/files",
            "/busybox", "sh", "-c", CALL], stdout=subprocess.DEVNULL)

    def wait(self):
        return self.process.wait()

    def id(self):
        with open(self.folder + "/id", encoding="ascii") as file:
            return file.read().strip()

    def remove(self):
        if os.path.exists(self.folder + "/id"):
            subprocess.run(self.words + ["rm", "--force", "--time", "0", "--ignore", self.id()], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
