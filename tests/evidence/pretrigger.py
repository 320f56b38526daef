#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The first callback of a beacon is in its snapshot, whatever else passed until it was found.

pretrigger.py OUT: replays tests/evidence/pretrigger.scn with a recorder of 1 MiB, once with the keep
area and once without.
"""
import csv
import datetime
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
import frames

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = sys.argv[1]
WORK = OUT + "/evidence/pretrigger"
CAPTURE, TRUTH = WORK + "/beacons.pcap", WORK + "/beacons.tsv"
RECORDER = 1 << 20
SAMPLED = 1514  # bytes of a packet at most


class Beacon:
    """A row of the truth with its frames of the capture."""

    def __init__(self, row):
        self.src, self.dst, self.port = row["src"], row["dst"], int(row["dport"])
        self.callbacks, self.seen = int(row["count"]), []

    def first_callback(self):
        """The first SYN, its answer and the first request."""
        wanted = [lambda s: s.flags & (frames.SYN | frames.ACK) == frames.SYN,
                  lambda s: s.flags & (frames.SYN | frames.ACK) == frames.SYN | frames.ACK,
                  lambda s: s.src == self.src and s.payload]
        return [next(frame for frame, segment in self.seen if test(segment)) for test in wanted]


def read_capture(beacons):
    """Gives each beacon its frames; returns the times and sizes of what others sampled, and how many packets."""
    by_host, others = {b.src: b for b in beacons}, []
    for frame in frames.of_pcap(CAPTURE):
        segment = frames.segment_of(frame)
        beacon = segment and (by_host.get(segment.src) or by_host.get(segment.dst))
        if beacon:
            beacon.seen.append((frame, segment))
        else:  # all shorter than what is sampled of a conversation
            others.append((frame.time_ns, min(len(frame.data), SAMPLED)))
    return others


def replay(directory, *more):
    shutil.rmtree(directory, ignore_errors=True)
    done = subprocess.run([OUT + "/skua", "replay", "-q", "--format", "json", "--snapshots", directory, "--proof",
                           "--recorder", str(RECORDER >> 20), *more, CAPTURE], capture_output=True, check=False)
    ok(done.returncode == 0, "replay succeeds %s" % " ".join(more or ("with the keep area",)), done.stderr.decode())
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return [r for r in records if r["event_type"] == "beacon"]


def of(records, beacon, state):
    return next((r for r in records if r["src_ip"] == beacon.src and r["dest_ip"] == beacon.dst and
                 r["state"] == state and (state == "new" or "file" in r.get("snapshot", {}))), None)


def held(path, wanted):
    """How many of these frames a file holds, with their time, length and first bytes."""
    there = {}
    for frame in frames.of_pcapng(path):
        there.setdefault((frame.time_ns, frame.length), []).append(frame.data)
    return sum(any(data and frame.data.startswith(data) for data in there.get((frame.time_ns, frame.length), []))
               for frame in wanted)


def time_ns(text):
    seconds, fraction = text.rstrip("Z").split(".")
    moment = datetime.datetime.fromisoformat(seconds + "+00:00")
    return int(moment.timestamp()) * 10**9 + int(fraction.ljust(9, "0"))


def check(beacon, others, kept, lost):
    found = of(kept["records"], beacon, "new")
    name = "%s, %d callbacks" % (beacon.src, beacon.callbacks)
    ok(found is not None, "%s: it is found" % name)
    if not found:
        return 0
    first, until = beacon.seen[0][0].time_ns, time_ns(found["timestamp"])
    passed = sum(size for at, size in others if first < at < until)
    ok(passed >= 10 * RECORDER, "%s: others fill the recorder ten times until the %dth, when it is found" % (
        name, found["beacon"]["exchanges"]), passed)
    wanted = beacon.first_callback()
    record = of(kept["records"], beacon, "update") or {}
    path = kept["files"].get(found["finding_id"])
    ok(path and held(path, wanted) == 3, "%s: its file holds the first SYN, its answer and the first request" % name,
       path and held(path, wanted))
    ok(record.get("proof") == "packets", "%s: its file alone shows the finding again" % name, record.get("proof"))
    path = lost["files"].get(found["finding_id"])
    ok(path and held(path, wanted) == 0, "%s: without the keep area all three are gone" % name, path and held(path, wanted))
    return passed / RECORDER


def main():
    os.makedirs(WORK, exist_ok=True)
    made = subprocess.run([OUT + "/skua-gen", "tests/evidence/pretrigger.scn", "-o", CAPTURE, "--truth", TRUTH],
                          capture_output=True, check=False)
    ok(made.returncode == 0, "the capture is made", made.stderr.decode())
    with open(TRUTH, newline="", encoding="utf-8") as file:
        beacons = [Beacon(row) for row in csv.DictReader(file, delimiter="\t") if row["kind"] == "beacon"]
    ok(sorted(b.callbacks for b in beacons) == [7] * 2 + [16, 18] + [20] * 2 + [21] * 2, "the beacons call 7 times, and 16 to 21 times",
       [b.callbacks for b in beacons])
    others = read_capture(beacons)
    sides = []
    for directory, more in ((WORK + "/kept", []), (WORK + "/lost", ["--no-keep"])):
        records = replay(directory, *more)
        sides.append({"records": records, "files": frames.snapshots(directory)})
    turned = [check(beacon, others, *sides) for beacon in beacons]
    print("# figure: pre-trigger: recorder filled %.0f to %.0f times before a beacon was found" % (min(turned), max(turned)))
    status = finish()
    os.unlink(CAPTURE)
    return status


sys.exit(main())
