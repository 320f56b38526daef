# SPDX-License-Identifier: BSD-2-Clause
"""Two namespaces with a link between them, control groups of our own, and who acts from them."""
import errno
import os
import subprocess
import sys
import time

NAME = "skwho%d" % os.getpid()
NEAR, FAR = NAME + "n", NAME + "f"
SERVER = "198.18.40.2"
# Not by ip(8): what it starts has another /sys, without control groups.
INSIDE = ["nsenter", "--net=/run/netns/" + NEAR]

# Joins a group, becomes somebody, then acts; the sockets belong to who made them.
ACTOR = """
import os, socket, sys, time
group, uid, what, turns = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
open(group + "/cgroup.procs", "w").write(str(os.getpid()))
os.setgid(uid)
os.setuid(uid)
def ask(port, payload):
    with socket.socket() as one:
        one.settimeout(30)
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
    begun = time.monotonic()
    for turn in range(turns):  # by the clock: an exchange that takes long does not delay the next
        time.sleep(max(0, begun + turn * 1.2 - time.monotonic()))
        ask(int(what), b"x" * 300)
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
        one.settimeout(10)
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


def remove_group(path):
    """Who has just ended in it may hold it for a moment."""
    until = time.monotonic() + 20
    while True:
        try:
            os.rmdir(path)
            return
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > until:
                raise
        time.sleep(0.05)


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
            remove_group(path)


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

    def act(self, group, uid, what, turns=0):
        return self.start(INSIDE + [sys.executable, "-c", ACTOR, group, str(uid), str(what), str(turns)])

    def remove(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait()
        for space in (NEAR, FAR):
            subprocess.run(["ip", "netns", "delete", space], check=False, stderr=subprocess.DEVNULL)
        if self.groups:
            self.groups.remove()
