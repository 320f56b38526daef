#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Looks for first callbacks in the files of two agents: pretrigger.py DIRECTORY < BEACONS

Prints "0 sentence" for what holds, "1 sentence" for what does not.
"""
import datetime
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "evidence"))
import frames

WORK = sys.argv[1]
RECORDER, SAMPLED, HEADERS = 1 << 20, 1514, 54
NAMED = {"beacon": "Host", "hello": "SNI"}
CLOCK_NS = 10**9  # tcpdump's and the kernel's word on when a packet came; between them it may wait for a processor


def say(good, sentence, detail=""):
    print("%d %s%s" % (not good, sentence, "" if good else ": %s" % detail))


def findings(name):
    """New beacons by their server."""
    new = {}
    with open("%s/%s.out" % (WORK, name), encoding="utf-8") as file:
        for line in file:
            record = json.loads(line.split(" ", 1)[1])
            if record["event_type"] == "beacon" and record["state"] == "new":
                new.setdefault(record["dest_ip"], record)
    return new


def seconds_of(text):
    whole, fraction = text.rstrip("Z").split(".")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float("0." + fraction)


def first_callback(wire, server):
    """Of the packets on the wire: the first SYN to a server, the answer to it, and the first request."""
    mine = [(f, s) for f, s in wire if server in (s.src, s.dst)]
    tests = [lambda s: s.flags & (frames.SYN | frames.ACK) == frames.SYN,
             lambda s: s.flags & (frames.SYN | frames.ACK) == frames.SYN | frames.ACK,
             lambda s: s.dst == server and s.payload]
    return [next((frame for frame, segment in mine if test(segment)), None) for test in tests]


def held(path, wanted):
    """How many of these packets a file holds with all their bytes."""
    there = list(frames.of_pcapng(path)) if path else []
    return sum(any(abs(it.time_ns - frame.time_ns) < CLOCK_NS and it.length == frame.length == len(it.data)
                   and same(it.data, frame.data) for it in there) for frame in wanted if frame)


def same(one, two):
    least = min(len(one), len(two))
    return least >= HEADERS and one[:least] == two[:least]


def main():
    wire = [(f, s) for f, s in ((f, frames.segment_of(f)) for f in frames.of_pcap(WORK + "/wire.pcap")) if s]
    sides = {name: (findings(name), frames.snapshots("%s/%s.d" % (WORK, name))) for name in ("kept", "lost")}
    for line in sys.stdin:
        network, part, count, _, jitter = line.split()[:5]
        server, name = "198.18.%s.1" % network, "%s of %s, jitter %s" % (part, count, jitter)
        wanted = first_callback(wire, server)
        say(None not in wanted, "%s: its first callback was on the wire" % name)
        for side, (found, files) in sides.items():
            record = found.get(server)
            say(record, "%s: it is found by the agent called %s" % (name, side), sorted(found))
            if not record or None in wanted:
                continue
            if part in NAMED:
                say(record["beacon"].get("name") == "c%s.example.net" % network,
                    "%s: the agent called %s names it by its %s" % (name, side, NAMED[part]), record["beacon"].get("name"))
            got = held(files.get(record["finding_id"]), wanted)
            if side == "lost":
                say(got == 0, "%s: without keep area all three are gone" % name, got)
                continue
            until_ns = seconds_of(record["timestamp"]) * 10**9
            passed = sum(min(f.length, SAMPLED) for f, s in wire
                         if wanted[0].time_ns < f.time_ns < until_ns and "10.78.0.2" in (s.src, s.dst))
            say(passed >= 10 * RECORDER, "%s: the churner fills the recorder ten times before it is found" % name, passed)
            say(got == 3, "%s: its file holds the first SYN, the answer to it and the whole first request" % name, got)
            print("# figure: live pre-trigger: %s: recorder filled %.0f times, found at exchange %d, its first request %d B" % (
                name, passed / RECORDER, record["beacon"]["exchanges"], wanted[2].length))


main()
