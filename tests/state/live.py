# SPDX-License-Identifier: BSD-2-Clause
"""A live run on the loopback of a namespace, whose rules, lists and state change while it runs."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SPACE = "skst%d" % os.getpid()
ASK = """
import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(bytes.fromhex(sys.argv[1]), ("203.0.113.5", 53))
"""


def query(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return (b"\0\7\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1").hex()


class Live:
    """skua run; names that a list holds are findings, which rules may keep back."""

    def __init__(self, skua, source, folder):
        self.folder = folder
        self.said, self.found = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", SPACE, skua, "run", "-i", "lo=tap", "--source", source, "--format", "json",
             "--socket", "none", "--indicators", folder + "/names", "--suppressions", folder + "/rules",
             "--lists", folder + "/lists", "--prevalence", folder + "/fleet", "--state", folder + "/kept/state"],
            stdin=subprocess.DEVNULL, stdout=self.found, stderr=self.said)

    def wait(self, file, text, seconds=60):
        """Not for what has ended."""
        end = time.monotonic() + seconds
        while True:
            over = self.process.poll() is not None or time.monotonic() > end
            if text in os.pread(file.fileno(), 1 << 20, 0):
                return True
            if over:
                return False
            time.sleep(0.05)

    def watches(self):
        """None: it may not here.  The verifier may take its time."""
        seen = self.wait(self.said, b"watching", 150)
        return seen or (None if self.process.poll() is not None and "ermi" in self.words() else False)

    def ask(self, name):
        subprocess.run(["ip", "netns", "exec", SPACE, sys.executable, "-c", ASK, query(name)], check=True)

    def words(self):
        return (os.pread(self.said.fileno(), 1 << 20, 0) + os.pread(self.found.fileno(), 1 << 20, 0)).decode(errors="replace")

    def write(self, name, text):
        """At once: who watches the file never sees half of it."""
        path = self.folder + "/" + name
        with open(path + "~", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + "~", path)

    def reload(self, *answers):
        self.process.send_signal(signal.SIGHUP)
        return all(self.wait(self.said, answer) for answer in answers)


RULE = "name=%s until=forever reason=known here\n"


def make(folder):
    os.chmod(folder, 0o755)  # the worker is nobody
    for name in ("lists", "kept"):
        os.mkdir(folder + "/" + name)
    os.chmod(folder + "/kept", 0o777)
    for name, text in (("names", "one.example\ntwo.example\nthree.example\n"), ("rules", RULE % "one.example"),
                       ("lists/known-services.txt", "a.example\n"), ("fleet", "a.example 1 2\n")):
        with open(folder + "/" + name, "w", encoding="utf-8") as file:
            file.write(text)


def play(skua, source, folder, ok, skip):
    run = Live(skua, source, folder)
    try:
        watches = run.watches()
        if watches is None:
            skip("live, by " + source, "cannot watch here: " + run.words()[-120:].replace("\n", " "))
            return
        ok(watches, source + ": live, it watches", run.words())
        follow(run, source, ok)
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()


def exists(path, seconds):
    end = time.monotonic() + seconds
    while not os.path.exists(path) and time.monotonic() < end:
        time.sleep(0.05)
    return os.path.exists(path)


def be_killed(skua, folder, ok, skip):
    run, state = Live(skua, "pcap", folder), folder + "/kept/state"
    try:
        watches = run.watches()
        if watches is None:
            skip("live, and killed", "cannot watch here: " + run.words()[-120:].replace("\n", " "))
            return
        ok(watches, "live, it watches", run.words())
        run.ask("two.example")
        ok(exists(state, 60), "its thread, confined as well, writes the state while it runs", run.words())
    finally:
        run.process.kill()
        run.process.wait()
    with open(state, "rb") as file:
        ok(file.read(8) == b"skuastat", "and kill -9 leaves it there", os.listdir(folder + "/kept"))
    run = Live(skua, "pcap", folder)
    ok(run.watches() and "--state" not in run.words(), "for the next run, which has nothing to say of it", run.words())
    run.process.kill()
    run.process.wait()


def follow(run, source, ok):
    run.ask("one.example")
    run.ask("two.example")
    ok(run.wait(run.found, b'"indicator":"two.example"') and '"indicator":"one.example"' not in run.words(),
       source + ": live, what a rule matches is not said", run.words())
    run.write("rules", RULE % "three.example")
    run.write("lists/known-services.txt", "a.example\nb.example\n")
    run.write("fleet", "a.example 1 2\nb.example 1 2\n")
    ok(run.reload(b"suppressions in force now: 1 (1 new, 1 gone)", b"lists read again: 1 changed",
                  b"prevalence in force now: 2, before 1", b"indicators in force now: 3"),
       source + ": at SIGHUP it reads rules, lists and fleet again, and says what changed", run.words())
    run.ask("three.example")
    run.ask("one.example")
    ok(run.wait(run.found, b'"indicator":"one.example"') and '"indicator":"three.example"' not in run.words(),
       source + ": the new rules are in force, the old are not", run.words())
    run.write("rules", "nonsense\n")
    run.write("lists/tls-ports.txt", "443\nports\n")
    ok(run.reload(b"rules:1: a rule is made of parts", b"rules read before stay in force", b"tls-ports.txt:2: ",
                  b"lists read before stay in force") and run.process.poll() is None,
       source + ": bad ones are named, with their line, and the old ones stay", run.words())
    run.process.terminate()
    status = run.process.wait(timeout=60)
    ok(status == 0 and '"suppressed":2' in run.words(), source + ": it ends as ever, and counts what was kept back", run.words())
    with open(run.folder + "/kept/state", "rb") as file:
        ok(file.read(8) == b"skuastat" and os.listdir(run.folder + "/kept") == ["state"],
           source + ": the confined worker has written its state", os.listdir(run.folder + "/kept"))


def check(skua, ok, skip):
    if os.getuid() or not shutil.which("ip") or subprocess.run(["ip", "netns", "add", SPACE], capture_output=True, check=False).returncode:
        skip("live, while rules and lists change", "network namespaces need root and iproute2")
        return
    try:
        for command in (["addr", "add", "10.99.0.1/32", "dev", "lo"], ["addr", "add", "203.0.113.5/32", "dev", "lo"],
                        ["link", "set", "lo", "up"]):
            subprocess.run(["ip", "-n", SPACE, *command], check=True)
        for source in ("pcap", "kernel"):
            with tempfile.TemporaryDirectory() as folder:
                make(folder)
                play(skua, source, folder, ok, skip)
        with tempfile.TemporaryDirectory() as folder:
            make(folder)
            be_killed(skua, folder, ok, skip)
    finally:
        subprocess.run(["ip", "netns", "del", SPACE], check=False)
