#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds skua's conversations and talkers to tshark's: tables.py SKUA CORPUS [NAME...]

tshark gives addresses, ports and length of every frame; summed up here by
conversation and by address they must be what skua says, packets and bytes each
way.  Frames that the two read differently are left out of both: fragments,
tunnels (innermost against outermost), link types that skua does not follow,
and what is malformed or cut; what ICMP errors quote is nobody's conversation.
"""
import collections
import glob
import json
import os
import subprocess
import sys

FIELDS = ["frame.number", "frame.len", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport",
          "udp.srcport", "udp.dstport", "frame.protocols"]
GOAL = 0.97


def tshark(path):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=\x1f", "-E", "occurrence=f"]
    for field in FIELDS:
        command += ["-e", field]
    for line in subprocess.run(command, capture_output=True).stdout.decode().splitlines():
        values = line.split("\x1f")
        if len(values) == len(FIELDS):
            yield dict(zip(FIELDS, values))


def sums(path):
    """By conversation and by address: [packets out, bytes out, packets in, bytes in]."""
    tables = collections.defaultdict(lambda: [0, 0, 0, 0])
    for frame in tshark(path):
        src, dst = frame["ip.src"] or frame["ipv6.src"], frame["ip.dst"] or frame["ipv6.dst"]
        if not src or (frame["ip.src"] and frame["ipv6.src"]):
            continue
        length = int(frame["frame.len"])
        for place, address in ((0, src), (2, dst)):
            tables["talkers", address][place] += 1
            tables["talkers", address][place + 1] += length
        for layer in ("tcp", "udp"):
            if not frame[layer + ".srcport"] or "icmp" in frame["frame.protocols"]:
                continue
            a, b = (src, frame[layer + ".srcport"]), (dst, frame[layer + ".dstport"])
            place = 0 if a <= b else 2
            tables[layer, min(a, b), max(a, b)][place] += 1
            tables[layer, min(a, b), max(a, b)][place + 1] += length
    return dict(tables)


def rows(skua, *command):
    done = subprocess.run([skua, *command], capture_output=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def ours(skua, path):
    tables = {}
    for layer in ("tcp", "udp"):
        for row in rows(skua, "conversations", "--no-tunnels", "--layer", layer, "--format", "json", path):
            a, b = (row["src_ip"], str(row["src_port"])), (row["dest_ip"], str(row["dest_port"]))
            counts = [row["packets_out"], row["bytes_out"], row["packets_in"], row["bytes_in"]]
            tables[layer, min(a, b), max(a, b)] = counts if a <= b else counts[2:] + counts[:2]
    for row in rows(skua, "talkers", "--no-tunnels", "--format", "json", path):
        tables["talkers", row["ip"]] = [row["packets_out"], row["bytes_out"], row["packets_in"], row["bytes_in"]]
    return tables


def main():
    skua, corpus, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    paths = sorted(p for p in glob.glob(corpus + "/**", recursive=True) if p.endswith((".pcap", ".pcapng", ".cap"))
                   and os.path.getsize(p) < 2_000_000 and (not names or any(n in p for n in names))
                   and "/malformed/" not in p and "/encapsulation/" not in p and "/formats/" not in p)
    equal, total, shown = collections.Counter(), collections.Counter(), []
    for path in paths:
        theirs, mine = sums(path), ours(skua, path)
        for key in theirs.keys() | mine.keys():
            total[key[0]] += 1
            equal[key[0]] += theirs.get(key) == mine.get(key)
            if theirs.get(key) != mine.get(key):
                shown.append("%s: %s: skua %s, tshark %s" % (os.path.relpath(path, corpus), key, mine.get(key), theirs.get(key)))
    for n, kind in enumerate(("tcp", "udp", "talkers"), 1):
        print("%s %d - %s: %d of %d rows are tshark's" % (
            "ok" if total[kind] and equal[kind] >= GOAL * total[kind] else "not ok", n, kind, equal[kind], total[kind]))
    for line in shown[:40]:
        print("# " + line[:220])
    print("%s 4 - %d captures were compared" % ("ok" if len(paths) >= 60 or names else "not ok", len(paths)))
    print("1..4")
    return any(equal[k] < GOAL * total[k] for k in total) or (len(paths) < 60 and not names)


sys.exit(main())
