#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds the rows of skua's analyst commands to tshark's, capture by capture.

rows.py SKUA CORPUS [--all] [NAME...]: one pass of tshark per capture gives the
rows of every command in tests/oracle/questions.py; those of skua must be the
same, frame numbers included.  Each difference is given a reason from what
tshark says of the frame; one without a reason is shown, and a command fails
when less than GOAL of its rows are equal or a difference has no reason.
"""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

import login_captures
from questions import QUESTIONS

GOAL = 0.97
UNREAD = "its link type is not followed"
SEPARATOR, AGGREGATOR = "\x1f", "\x1e"
# Without the option tshark reads no message whose segments came out of order.
TSHARK = ["tshark", "-n", "-o", "tcp.reassemble_out_of_order:TRUE", "-T", "fields", "-E", "separator=" + SEPARATOR,
          "-E", "aggregator=" + AGGREGATOR, "-E", "occurrence=a"]
# What of a frame explains that two readers differ.
SIGNS = ["frame.number", "frame.encap_type", "icmp.type", "icmpv6.type", "_ws.malformed",
         "tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment", "ip.flags.mf", "ip.frag_offset",
         "frame.len", "frame.cap_len", "ipv6.fraghdr.offset", "tcp.analysis.retransmission",
         "tcp.analysis.out_of_order", "tcp.analysis.spurious_retransmission"]
# LINKTYPE numbers as Wireshark's encapsulations that skua follows.
FOLLOWED = {"1", "7", "25", "210", "15", "31", "129", "130"}


def frames_of(path, shown):
    fields = list(dict.fromkeys(SIGNS + [f for q in QUESTIONS for f in q.fields]))
    command = TSHARK + ["-r", path, "-Y", shown]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, timeout=300)
    rows = []
    for line in done.stdout.decode("utf-8", "replace").split("\n"):
        values = line.split(SEPARATOR)
        if len(values) == len(fields):
            rows.append({f: v.split(AGGREGATOR) if v else [] for f, v in zip(fields, values)})
    return rows


def skua_rows(skua, question, path):
    done = subprocess.run([skua, *question.command, "--format", "json", path], capture_output=True, timeout=300)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def reason(frame, question, row):
    """Why this frame may be seen in two ways; None: no reason is known."""
    if frame is None:
        return None
    if frame["frame.encap_type"][0] not in FOLLOWED:
        return UNREAD
    if frame["icmp.type"] or frame["icmpv6.type"]:
        return "quoted by an ICMP error"
    if frame["_ws.malformed"]:
        return "tshark calls it malformed"
    if frame["frame.len"] != frame["frame.cap_len"]:
        return "cut by the capture"
    if any(frame[f] not in ([], ["0"]) for f in ("ip.flags.mf", "ip.frag_offset", "ipv6.fraghdr.offset")):
        return "a fragment"
    if frame["tcp.analysis.lost_segment"] or frame["tcp.analysis.ack_lost_segment"]:
        return "behind a segment that is not in the capture"
    if any(frame[f] for f in SIGNS[-3:]):
        return "sent again, or out of order"
    return question.reason(frame, row)


class Tally:
    def __init__(self):
        self.equal = self.theirs = self.ours = self.captures = 0
        self.reasons = collections.Counter()
        self.shown = collections.defaultdict(list)


def look_up(path, numbers):
    """Frames that are in no row of tshark's: their signs, by number."""
    found = {}
    for i in range(0, len(numbers), 500):
        shown = "frame.number in {%s}" % ",".join(map(str, numbers[i:i + 500]))
        for frame in frames_of(path, shown):
            found[int(frame["frame.number"][0])] = frame
    return found


def count(question, frames, rows):
    """How often each row is there, with its frame or, where the two see it in different ones, without."""
    counts = collections.Counter()
    for row in rows:
        key = row if question.by_frame else row[1:]
        frames.setdefault(key, row[0])
        counts[key] += 1
    return counts


def compare(skua, path, name, tallies):
    rows = frames_of(path, " or ".join("(%s)" % q.shown for q in QUESTIONS))
    for question in QUESTIONS:
        tally = tallies[question.name]
        frames = {}
        theirs = count(question, frames, (r for frame in rows for r in question.theirs(frame)))
        ours = count(question, frames, (r for answer in skua_rows(skua, question, path) for r in question.ours(answer)))
        tally.captures += bool(theirs)
        tally.theirs += sum(theirs.values())
        tally.ours += sum(ours.values())
        tally.equal += sum((theirs & ours).values())
        known = {int(r["frame.number"][0]): r for r in rows}
        apart = list((theirs - ours).elements()) + list((ours - theirs).elements())
        known.update(look_up(path, sorted({frames[row] for row in apart} - known.keys())))
        for row in apart:
            number = frames[row]
            why = reason(known.get(number), question, row)
            tally.reasons[why or "no reason"] += 1
            if len(tally.shown[why]) < (40 if why is None else 3):
                side = "tshark" if row in theirs - ours else "skua"
                tally.shown[why].append("%s frame %d, only %s: %s" % (name, number, side, " | ".join(map(str, row))[:150]))


def main():
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    skua, corpus, names = arguments[0], arguments[1], arguments[2:]
    paths = sorted(p for p in glob.glob(corpus + "/**", recursive=True)
                   if p.endswith((".pcap", ".pcapng", ".cap")))
    if names:
        paths = [p for p in paths if any(n in p for n in names)]
    elif "--all" not in sys.argv:
        paths = [p for p in paths if os.path.getsize(p) < 2_000_000]
    tallies = {q.name: Tally() for q in QUESTIONS}
    for path in paths:
        compare(skua, path, os.path.relpath(path, corpus), tallies)
    with tempfile.TemporaryDirectory() as scratch:
        made = os.path.join(scratch, "logins.pcap")
        login_captures.write(made, login_captures.LOGINS)
        compare(skua, made, "made here: logins", tallies)
    failed = 0
    for n, (name, tally) in enumerate(tallies.items(), 1):
        # What no command reads is told, and is no wrong answer.
        total = max(tally.theirs, tally.ours) - tally.reasons[UNREAD]
        good = not total or (tally.equal >= GOAL * total and not tally.reasons["no reason"])
        failed += not good
        print("%s %d - %s: %d of %d rows are tshark's, %d captures have some%s" % (
            "ok" if good else "not ok", n, name, tally.equal, total, tally.captures,
            "" if total else " # SKIP no capture has any"))
        for why, count in tally.reasons.most_common():
            print("# %6d %s" % (count, why))
            for line in tally.shown[None if why == "no reason" else why]:
                print("#        " + line)
    print("ok %d - %d captures were compared" % (len(tallies) + 1, len(paths)) if len(paths) >= 60 or names
          else "not ok %d - only %d captures" % (len(tallies) + 1, len(paths)))
    print("1..%d" % (len(tallies) + 1))
    return failed != 0


sys.exit(main())
