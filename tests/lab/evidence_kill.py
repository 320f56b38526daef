#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Kills agents while they publish and looks at what the next one finds: evidence_kill.py SKUA NAMESPACE VAULT PRELOAD KILLS

Prints "0 sentence" for what holds, "1 sentence: detail" for what does not.
"""
import collections
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

SKUA, NAMESPACE, VAULT, PRELOAD, KILLS = sys.argv[1:5] + [int(sys.argv[5])]
KERNEL_EVERY = 5  # the kernel's programs take a second to start
WAIT_S = 60
PHASES, MOST = 4, 200  # so many are to be met, by that many kills at most
STEPS = 12  # that wait for the disk while one file is published
draw = random.Random(7)


def say(good, sentence, detail=""):
    print("%d %s%s" % (not good, sentence, "" if good else ": %s" % str(detail)[:250]))


class Agent:
    def __init__(self, source):
        self.disk_us = draw.choice([500, 2000, 8000])
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        env = dict(os.environ, LD_PRELOAD=PRELOAD, LAB_DISK_US=str(self.disk_us))
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", NAMESPACE, SKUA, "run", "--source", source, "-i", "eth0=uplink", "--format",
             "json", "--socket", "none", "--recorder", "1", "--no-keep", "--snapshots", VAULT],
            stdout=self.out, stderr=self.err, env=env)
        self.source = source
        until = time.monotonic() + WAIT_S
        while b"skua: watching" not in self.said(self.err):
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("agent does not watch: %s" % self.said(self.err).decode()[:200])
            time.sleep(0.01)

    @staticmethod
    def said(file):
        return os.pread(file.fileno(), 1 << 24, 0)

    def told(self):
        """What it said is published; its last line may be cut."""
        whole = self.said(self.out).rpartition(b"\n")[0]
        snapshots = (json.loads(line).get("snapshot", {}) for line in whole.splitlines())
        return [snapshot for snapshot in snapshots if "sha256" in snapshot]

    def errors(self):
        whole = self.said(self.out).rpartition(b"\n")[0]
        snapshots = (json.loads(line).get("snapshot", {}) for line in whole.splitlines())
        return [snapshot["error"] for snapshot in snapshots if "error" in snapshot]

    def children(self):
        try:
            with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid), encoding="ascii") as file:
                return [int(word) for word in file.read().split()]
        except OSError:
            return []

    def kill(self, everyone):
        """The worker alone, or with all that it started; whoever is left must go by itself."""
        others = self.children()
        for pid in others if everyone else []:
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        until = time.monotonic() + WAIT_S
        while any(lives(pid) for pid in others):
            if time.monotonic() > until:
                raise RuntimeError("an attacher outlives its worker")
            time.sleep(0.01)


def lives(pid):
    """Whom nobody has buried yet is dead, too."""
    try:
        with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def listed():
    """What the manifest names; a last line may be torn."""
    lines = []
    for name in sorted(os.listdir(VAULT)):
        if name.startswith("MANIFEST"):
            with open(os.path.join(VAULT, name), "rb") as file:
                lines += file.read().split(b"\n")
    return {json.loads(line)["file"]: json.loads(line) for line in lines if line.endswith(b"}") and b'"file"' in line}, lines


def phase():
    """How far the dead one had come, as far as what it left tells."""
    files = {os.path.relpath(os.path.join(where, name), VAULT) for where, _, names in os.walk(VAULT) for name in names}
    names, lines = listed()
    head = os.path.join(VAULT, "HEAD")
    for file in sorted(files):
        if file == "HEAD.part":
            return "HEAD being written"
        if file.endswith(".json.part"):
            return "JSON being written"
        if file.endswith(".pcapng.part"):
            beside = file[:-len(".pcapng.part")] + ".json"
            return "JSON beside a part" if beside in files else "part, %s" % (
                "empty" if not os.path.getsize(os.path.join(VAULT, file)) else "written")
    if any(file.endswith(".pcapng") and file not in names for file in files):
        return "renamed, not listed"
    count = len([line for line in lines if line.endswith(b"}")])
    if os.path.exists(head) and b'"count":%d,' % count not in open(head, "rb").read():
        return "listed, HEAD behind"
    return "between two"


def torn(told):
    """Of what was said to be published, what is not there as it was said."""
    wrong = []
    for snapshot in told:
        path = os.path.join(VAULT, snapshot["file"])
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError as error:
            wrong.append(error)
            continue
        if hashlib.sha256(content).hexdigest() != snapshot["sha256"] or len(content) != snapshot["bytes"]:
            wrong.append(path)
        with open(path[:-len("pcapng")] + "json", "rb") as file:
            json.load(file)
    return wrong


def verify():
    done = subprocess.run([SKUA, "verify", VAULT, "--format", "json"], capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout or b"{}"), done.stderr.decode()


def wait_for_part(agent):
    """Until something is written, and then a little: a kill by the clock alone meets nobody at work."""
    begun, asked, after_told = time.monotonic(), 0, draw.random() < 0.3
    while time.monotonic() < begun + 6:
        if time.monotonic() - begun > 0.2 * asked:
            agent.process.send_signal(signal.SIGUSR1)
            asked += 1
            after_told = after_told and not agent.told()
        for _, _, names in os.walk(VAULT) if not after_told else ():
            if any(name.endswith(".part") for name in names):
                time.sleep(draw.uniform(0, STEPS * agent.disk_us / 1e6))
                return
        time.sleep(0.0005)


def met(phases):
    """Where a kill meets the writer is chance, so there are more of them until it was in several places."""
    return len([phase for phase in phases if phase != "between two"]) >= PHASES


def main():
    phases, told, wrong, bad, recovered, everyone, errors = collections.Counter(), [], [], [], 0, 0, []
    number = 0
    while True:
        agent = Agent("kernel" if number % KERNEL_EVERY == 1 else "pcap")
        status, result, said = verify()
        if status or result.get("unfinished"):
            bad.append("restart %d: %s %s" % (number, result.get("problems"), said))
        recovered = max(recovered, result.get("recovered", 0))
        wrong += torn(told)
        if number >= KILLS and (met(phases) or number >= MOST):
            agent.process.terminate()
            is_ended = agent.process.wait(WAIT_S)
            break
        wait_for_part(agent)
        agent.kill(number % 2)
        everyone += number % 2
        phases[phase()] += 1
        told += agent.told()
        errors += agent.errors()
        number += 1
    status, result, said = verify()
    say(not wrong, "killed: what was said to be published is there, byte for byte, after %d kills" % number, wrong)
    say(not bad, "killed: after each restart the vault verifies and nothing is unfinished", bad[:3])
    say(not status and not is_ended, "killed: the last agent ends well, and the vault verifies", (result, is_ended, said))
    say(not errors, "killed: no snapshot fails for what the one before left", collections.Counter(errors))
    say(met(phases), "killed: in several phases of writing", phases)
    print("# figure: kills: %d, of them %d of all processes; %d files said to be published, %d in the vault, %d recovered; %s" % (
        number, everyone, len(told), result.get("files", 0), recovered,
        ", ".join("%s %d" % pair for pair in sorted(phases.items()))))


main()
