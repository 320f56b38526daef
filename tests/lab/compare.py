#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares what was found live with what a replay of the capture taken beside it finds.

compare.py LIVE REPLAY: JSON lines, those of LIVE with the time of arrival before each.  The last state
of each finding_id must name the same thing with a score within 0.02; a finding that only one side has
passes if its score lies within 0.02 of where findings begin.  Exit 1 and one line for each difference.
"""
import json
import sys

SCORE = 0.02
SHOWN = {"dns_exfil": 0.7}  # the others from 0.5 on
ENTITIES = ["event_type", "src_ip", "dest_ip", "dest_port", "proto"]


def last_states(path, stamped):
    last = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line.split(" ", 1)[1] if stamped else line)
            if "finding_id" in record:
                last[record["finding_id"]] = record
    return last


def words(finding):
    whom = finding.get("dest_ip") or finding.get(finding["event_type"], {}).get("domain") or ""
    return "%.2f %s %s -> %s" % (finding["score"], finding["event_type"], finding.get("src_ip"), whom)


def differences(live, replay):
    for key in sorted(live.keys() | replay.keys()):
        one, two = live.get(key), replay.get(key)
        if one is None or two is None:
            lone = one or two
            if abs(lone["score"] - SHOWN.get(lone["event_type"], 0.5)) > SCORE:
                yield "%s only: %s: %s" % ("live" if one else "replay", words(lone), lone["reason"])
            continue
        for name in ENTITIES:
            if one.get(name) != two.get(name):
                yield "%s: %s is %s live, %s in replay" % (words(one), name, one.get(name), two.get(name))
        if abs(one["score"] - two["score"]) > SCORE + 1e-9:
            yield "%s: score %.4f live (%s), %.4f in replay (%s)" % (
                words(one), one["score"], one["reason"], two["score"], two["reason"])


def main():
    live, replay = last_states(sys.argv[1], True), last_states(sys.argv[2], False)
    found = list(differences(live, replay))
    for line in found:
        print(line)
    print("%d findings live, %d in replay: %s" % (
        len(live), len(replay), ", ".join(sorted(words(f) for f in live.values()))))
    return 1 if found or not live else 0


if __name__ == "__main__":
    sys.exit(main())
