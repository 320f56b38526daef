#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Starts an agent as a service manager does, and listens: notify.py SKUA HERE THERE FOLDER

HERE and THERE are network namespaces with a link eth0 between them; the agent watches HERE.
Prints lines of three fields with tabs between: 0 or 1, a sentence, what was seen.
"""
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time

SKUA, HERE, THERE, FOLDER = sys.argv[1:5]
WATCHDOG_S = 3
PATIENCE_S = 60  # longer than any machine that still does something
TOOLS = os.path.dirname(os.path.abspath(__file__))
# No abstract name: those are seen in one network namespace only.
NAME = FOLDER + "/manager"
CAPS = "-all,+bpf,+net_admin,+perfmon"


def ok(good, sentence, seen=""):
    print("%d\t%s\t%s" % (0 if good else 1, sentence, str(seen).replace("\n", " | ").replace("\t", " ")), flush=True)


class Manager:
    """The socket, and everything that was heard, with who said it and when."""
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(NAME)
        os.chmod(NAME, 0o777)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.heard = []

    def listen(self, seconds, until=None):
        """Until a message matches, which is returned; or None."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                data, control, _, _ = self.socket.recvmsg(4096, socket.CMSG_SPACE(12))
            except socket.timeout:
                return None
            pid = struct.unpack("iII", control[0][2])[0]
            self.heard.append((time.monotonic(), pid, data.decode()))
            if until and re.search(until, self.heard[-1][2], re.M):
                return self.heard[-1]
        return None

    def count(self, pattern, since=0.0):
        return sum(1 for when, _, text in self.heard if when >= since and re.search(pattern, text, re.M))


def pipe_that_is_full():
    ends = os.pipe()
    os.set_blocking(ends[1], False)
    for size in (4096, 1):
        try:
            while True:
                os.write(ends[1], b"\n" * size)
        except BlockingIOError:
            pass
    os.set_blocking(ends[1], True)
    return ends


def start(output, address=NAME):
    return subprocess.Popen(
        ["ip", "netns", "exec", HERE, "env", "NOTIFY_SOCKET=" + address, "WATCHDOG_USEC=%d" % (WATCHDOG_S * 1000000),
         "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=" + CAPS,
         "--ambient-caps=" + CAPS, "--bounding-set=" + CAPS, "--no-new-privs",
         SKUA, "run", "--source", "kernel", "--socket", "none", "-i", "eth0=workload"],
        stdout=output, stderr=subprocess.PIPE, text=True)


def begin(manager, agent):
    ready = manager.listen(PATIENCE_S, "^READY=1$")
    attached = subprocess.run(["ip", "netns", "exec", HERE, sys.executable, TOOLS + "/attached.py", "eth0"],
                              capture_output=True, text=True, check=False).stdout.strip()
    ok(ready, "READY=1 comes", manager.heard)
    ok(attached == "2", "by then both directions of the interface are attached to", attached)
    if not ready:
        return
    with open("/proc/%d/status" % agent.pid, encoding="ascii") as status:
        rights = re.findall(r"^Cap(?:Eff|Prm|Amb|Inh):\s*(\w+)$", status.read(), re.M)
    ok(set(rights) == {"0" * 16}, "and the process that says so has no capability any more", rights)
    ok(ready[1] == agent.pid, "it is the main process that says so", (ready[1], agent.pid))
    ok(re.search("^STATUS=watching eth0 ", ready[2], re.M), "STATUS= says what is watched", ready[2])


def live(manager):
    while manager.listen(0.2, "."):
        pass  # what waits was said before
    since = time.monotonic()
    beats = [manager.listen(PATIENCE_S, "^WATCHDOG=1$") for _ in range(4)]
    # Three whole pauses lie between four; a busy machine has longer ones.
    ok(all(beats) and beats[3][0] - since > 1.3 * WATCHDOG_S, "WATCHDOG=1 comes twice in WATCHDOG_USEC",
       [round(when - since, 2) for when, _, _ in manager.heard])
    print("# figure: WATCHDOG=1 four times in %.1f s, for WATCHDOG_USEC of %d s" % (time.monotonic() - since, WATCHDOG_S))


def reload(manager, agent):
    before = time.monotonic_ns() // 1000
    agent.send_signal(signal.SIGHUP)
    told = manager.listen(PATIENCE_S, "^RELOADING=1$")
    ready = manager.listen(PATIENCE_S, "^READY=1$")
    stamp = re.search(r"^MONOTONIC_USEC=(\d+)$", told[2], re.M) if told else None
    ok(stamp and before <= int(stamp.group(1)) <= time.monotonic_ns() // 1000,
       "after SIGHUP RELOADING=1 comes with the time of it in MONOTONIC_USEC", told)
    ok(ready, "and READY=1 when everything is read", manager.heard[-2:])


def be_stuck(manager, output):
    """Nobody reads its findings, so its loop hangs in a write."""
    subprocess.run(["ip", "netns", "exec", THERE, sys.executable, TOOLS + "/scan.py", "10.78.0.2"], check=True)
    end = time.monotonic() + PATIENCE_S
    stuck = False  # once it has found it
    while not stuck and time.monotonic() < end:
        stuck = not manager.listen(2 * WATCHDOG_S, "WATCHDOG=1")
    ok(stuck, "a loop that is stuck says nothing, and the watchdog would bite", manager.heard[-2:])
    os.set_blocking(output[0], False)
    got = b""
    since = time.monotonic()
    while time.monotonic() < since + PATIENCE_S and not manager.count("WATCHDOG=1", since):
        try:
            got += os.read(output[0], 1 << 20)
        except BlockingIOError:
            manager.listen(0.2)
    try:
        got += os.read(output[0], 1 << 20)
    except BlockingIOError:
        pass
    ok(manager.count("WATCHDOG=1", since) >= 1, "when it goes on it says so", manager.heard[-2:])
    ok(b'"event_type":"scan"' in got, "with the finding that it was stuck with", got.strip()[:200])


def end(manager, agent, output):
    agent.send_signal(signal.SIGTERM)
    stopping = manager.listen(PATIENCE_S, "^STOPPING=1$")
    os.close(output[1])
    status = agent.wait(PATIENCE_S)
    manager.listen(0.5)
    ok(stopping, "SIGTERM: STOPPING=1 comes", manager.heard[-1:])
    ok(stopping == manager.heard[-1], "it is the last word", manager.heard[-1])
    ok(status == 0, "and the exit status is 0", (status, agent.stderr.read()))
    ok({pid for _, pid, _ in manager.heard} == {agent.pid}, "no other process of ours ever said a word")


def main():
    manager, output = Manager(), pipe_that_is_full()
    agent = start(output[1])
    try:
        begin(manager, agent)
        live(manager)
        reload(manager, agent)
        be_stuck(manager, output)
        end(manager, agent, output)
        agent = start(subprocess.DEVNULL, "relative/path")
        words = agent.communicate(timeout=PATIENCE_S)[1]
        ok(agent.returncode == 2 and "NOTIFY_SOCKET=relative/path" in words, "an address that makes no sense is refused by name", words)
    finally:
        agent.kill()
        agent.wait()


main()
