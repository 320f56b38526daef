#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Who opens connections by the thousand does not push out what was kept of others, nor memory's bound.

churn.py OUT all|quick: replays tests/evidence/churn.scn with a recorder of 1 MiB, then fills the
recorder of default size and looks at its memory.
"""
import array
import ctypes
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.dirname(__file__))
import frames

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = sys.argv[1]
WORK = OUT + "/evidence/churn"
SCENARIO, FILLING = "tests/evidence/churn.scn", "tests/scenarios/bulk1m.scn"
BEACON, SERVER, CALLBACKS, EVERY_S, SECONDS = "10.9.0.10", "198.18.10.10", 7, 10, 68
ONE = ("one host", "churners=10.20.0.5", "to=100.64.0.0/10")
NEW = ("250 hosts to ever new ones", "churners=10.20.0.0/24", "to=100.64.0.0/10")
AGAIN = ("250 hosts, again and again to a thousand", "churners=10.20.0.0/24", "to=100.64.0.0/22")
RING, KEEP, PAIRS = 64 << 20, 128 << 20, 65536
THP_DISABLE = 41  # PR_SET_THP_DISABLE
PAIR = 224  # bytes of a pair and its places in the table
REST = 3 << 20  # which conversations were seen last, findings that wait
AT_THE_END = 16 << 20  # beyond what is held, while what is left is written


def small_pages():
    """What a process holds is then what it has touched; large pages come and go as the kernel likes."""
    ctypes.CDLL(None).prctl(THP_DISABLE, 1, 0, 0, 0)


def state_of(pid):
    with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
        return file.read().rsplit(")", 1)[1].split()[0]


def wait_for_all_read(gen, skua, pipe):
    """Until the capture is made and skua sleeps, as it waits for more; or has ended."""
    unread, asleep = array.array("i", [0]), 0
    while asleep < 5:
        fcntl.ioctl(pipe, termios.FIONREAD, unread)
        state = state_of(skua.pid)
        if state == "Z":
            return
        asleep = asleep + 1 if gen.poll() is not None and not unread[0] and state == "S" else 0
        time.sleep(0.01)


def held_by(pid):
    """Anonymous and all resident bytes, page by page: the counts that a peak is taken of lag behind on each processor,
    and pages of libraries come and go."""
    if state_of(pid) == "Z":
        return 0, 0
    with open("/proc/%d/smaps_rollup" % pid, encoding="utf-8") as file:
        sizes = dict(re.findall(r"^(\w+): +(\d+) kB", file.read(), re.M))
    return int(sizes["Anonymous"]) << 10, int(sizes["Rss"]) << 10


def replay(scenario, variables, *arguments):
    """Its records, and the bytes that are held when all of it was read, of a capture that is never on disk."""
    settings = [word for variable in variables for word in ("--set", variable)]
    pipe, into = os.pipe()
    gen = subprocess.Popen([OUT + "/skua-gen", scenario, *settings, "-o", "-"], stdout=into)
    with open(WORK + "/records.jsonl", "wb") as records:
        skua = subprocess.Popen([OUT + "/skua", "replay", "-q", "--format", "json", *arguments, "-"], stdin=pipe, stdout=records,
                                preexec_fn=small_pages)
    wait_for_all_read(gen, skua, pipe)
    anonymous, resident = held_by(skua.pid)
    os.close(into)
    os.close(pipe)
    _, status, usage = os.wait4(skua.pid, 0)
    skua.returncode = status
    made, peak = gen.wait(), usage.ru_maxrss << 10
    ok(made == 0 and status == 0, "a capture of %s is made and replayed" % " ".join(variables), (made, status))
    ok(peak - resident <= AT_THE_END, "and its end takes no memory to speak of", (peak, resident))
    with open(WORK + "/records.jsonl", encoding="utf-8") as records:
        return [json.loads(line) for line in records], anonymous


def callbacks_held(path):
    """At which turns the file holds the opening of a callback, of the one that reconnects and of the other."""
    opened, asked, begun = set(), set(), None
    for frame in frames.of_pcapng(path):
        segment = frames.segment_of(frame)
        begun = begun or frame.time_ns
        turn, since_ns = divmod(frame.time_ns - begun, EVERY_S * 10**9)
        if segment.dport == 443 and segment.flags & frames.SYN:
            opened.add(turn)
        elif segment.dport == 8443 and segment.payload and since_ns < 10**9:
            asked.add(turn)
    return opened, asked


def check_churners(name, *variables):
    directory = WORK + "/kept"
    shutil.rmtree(directory, ignore_errors=True)
    records, _ = replay(SCENARIO, variables, "--snapshots", directory, "--recorder", "1")
    stats = records[-1]["stats"]
    rate = stats["flows"] / SECONDS
    ok(rate >= 10000, "%s: 10,000 connections a second" % name, rate)
    files = frames.snapshots(directory)
    ids = [r["finding_id"] for r in records if r["event_type"] == "exfil" and (r["src_ip"], r["dest_ip"]) == (BEACON, SERVER)]
    path = files.get(ids[0]) if ids else None
    ok(path, "%s: the upload is found and has a file" % name, ids)
    wanted = set(range(CALLBACKS))
    opened, asked = callbacks_held(path) if path else (set(), set())
    ok(wanted <= opened, "%s: all callbacks of the beacon that reconnects are there, from the first on" % name, opened)
    ok(wanted <= asked, "%s: all of the beacon inside one connection" % name, asked)
    print("# figure: churn: %s: %.0f connections/s for %d s, callbacks kept of 7 and of 7: %d and %d" % (
        name, rate, SECONDS, len(wanted & opened), len(wanted & asked)))


def check_memory():
    """As many pairs as there may be, each with more than its share of the room, and no finding."""
    many = ["hosts=10.20.0.0/16"]
    directory = WORK + "/filled"
    shutil.rmtree(directory, ignore_errors=True)
    _, without = replay(FILLING, many)
    _, filled = replay(FILLING, many, "--snapshots", directory)
    _, no_keep = replay(FILLING, many, "--snapshots", directory, "--no-keep")
    bound = RING + KEEP + PAIRS * PAIR + REST
    ok(filled - without <= bound, "the recorder takes no more than ring, keep area and table", (filled - without, bound))
    ok(filled - no_keep >= 0.95 * KEEP, "and the keep area was filled by %d pairs" % PAIRS, filled - no_keep)
    print("# figure: memory of the recorder with %d pairs: %.1f MiB, goal <= %.1f (64 ring, 128 keep, %.1f table and rest)" % (
        PAIRS, (filled - without) / 2**20, bound / 2**20, (bound - RING - KEEP) / 2**20))
    print("# figure: memory of a replay of these: %.1f MiB without recorder, %.1f with it, %.1f without keep area" % (
        without / 2**20, filled / 2**20, no_keep / 2**20))


def main():
    os.makedirs(WORK, exist_ok=True)
    for churners in (ONE, NEW, AGAIN) if sys.argv[2] == "all" else (ONE, AGAIN):
        check_churners(*churners)
    check_memory()
    return finish()


sys.exit(main())
