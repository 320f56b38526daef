# SPDX-License-Identifier: BSD-2-Clause
"""Beacons and a scan from groups that are named like units and containers, watched live.

run.py BUILD [all]: with all a real container as well.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import container
import stage

SKUA = sys.argv[1] + "/skua"
CONTAINER, POD = "ab" * 32, "0f5a1c9e-1b2c-4d3e-8f90-a1b2c3d4e5f6"
TURNS = 20  # of 1.2 s; fifteen exchanges in twenty seconds and more are a beacon
number = 0


def ok(good, what, why=""):
    global number
    number += 1
    print("%sok %d - %s" % ("" if good else "not ", number, what), flush=True)
    if not good:
        print("# " + str(why)[:2000].replace("\n", "\n# "))
    ok.bad |= not good


ok.bad = False


def last_states(lines):
    found = {}
    for line in lines:
        record = json.loads(line)
        if "finding_id" in record:
            found[record["event_type"], record.get("dest_port")] = record
    return found


def wait_for(path, text, process):
    """false: it has ended without a word of it, or does not come to it in a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        ended = process.poll() is not None
        with open(path, "rb") as file:
            if text in file.read():
                return True
        if ended:
            break
        time.sleep(0.1)
    return False


def play(scene, folder, real):
    """false: nothing can be watched here; real: a list to put a real container into, or None."""
    inside = scene.groups.inside
    unit = inside("system.slice/apt-daily.service")
    pod = inside("kubepods.slice/kubepods-pod%s.slice/cri-containerd-%s.scope" % (POD.replace("-", "_"), CONTAINER))
    with open(folder + "/found", "wb") as found, open(folder + "/said", "wb") as said:
        run = scene.start(stage.INSIDE + [
            SKUA, "run", "-i", "near", "--hook", "tc", "--source", "kernel", "--format", "json", "--min-score", "0",
            "--local", "198.18.40.1/32", "--socket", "none", "--journal", folder + "/journal",
            "--snapshots", folder + "/vault"], stdout=found, stderr=said)
    if not wait_for(folder + "/said", b"watching", run):
        return run.poll() is None  # who is only slow has nothing to be skipped for
    acts = [scene.act(unit, 1, 80, TURNS), scene.act(pod, 4242, 81, TURNS),
            scene.act(unit, 1, 82, TURNS), scene.act(pod, 4242, 82, 1)]  # the last calls once
    if real is not None:
        real.append(container.Container(scene, folder))
        acts += real
    # Two that are not there yet when the agent looks for the others, and one that ends at once.
    time.sleep(2)
    acts.append(scene.act(inside("user.slice/user-1.slice/session-3.scope"), 1, "scan"))
    for act in acts:
        act.wait()
    run.send_signal(2)
    run.wait()
    return True


def subset(origin, **wanted):
    return origin is not None and all(origin.get(name) == value for name, value in wanted.items())


def check_names(found):
    unit, pod = found.get(("beacon", 80), {}), found.get(("beacon", 81), {})
    both, scan = found.get(("beacon", 82), {}), found.get(("scan", None), {})
    ok(subset(unit.get("origin"), unit="apt-daily.service", uid=1, user="daemon") and "others" not in unit["origin"],
       "a beacon names the unit and the account behind it", unit)
    ok(subset(pod.get("origin"), container=CONTAINER, runtime="containerd", pod_uid=POD, uid=4242) and
       "unit" not in pod["origin"] and "user" not in pod["origin"],
       "another of the same address its container and pod", pod)
    ok(both.get("origin", {}).get("others") == 1, "one that both made says that there is another", both)
    ok(subset(scan.get("origin"), unit="session-3.scope", uid=1), "a scan names the session that made it", scan)
    ok([factor["factor"] for factor in unit.get("context", []) if factor["name"] == "known-unit"] == [0.2],
       "a listed unit's beacon is calmed", unit)
    ok(not any(factor["name"] == "known-unit" for one in (pod, both) for factor in one.get("context", [])),
       "a container's is not, nor is one that both made", (pod, both))


def check_journal(folder, live):
    replay = subprocess.run([SKUA, "replay", "-q", "--format", "json", "--min-score", "0", folder + "/journal"],
                            stdout=subprocess.PIPE, check=False).stdout
    told = [line for line in live.replace(b'"mode":"live"', b'"mode":"replay"').splitlines() if b'"snapshot"' not in line]
    ok(told and [line for line in told if b'"stats"' not in line] ==
       [line for line in replay.splitlines() if b'"stats"' not in line],
       "the journal, replayed, gives the same bytes", replay)
    without = subprocess.run([SKUA, "replay", "-q", "--format", "json", "--min-score", "0", "--without-rule", "known-unit",
                              folder + "/journal"], stdout=subprocess.PIPE, check=False).stdout
    unit = last_states(without.splitlines()).get(("beacon", 80), {})
    ok(unit and unit["score"] > 0.5 and unit["origin"]["unit"] == "apt-daily.service",
       "and without the rule the beacon's whole score", unit)


def check_table(folder):
    table = subprocess.run([SKUA, "replay", "-q", "--format", "table", "--min-score", "0", folder + "/journal"],
                           stdout=subprocess.PIPE, check=False).stdout.decode()
    ok("; by session-3.scope" in table and "; by apt-daily.service; known-unit x0.20" in table and
       "; by containerd abababababab" in table and "; by apt-daily.service and others" in table,
       "a line of the table says it in a few words", table)


def check_evidence(folder, found):
    texts = b""
    for path, _, names in os.walk(folder + "/vault"):
        for name in names:
            if name.endswith(".pcapng") and found["scan", None]["finding_id"] in name:
                with open(path + "/" + name, "rb") as file:
                    texts += file.read()
    ok(b"skua.context={" in texts and b'"unit":"session-3.scope"' in texts.split(b"skua.context={", 1)[1],
       "its evidence asserts it", len(texts))
    ok(b'"origin"' not in texts.split(b"skua.finding={", 1)[-1].split(b"skua.context={")[0],
       "beside what its packets prove")


def check_container(found, real):
    number = str(container.PORT)
    mine = found.get(("beacon", container.PORT), {})
    ok(subset(mine.get("origin"), container=real.id(), runtime="podman", uid=0),
       "a container that podman and runc made is named, on port " + number, mine)


def main():
    if os.geteuid():
        print("1..0 # SKIP namespaces and control groups need root")
        return 0
    root, why = stage.hierarchy(), container.missing() if "all" in sys.argv else None
    real = [] if "all" in sys.argv and not why else None
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # the worker is nobody
        scene = stage.Stage()
        try:
            scene.open(root)
            if not play(scene, folder, real):
                with open(folder + "/said", encoding="utf-8") as said:
                    print("1..0 # SKIP cannot watch here: " + said.read().replace("\n", " "))
                return 0
        finally:
            for one in real or []:
                one.remove()
            scene.remove()
        with open(folder + "/found", "rb") as file:
            live = file.read()
        found = last_states(live.splitlines())
        check_names(found)
        if real:
            check_container(found, real[0])
        elif why:
            ok(True, "a real container is named # SKIP " + why)
        check_journal(folder, live)
        check_table(folder)
        check_evidence(folder, found)
    ok(not any(stage.NAME in name for name in os.listdir(root)), "no group of the test's is left")
    print("1..%d" % number)
    return 1 if ok.bad else 0


sys.exit(main())
