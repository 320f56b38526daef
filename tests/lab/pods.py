#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares a caller's packets on the wire with those in its file: pods.py WIRE FINDINGS SNAPSHOTS CALLER"""
import collections
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "evidence"))
import frames

WIRE, FINDINGS, SNAPSHOTS, CALLER = sys.argv[1:]


def segments(all_frames):
    """How often each TCP segment of the caller is there: who sent it, and what is in it but the checksums."""
    count = collections.Counter()
    for frame in all_frames:
        it = frames.segment_of(frame)
        if it and CALLER in (it.src, it.dst):
            tcp = 14 + (frame.data[14] & 15) * 4
            count[it.src, it.sport, it.dport, it.flags, frame.data[tcp + 4:tcp + 16], frame.data[tcp + 18:], frame.length] += 1
    return count


def main():
    with open(FINDINGS, encoding="utf-8") as file:
        records = [json.loads(line.split(" ", 1)[1]) for line in file]
    found = [r["finding_id"] for r in records if r.get("state") == "new" and r["src_ip"] == CALLER]
    files = frames.snapshots(SNAPSHOTS)
    there = sum((segments(frames.of_pcapng(files[name])) for name in found if name in files), collections.Counter())
    wire = segments(frames.of_pcap(WIRE))
    for how, rest in (("missing", wire - there), ("too often or not whole", there - wire)):
        for src, sport, dport, flags, *_, length in rest:
            print("%s: %s %d > %d, flags %02x, %d B" % (how, src, sport, dport, flags, length))
    print("%d findings, %d packets on the wire" % (len(found), sum(wire.values())))
    return not wire or wire != there


sys.exit(main())
