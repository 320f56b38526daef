# SPDX-License-Identifier: BSD-2-Clause
"""A live run whose configuration changes under traffic: what is taken, refused, told and counted."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

SPACE = "skcf%d" % os.getpid()
PATIENCE_S = 60
# Datagrams to nobody, at an even pace, then those of two names that a list holds.
SEND = """
import socket, sys, time
out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(int(sys.argv[1])):
    out.sendto(b"x" * 100, ("203.0.113.5", 4000 + i % 500))
    time.sleep(0.001)
for name in sys.argv[2:]:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    out.sendto(b"\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0" + labels + b"\\0\\0\\1\\0\\1", ("203.0.113.5", 53))
"""
CONFIG = """interface: ["lo=tap"]
source: %(source)s
format: json
socket: %(folder)s/sock
indicators: %(folder)s/names
suppressions: %(folder)s/%(rules)s
%(more)s
"""


class Live:
    def __init__(self, skua, source, folder):
        self.skua, self.source, self.folder = skua, source, folder
        self.configure("rules-one", "recorder: 64")
        self.said, self.found = open(folder + "/said", "w+b"), open(folder + "/found", "w+b")
        self.process = subprocess.Popen(["ip", "netns", "exec", SPACE, skua, "run", "-c", folder + "/skua.yaml"],
                                        stdin=subprocess.DEVNULL, stdout=self.found, stderr=self.said)

    def configure(self, rules, more):
        with open(self.folder + "/skua.yaml", "w", encoding="utf-8") as file:
            file.write(CONFIG % {"source": self.source, "folder": self.folder, "rules": rules, "more": more})

    def words(self):
        return (os.pread(self.said.fileno(), 1 << 20, 0) + os.pread(self.found.fileno(), 1 << 20, 0)).decode(errors="replace")

    def until(self, predicate):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if predicate():
                return True
            time.sleep(0.05)
        return False

    def wait(self, *texts):
        """For these words; in vain where it has ended without them."""
        def is_over():
            ended = self.process.poll() is not None
            return all(text in self.words() for text in texts) or ended
        return self.until(is_over) and all(text in self.words() for text in texts)

    def reload(self, rules, more, *answers):
        self.configure(rules, more)
        self.process.send_signal(signal.SIGHUP)
        return self.wait(*answers)

    def status(self):
        said = subprocess.run([self.skua, "status", "--socket", self.folder + "/sock", "--format", "json"],
                              capture_output=True, check=False)
        return json.loads(said.stdout)["status"] if said.returncode == 0 else {"said": said.stderr}

    def counts(self, **wanted):
        """These and no others: a status may be as it was a moment ago."""
        return self.until(lambda: self.status().get("config") == wanted)


def send(count, *names):
    return subprocess.Popen(["ip", "netns", "exec", SPACE, sys.executable, "-c", SEND, str(count), *names])


def sent():
    shown = subprocess.run(["ip", "-n", SPACE, "-j", "-s", "link", "show", "lo"], capture_output=True, check=True)
    return json.loads(shown.stdout)[0]["stats64"]["tx"]["packets"]


def follow(run, ok):
    source, path, before = run.source, run.folder + "/skua.yaml", sent()
    send(0, "one.example", "two.example").wait()
    ok(run.wait('"indicator":"two.example"') and '"indicator":"one.example"' not in run.words(),
       source + ": a run without options does what its file says", run.words())
    traffic = send(4000)
    ok(run.reload("rules-two", "recorder: 64\nmin-score: 0.25",
                  "suppressions: \"%s/rules-two\" from now on, before \"%s/rules-one\"" % (run.folder, run.folder),
                  "min-score: 0.25 from now on, before 0.5", "suppressions in force now: 1 (1 new, 1 gone)",
                  "configuration read again: 2 changed, 0 wait for a restart"),
       source + ": at SIGHUP under traffic, what can change does, and is told", run.words())
    ok(run.counts(reloads=1), source + ": status counts it", run.status())
    ok(run.reload("rules-one", "recorder: 64\nring: 3", path + ":8:7: ring: '3' is not a power of two from 1 to 1024",
                  "the configuration stays as it was"), source + ": a bad one is refused with its place", run.words())
    ok(run.reload("no-rules", "min-score: 1", "cannot read %s/no-rules: No such file" % run.folder) and
       "min-score: 1 " not in run.words(), source + ": so is one that names a file which is not there, whatever else it says",
       run.words())
    ok(run.counts(reloads=1, reloads_refused=2), source + ": and both are counted", run.status())
    ok(run.reload("rules-two", "recorder: 32\nring: 32", "recorder: 32 needs a restart; 64 stays in force",
                  "ring: 32 needs a restart; 16 stays in force", "min-score: 0.5 from now on, before 0.25",
                  "configuration read again: 1 changed, 2 wait for a restart"),
       source + ": what cannot change waits for a restart, and that is told", run.words())
    ok(run.counts(reloads=2, reloads_refused=2, waiting_for_restart=2), source + ": and counted", run.status())
    traffic.wait()
    send(0, "one.example").wait()
    ok(run.wait('"indicator":"one.example"'), source + ": what was refused took nothing with it: the new rules are in force",
       run.words())
    finish(run, before, ok)


def finish(run, before, ok):
    # What the kernel handed over a moment ago is counted a moment later.
    run.until(lambda: run.status().get("packets") == sent() - before)
    run.process.terminate()
    status = run.process.wait(timeout=120)
    passed = sent() - before
    lines = [json.loads(line) for line in run.words().splitlines() if '"event_type":"stats"' in line]
    stats = lines[-1]["stats"] if lines else {}
    counted = stats.get("packets", 0)
    ok(status == 0 and passed >= 4003 and counted == passed and not stats.get("lost") and
       stats["accounted"] + sum(stats["ignored"].values()) == counted,
       "%s: through four reloads all %d packets of the interface are counted, none lost" % (run.source, passed),
       "status %s, passed %d, %s" % (status, passed, json.dumps(stats)))


def play(skua, source, folder, ok, skip):
    run = Live(skua, source, folder)
    try:
        if run.wait("watching"):
            follow(run, ok)
        elif run.process.poll() is None:
            ok(False, source + ": it begins to watch within %d s" % PATIENCE_S, run.words())
        else:
            skip("reload by " + source, "cannot watch here: " + run.words()[-120:].replace("\n", " "))
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()


def make(folder):
    os.mkdir(folder)
    os.chmod(folder, 0o755)  # the worker is nobody
    for name, text in (("names", "one.example\ntwo.example\n"), ("rules-one", "name=one.example until=forever reason=known\n"),
                       ("rules-two", "name=two.example until=forever reason=known\n")):
        with open(folder + "/" + name, "w", encoding="utf-8") as file:
            file.write(text)


def check(skua, folder, ok, skip):
    if os.getuid() or not shutil.which("ip") or subprocess.run(["ip", "netns", "add", SPACE], capture_output=True, check=False).returncode:
        skip("live, while its configuration changes", "network namespaces need root and iproute2")
        return
    os.chmod(folder, 0o755)
    try:
        for command in (["addr", "add", "10.99.0.1/32", "dev", "lo"], ["addr", "add", "203.0.113.5/32", "dev", "lo"],
                        ["link", "set", "lo", "up"]):
            subprocess.run(["ip", "-n", SPACE, *command], check=True)
        for source in ("pcap", "kernel"):
            make(folder + "/" + source)
            play(skua, source, folder + "/" + source, ok, skip)
    finally:
        subprocess.run(["ip", "netns", "del", SPACE], check=False)
