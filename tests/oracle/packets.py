#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds skua packets and conversations --gap to tshark's display filters: packets.py SKUA CORPUS [NAME...]

The filters of the recipe, each a pass of tshark per capture; rows are frame number, ends, payload
and, where --gap asks, frame.time_delta_displayed, which is the time since the frame shown before.
Each difference is given its reason from what tshark says of the frame; one without fails.
"""
import collections
import glob
import json
import os
import subprocess
import sys

GOAL = 0.97
FIELDS = ["frame.number", "frame.time_epoch", "frame.time_delta_displayed", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport",
          "tcp.dstport", "udp.srcport", "udp.dstport", "tcp.len", "tcp.flags.syn", "tcp.stream", "udp.stream",
          "frame.encap_type", "frame.protocols", "frame.len", "frame.cap_len", "ip.flags.mf", "ip.frag_offset",
          "ipv6.fraghdr.offset", "_ws.malformed"]
FOLLOWED = {"1", "7", "25", "210", "15", "31", "129", "130"}
PORTS = [80, 443, 4444, 8080]
LOW, HIGH = 1, 65  # seconds: the recipe's 55..65 alone would show few frames here
ANY_PORT = " || ".join("tcp.port==%d || udp.port==%d" % (p, p) for p in PORTS)
OUR_PORTS = [word for p in PORTS for word in ("--port", str(p))]
GAP = ["--gap", "%d..%d" % (LOW, HIGH)]


def tshark(path, shown):
    command = ["tshark", "-n", "-r", path, "-Y", shown, "-T", "fields", "-E", "separator=\x1f", "-E", "aggregator=,"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, timeout=300)
    lines = [line.split("\x1f") for line in done.stdout.decode().splitlines()]
    return [dict(zip(FIELDS, line)) for line in lines if len(line) == len(FIELDS)]


def last(text):
    """Of a tunnel, what it carries."""
    return text.split(",")[-1]


def number(text):
    return int(last(text)) if text else None


def their_row(frame):
    tcp = bool(frame["tcp.srcport"])
    layer = "tcp" if tcp else "udp"
    return (int(frame["frame.number"]), number(frame[layer + ".srcport"]), number(frame[layer + ".dstport"]),
            number(frame["tcp.len"]) if tcp else None)


def nanoseconds(text):
    whole, _, rest = text.partition(".")
    return int(whole) * 10**9 + int((rest + "0" * 9)[:9])


def with_gaps(frames, of):
    """Frames whose gap is in the range, with it."""
    rows = []
    for frame in frames:
        gap = of(frame)
        if gap is not None and LOW * 10**9 < gap < HIGH * 10**9:
            rows.append(their_row(frame) + (gap,))
    return rows


def displayed_gaps(frames):
    def of(frame):
        text = frame["frame.time_delta_displayed"]
        return None if text.startswith("-") else nanoseconds(text)
    return with_gaps(frames[1:], of)


def stream_gaps(frames):
    """The display filter knows no streams; their frames tell."""
    before = {}

    def of(frame):
        key = "t" + last(frame["tcp.stream"]) if frame["tcp.stream"] else "u" + last(frame["udp.stream"])
        now = nanoseconds(frame["frame.time_epoch"])
        gap = now - before[key] if key in before else None
        before[key] = now
        return gap
    return with_gaps(frames, of)


def our_rows(skua, path, arguments, gaps):
    done = subprocess.run([skua, "packets", *arguments, "--format", "json", path], capture_output=True, timeout=300)
    rows = []
    for line in done.stdout.decode().splitlines():
        row = json.loads(line)
        rows.append((row["frame"], row.get("src_port"), row.get("dest_port"),
                     row["payload"] if row["proto"] == "TCP" else None))
        if gaps:
            rows[-1] += (round(row["gap_s"] * 1e9),)
    return rows


def reason(frame, reused):
    if frame is None:
        return None
    if last(frame["frame.encap_type"]) not in FOLLOWED:
        return "its link type is not followed"
    if "icmp" in frame["frame.protocols"]:
        return "quoted by an ICMP error"
    if any(set(frame[f].split(",")) - {"", "0", "False"} for f in ("ip.flags.mf", "ip.frag_offset", "ipv6.fraghdr.offset")):
        return "a fragment"
    if frame["_ws.malformed"]:
        return "tshark calls it malformed"
    if frame["frame.len"] != frame["frame.cap_len"]:
        return "cut by the capture"
    if len(frame["ip.src"].split(",") + frame["ipv6.src"].split(",")) > 2:
        return "in a tunnel: shown by what it carries"
    return "the same ends begin another TCP stream" if reused else None


# name, display filter, skua's arguments, how gaps are found
QUESTIONS = [
    ("--syn", "tcp.flags.syn==1 && tcp.flags.ack==0", ["--syn"], None),
    ("--syn --gap", "tcp.flags.syn==1 && tcp.flags.ack==0", ["--syn", *GAP], displayed_gaps),
    ("--len '>1000'", "tcp.len > 1000", ["--len", ">1000"], None),
    ("--port", ANY_PORT, OUR_PORTS, None),
    ("--port --gap", ANY_PORT, [*OUR_PORTS, *GAP], displayed_gaps),
    ("--port --gap --per-pair", ANY_PORT, [*OUR_PORTS, *GAP, "--per-pair"], stream_gaps),
]


def compare(skua, path, name, tallies):
    if subprocess.run([skua, "packets", "--format", "json", path, "host 0.0.0.0"], capture_output=True).returncode == 2:
        print("# %s: not compared: skua does not read this format" % name)
        return
    passes = {}
    for question, shown, arguments, gaps in QUESTIONS:
        if shown not in passes:
            passes[shown] = tshark(path, shown)
        frames = {int(f["frame.number"]): f for f in passes[shown]}
        # A frame that only one of the two shows moves the gap of the one behind it.
        odd = gaps and any(reason(f, False) for f in frames.values())
        theirs = collections.Counter(gaps(passes[shown]) if gaps else map(their_row, passes[shown]))
        ours = collections.Counter(our_rows(skua, path, arguments, gaps))
        tally = tallies[question]
        tally["theirs"] += sum(theirs.values())
        tally["ours"] += sum(ours.values())
        tally["equal"] += sum((theirs & ours).values())
        for row in list((theirs - ours).elements()) + list((ours - theirs).elements()):
            if row[0] not in frames and "all" not in passes:
                passes["all"] = {int(f["frame.number"]): f for f in tshark(path, "frame")}
            why = reason(frames.get(row[0]) or passes["all"].get(row[0]), gaps is stream_gaps)
            if not why and odd:
                why = "behind a frame that only one of the two shows"
            tally[why or "no reason"] += 1
            if tally[why or "no reason"] < 4:
                print("# %s, %s, only %s: %s: %s" % (name, question, "tshark" if row in theirs - ours else "skua",
                                                    row, why or "no reason"))


def compare_conversations(skua, path, tally):
    """conversations --gap --per-pair: so many frames of each conversation."""
    frames = tshark(path, "tcp && !icmp && !icmpv6")
    if any(reason(f, False) for f in frames):
        return
    theirs = collections.Counter()
    for row in stream_gaps(frames):
        theirs[tuple(sorted((row[1], row[2])))] += 1
    ends = {tuple(sorted(((f["ip.src"] or f["ipv6.src"], f["tcp.srcport"]), (f["ip.dst"] or f["ipv6.dst"], f["tcp.dstport"]))))
            for f in frames}
    reused = len({f["tcp.stream"] for f in frames}) != len(ends)
    done = subprocess.run([skua, "conversations", *GAP, "--per-pair", "--format", "json", path], capture_output=True)
    ours = collections.Counter()
    for line in done.stdout.decode().splitlines():
        row = json.loads(line)
        ours[tuple(sorted((row["src_port"], row["dest_port"])))] += row["gap_frames"]
    for key in theirs.keys() | ours.keys():
        tally["theirs"] += key in theirs
        tally["ours"] += key in ours
        tally["equal"] += theirs[key] == ours[key]
        if theirs[key] != ours[key]:
            tally["the same ends begin another TCP stream" if reused else "no reason"] += 1


def main():
    skua, corpus, names = sys.argv[1], sys.argv[2], [a for a in sys.argv[3:] if not a.startswith("--")]
    paths = sorted(p for p in glob.glob(corpus + "/**", recursive=True) if p.endswith((".pcap", ".pcapng", ".cap"))
                   and os.path.getsize(p) < 2_000_000 and (not names or any(n in p for n in names)))
    tallies = collections.defaultdict(collections.Counter)
    for path in paths:
        compare(skua, path, os.path.relpath(path, corpus), tallies)
        compare_conversations(skua, path, tallies["conversations --gap --per-pair"])
    failed = 0
    for n, (question, tally) in enumerate(tallies.items(), 1):
        total = max(tally["theirs"], tally["ours"])
        good = total and tally["equal"] >= GOAL * total and not tally["no reason"]
        failed += not good
        what = question if question.startswith("conv") else "packets " + question
        print("%s %d - %s: %d of %d rows are tshark's" % ("ok" if good else "not ok", n, what, tally["equal"], total))
        for why, count in tally.items():
            if why not in ("theirs", "ours", "equal"):
                print("# %6d %s" % (count, why))
    enough = len(paths) >= 60 or names
    print("%s %d - %d captures were compared" % ("ok" if enough else "not ok", len(tallies) + 1, len(paths)))
    print("1..%d" % (len(tallies) + 1))
    return failed != 0 or not enough


sys.exit(main())
