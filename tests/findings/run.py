#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Replays generated scenarios and compares the findings with the generator's truth.

run.py OUT: each wrong thing of a scenario must be found under its kind and entities, and nothing
else may be; the same capture must give the same bytes again, compressed and through a pipe.
"""
import csv
import gzip
import hashlib
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import finish, ok  # noqa: E402

OUT = sys.argv[1]
SKUA, GEN, WORK = OUT + "/skua", OUT + "/skua-gen", OUT + "/findings"
SCENARIOS = ["demo", "benign", "scans", "beacons", "tunnels", "uploads", "datagrams", "odd"]
EVENTS = {"dnstunnel": "dns_exfil", "dns_exfil": "dns_exfil", "upload": "exfil", "exfil": "exfil"}


def replay(*arguments, **options):
    return subprocess.run([SKUA, "replay", "--format", "json", *arguments], capture_output=True, check=False, **options)


def findings_of(output):
    last = {}
    for line in output.decode().splitlines():
        record = json.loads(line)
        if "finding_id" in record:
            last[record["finding_id"]] = record
    return list(last.values())


def stats_of(output):
    return [json.loads(line)["stats"] for line in output.decode().splitlines() if '"event_type":"stats"' in line][-1]


def belongs(truth, finding):
    kind = finding["event_type"]
    if finding["src_ip"] != truth["src"]:
        return False
    if truth["kind"] == "scan" or truth["kind"] == "sweep":
        technique = finding.get("scan", {}).get("technique")
        return kind == "scan" and (technique if technique in ("icmp", "arp", "ns", "udp") else "tcp") == truth["proto"]
    if truth["kind"] == "beacon":
        return kind == "beacon" and finding.get("dest_ip", truth["dst"]) == truth["dst"]
    if truth["kind"] in ("dnstunnel", "dns_exfil"):
        # The tunnel's zone may lie below the registered domain; a slow one has a rhythm as well.
        found = finding.get(kind, {}).get("domain") or finding.get(kind, {}).get("entity") or finding.get(kind, {}).get("name")
        return kind in ("dns_exfil", "beacon") and ("." + truth["domain"]).endswith("." + str(found))
    if truth["kind"] in ("upload", "exfil", "icmptunnel", "ping"):
        # An upload in portions has a rhythm as well.
        return kind in ("exfil", "beacon") and finding.get("dest_ip") == truth["dst"]
    return False


def check_scenario(name):
    capture, truth_file = "%s/%s.pcap" % (WORK, name), "%s/%s.tsv" % (WORK, name)
    made = subprocess.run([GEN, "tests/scenarios/%s.scn" % name, "-o", capture, "--truth", truth_file],
                          capture_output=True, check=False)
    ok(made.returncode == 0, "%s: the capture is made" % name, made.stderr.decode())
    done = replay(capture)
    ok(done.returncode == 0, "%s: replay succeeds" % name, done.stderr.decode())
    with open("%s/%s.jsonl" % (WORK, name), "wb") as kept:  # for the schema's test
        kept.write(done.stdout)
    found = findings_of(done.stdout)
    with open(truth_file, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t")]
    claimed = set()
    for row in rows:
        mine = [f for f in found if belongs(row, f)]
        claimed |= {f["finding_id"] for f in mine}
        label = "%s: %s %s -> %s %s%s" % (name, row["kind"], row["src"], row["dst"], row["dport"], row["domain"])
        if row["expected"] == "alert":
            mine = [f for f in mine if f["event_type"] == EVENTS.get(row["kind"], f["event_type"])]
            ok(bool(mine), "found: " + label, "nothing")
        elif row["expected"] == "no-alert":
            ok(not mine, "silent: " + label, [f["reason"] for f in mine])
    loose = ["%.2f %s %s -> %s: %s" % (f["score"], f["event_type"], f["src_ip"], f.get("dest_ip"), f["reason"])
             for f in found if f["finding_id"] not in claimed]
    ok(not loose, "%s: nothing else is found" % name, loose)
    stats = stats_of(done.stdout)
    ok(stats["packets"] == stats["accounted"] + sum(stats["ignored"].values()) + sum(stats["lost"].values()),
       "%s: every packet is in one row of the accounting" % name, stats)
    return capture, done.stdout


def check_sameness(capture, output):
    ok(replay(capture).stdout == output, "the same capture gives the same bytes again")
    with open(capture, "rb") as plain, gzip.open(capture + ".gz", "wb", 1) as packed:
        packed.write(plain.read())
    ok(replay(capture + ".gz").stdout == output, "compressed too")
    with open(capture, "rb") as plain:
        ok(replay("-", stdin=plain).stdout == output, "and through a pipe")
    filtered = replay(capture, "host", "10.9.0.12")
    kinds = {f["event_type"] for f in findings_of(filtered.stdout)}
    ok(kinds == {"scan"}, "a filter leaves what it matches", kinds)
    table = subprocess.run([SKUA, "replay", "--format", "table", capture], capture_output=True, check=False)
    ok(table.stdout.startswith(b"SCORE") and len(table.stdout.splitlines()) >= 4, "a table has a row for each", table.stdout)
    ok(replay("--exit-on-findings", capture).returncode == 3, "findings can be an exit status")
    ok(replay("no-such.pcap").returncode == 2, "a file that is not there is an error of usage")
    ok(replay("README.md").returncode == 2, "so is one that is no capture")
    digest = hashlib.sha256(output).hexdigest()
    print("# sha256 of the demo's findings: " + digest)


os.makedirs(WORK, exist_ok=True)
demo = None
for scenario in SCENARIOS:
    result = check_scenario(scenario)
    demo = demo or result
check_sameness(*demo)
sys.exit(finish())
