#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Holds skua analyze to the recipe's definitions, computed anew from tshark's fields: analyze.py SKUA CORPUS [NAME...]

Twenty captures without what the two read in different ways (fragments, tunnels, cut or malformed
frames).  Every field of the report but the time of the analysis is compared, in its order.
"""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile

WANTED = 20
FIELDS = ["frame.number", "frame.time_epoch", "frame.len", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.dstport",
          "udp.dstport", "dns.flags.response", "dns.qry.name", "dns.qry.type", "_ws.col.Protocol", "frame.protocols",
          "frame.cap_len", "_ws.malformed", "ip.flags.mf", "ip.frag_offset", "frame.encap_type", "tcp.analysis.lost_segment",
          "tcp.analysis.retransmission"]


def tshark(path):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=\x1f", "-E", "aggregator=,"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, timeout=300)
    lines = [line.split("\x1f") for line in done.stdout.decode("utf-8", "replace").splitlines()]
    return [dict(zip(FIELDS, line)) for line in lines if len(line) == len(FIELDS)]


def is_plain(frame):
    return ("," not in frame["ip.src"] + frame["ipv6.src"] and not (frame["ip.src"] and frame["ipv6.src"])
            and frame["frame.len"] == frame["frame.cap_len"] and not frame["_ws.malformed"]
            and frame["ip.flags.mf"] in ("", "0", "False") and frame["ip.frag_offset"] in ("", "0")
            and frame["frame.encap_type"] == "1" and "icmp:ip" not in frame["frame.protocols"]
            and not ("tcp:dns" in frame["frame.protocols"] and
                     (frame["tcp.analysis.lost_segment"] or frame["tcp.analysis.retransmission"])))


def nanoseconds(text):
    whole, _, rest = text.partition(".")
    return int(whole) * 10**9 + int((rest + "0" * 9)[:9])


def report(frames):
    pairs, ports, times, queries = {}, collections.Counter(), {}, []
    for f in frames:
        src, dst = f["ip.src"] or f["ipv6.src"], f["ip.dst"] or f["ipv6.dst"]
        if f["ip.src"]:
            pair = pairs.setdefault(tuple(sorted((src, dst))), [0, 0])
            pair[0] += 1
            pair[1] += int(f["frame.len"])
        if f["tcp.dstport"]:
            ports["TCP/" + f["tcp.dstport"]] += 1
            times.setdefault((src, dst, int(f["tcp.dstport"])), []).append(nanoseconds(f["frame.time_epoch"]))
        elif f["udp.dstport"]:
            ports["UDP/" + f["udp.dstport"]] += 1
        if f["dns.flags.response"] in ("0", "False") and f["dns.qry.name"] and ":llmnr" not in f["frame.protocols"]:
            name = f["dns.qry.name"].split(",")[0]
            queries.append(("" if name == "<Root>" else name.lower(), int(f["dns.qry.type"].split(",")[0], 0), src))
    beacons = []
    for key, at in times.items():
        gaps = [(b - a) / 1e9 for a, b in zip(at, at[1:])]
        if len(at) < 5:
            continue
        mean = sum(gaps) / len(gaps)
        variance = sum((g - mean) ** 2 for g in gaps) / len(gaps)
        if variance < 5.0 and mean > 1:
            beacons.append((*key, round(mean, 2), round(variance, 4), len(at)))
    return {
        "total_packets": len(frames),
        "conversations": sorted(((*k, *v) for k, v in pairs.items()), key=lambda row: -row[3])[:50],
        "dns_queries": queries[:200],
        "potential_beacons": sorted(beacons, key=lambda row: row[4]),
        "protocol_distribution": ports.most_common(50),
    }


def ours(skua, path, folder):
    done = subprocess.run([skua, "analyze", path, folder], capture_output=True)
    with open(folder + "/pcap_forensic_report.json", encoding="utf-8") as file:
        said = json.load(file)
    assert list(said) == ["analysis_timestamp", "pcap_file", "total_packets", "conversations", "dns_queries",
                          "potential_beacons", "protocol_distribution"], list(said)
    assert said["pcap_file"] == path and len(done.stdout.splitlines()) == 4, done.stdout
    return {
        "total_packets": said["total_packets"],
        "conversations": [(c["src"], c["dst"], c["packets"], c["bytes"]) for c in said["conversations"]],
        "dns_queries": [(q["query"].lower(), q["type"], q["src"]) for q in said["dns_queries"]],
        "potential_beacons": [(b["src"], b["dst"], b["port"], b["avg_interval"], b["variance"], b["connection_count"])
                              for b in said["potential_beacons"]],
        "protocol_distribution": list(said["protocol_distribution"].items()),
    }


def is_same(field, a, b):
    if field != "potential_beacons":
        return a == b
    # Halves are rounded away from zero here, to even there; equal variances may change places.
    return len(a) == len(b) and all(
        x[:3] == y[:3] and x[5] == y[5] and abs(x[3] - y[3]) < 0.0101 and abs(x[4] - y[4]) < 0.000101
        for x, y in zip(sorted(a), sorted(b))) and [r[4] for r in b] == sorted(r[4] for r in b)


def main():
    skua, corpus, names = sys.argv[1], sys.argv[2], [a for a in sys.argv[3:] if not a.startswith("--")]
    paths = sorted(p for kind in ("beacon", "benign", "content", "dns-tunnel", "exfil", "scan")
                   for p in glob.glob(corpus + "/" + kind + "/*") if p.endswith((".pcap", ".pcapng"))
                   and os.path.getsize(p) < 1_000_000 and (not names or any(n in p for n in names)))
    tests = failed = with_beacons = with_queries = 0
    with tempfile.TemporaryDirectory() as folder:
        for path in paths[::2] + paths[1::2]:
            frames = tshark(path)
            if tests == WANTED or not frames or not all(map(is_plain, frames)):
                continue
            theirs, mine = report(frames), ours(skua, path, folder)
            wrong = [field for field in theirs if not is_same(field, theirs[field], mine[field])]
            tests += 1
            failed += bool(wrong)
            with_beacons += bool(theirs["potential_beacons"])
            with_queries += bool(theirs["dns_queries"])
            print("%s %d - %s: %d packets, the report is that of the definitions" % (
                "not ok" if wrong else "ok", tests, os.path.relpath(path, corpus), len(frames)))
            for field in wrong:
                print("# %s: skua %s" % (field, str([x for x in mine[field] if x not in theirs[field]][:3])))
                print("# %s: here %s" % (field, str([x for x in theirs[field] if x not in mine[field]][:3])))
    enough = names or (tests == WANTED and with_beacons >= 3 and with_queries >= 5)
    print("%s %d - %d captures were compared, %d have regular gaps, %d queries" % (
        "ok" if enough else "not ok", tests + 1, tests, with_beacons, with_queries))
    print("1..%d" % (tests + 1))
    return bool(failed) or not enough


sys.exit(main())
