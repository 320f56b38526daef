# SPDX-License-Identifier: BSD-2-Clause
"""Two namespaces with a link between them, control groups of our own, and who acts from them."""
import os
import subprocess
import sys

NAME = "skwho%d" % os.getpid()
NEAR, FAR = NAME + "n", NAME + "f"
SERVER = "198.18.40.2"
# Not by ip(8): what it starts has another /sys, without control groups.
INSIDE = ["nsenter", "--net=/run/netns/" + NEAR]

# Joins a group, becomes somebody, then acts; the sockets belong to who made them.
ACTOR = """
import os, socket, sys, time
group, uid, what, seconds = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
open(group + "/cgroup.procs", "w").write(str(os.getpid()))
os.setgid(uid)
os.setuid(uid)
def ask(port, payload):
    with socket.socket() as one:
        one.settimeout(2)
        try:
            one.connect(("%s", port))
            if payload:
                one.send(payload)
                one.recv(100)
        except OSError:
            pass
if what == "scan":
    for port in range(2000, 2060):
        ask(port, b"")
else:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ask(int(what), b"x" * 300)
        time.sleep(1.2)
""" % SERVER

ANSWER = """
import selectors, socket, sys
waits = selectors.DefaultSelector()
for port in map(int, sys.argv[1:]):
    listens = socket.create_server(("", port))
    waits.register(listens, selectors.EVENT_READ)
print("listening", flush=True)
while True:
    for key, _ in waits.select():
        one, _ = key.fileobj.accept()
        one.settimeout(2)
        try:
            one.send(b"y" * len(one.recv(1000)))
        except OSError:
            pass
        one.close()
"""


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def make_net():
    for space in (NEAR, FAR):
        ip("netns", "add", space)
        ip("-n", space, "link", "set", "lo", "up")
    ip("link", "add", "near", "netns", NEAR, "type", "veth", "peer", "name", "far", "netns", FAR)
    for space, link, address in ((NEAR, "near", "198.18.40.1/24"), (FAR, "far", SERVER + "/24")):
        ip("-n", space, "address", "add", address, "dev", link)
        ip("-n", space, "link", "set", link, "up")


def hierarchy():
    """Where cgroup2 is mounted, beside the old hierarchies or alone."""
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        for line in mounts:
            words = line.split()
            if words[2] == "cgroup2":
                return words[1]
    return None


class Groups:
    """A slice of our own, and groups in it that are named like those of others."""

    def __init__(self, root):
        self.root, self.made = root, []
        self.make(NAME + ".slice")

    def make(self, path):
        at = self.root
        for name in path.split("/"):
            at += "/" + name
            if not os.path.isdir(at):
                os.mkdir(at)
                self.made.append(at)
        return at

    def inside(self, path):
        return self.make(NAME + ".slice/" + path)

    def remove(self):
        for path in reversed(self.made):
            os.rmdir(path)


class Stage:
    def __init__(self):
        self.running, self.groups = [], None

    def open(self, root):
        self.groups = Groups(root)
        make_net()
        self.start(["nsenter", "--net=/run/netns/" + FAR, sys.executable, "-c", ANSWER, "80", "81", "82", "83"],
                   stdout=subprocess.PIPE).stdout.readline()

    def start(self, words, **more):
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, **more)
        self.running.append(process)
        return process

    def act(self, group, uid, what, seconds=0):
        return self.start(INSIDE + [sys.executable, "-c", ACTOR, group, str(uid), str(what), str(seconds)])

    def remove(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()
        for space in (NEAR, FAR):
            subprocess.run(["ip", "netns", "delete", space], check=False, stderr=subprocess.DEVNULL)
        if self.groups:
            self.groups.remove()
